"""Mail to those who are not signers, built when it is sent.

Each kind has a writer: it looks at what the notice is about as it is now, and gives the
mail, or None where nobody needs it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.core.mail import EmailMessage

from campaigns.models import Notice, NoticeKind
from petitions.models import Account, Petition
from signatures.letters import Letter
from signatures.tokens import NO_KEY

Writer = Callable[[Notice], EmailMessage | None]
WRITERS: dict[str, Writer] = {}
ABOUT = ["petition", "account", "draft", "answer", "invitation", "promise", "event"]


def written_by(*kinds: NoticeKind) -> Callable[[Writer], Writer]:
    """Make a function the writer of these kinds."""

    def register(writer: Writer) -> Writer:
        WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return register


def to_people(notices: Sequence[Notice]) -> Iterator[EmailMessage | None]:
    found = Notice.objects.select_related(*ABOUT).in_bulk([one.pk for one in notices])
    for notice in notices:
        yield WRITERS[notice.kind](found[notice.pk]) if notice.pk in found else None


def queue_to_organizers(
    kind: NoticeKind, petition: Petition, **about: object
) -> list[Notice]:
    """Write one down for each account that runs the petition now."""
    members = Account.objects.filter(organizers__petitions=petition, is_active=True)
    return Notice.objects.bulk_create(
        Notice(kind=kind, petition=petition, account=account, **about)
        for account in members.distinct()
    )


def letter_to(
    address: str, name: str, context: dict[str, object], language: str
) -> EmailMessage:
    """The words of templates/mail/<name>, for one reader."""
    return Letter(name, context, language=language).to(address, NO_KEY)
