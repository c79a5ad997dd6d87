"""Makers: each gives a thing in a state that the site itself can reach."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from campaigns import exclusions, lifecycle, paper, tally
from campaigns.models import Ending, Promise, ScheduledUpdate, Update
from petitions.models import (
    Account,
    Organizer,
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    PetitionTranslation,
    Role,
    Target,
    Topic,
)
from signatures.mail import manage_url, not_me_url
from signatures.models import Confirmation, Exclusion, Sheet, Signature
from signatures.models.sheet_rows import Line, stamp_of
from signatures.models.sources import Source
from signatures.tokens import Purpose, make_token

numbers = count(1)
PASSWORD = "a-long-enough-passphrase"


def make_account(*, email: str = "", role: Role | None = None) -> Account:
    number = next(numbers)
    account = Account.objects.create_user(
        email or f"account{number}@example.org", PASSWORD, f"Account {number}"
    )
    if role:
        account.give_role(role)
    return account


def make_staff() -> Account:
    return make_account(role=Role.STAFF)


def make_moderator() -> Account:
    return make_account(role=Role.MODERATOR)


def make_owner() -> Account:
    return make_account(role=Role.OWNER)


def make_organizer(*, name: str = "", member: Account | None = None) -> Organizer:
    number = next(numbers)
    organizer = Organizer.objects.create(
        name=name or f"Organizer {number}", slug=f"organizer-{number}"
    )
    if member:
        organizer.members.add(member)
    return organizer


def make_target(*, name: str = "", **fields: object) -> Target:
    number = next(numbers)
    return Target.objects.create(
        name=name or f"Target {number}", slug=f"target-{number}", **fields
    )


def make_topic(*, name: str = "") -> Topic:
    number = next(numbers)
    return Topic.objects.create(name=name or f"Topic {number}", slug=f"topic-{number}")


def make_draft(
    *,
    organizers: list[Organizer] | None = None,
    targets: list[Target] | None = None,
    topics: list[Topic] | None = None,
    **fields: object,
) -> Petition:
    number = next(numbers)
    words = {
        "slug": f"petition-{number}",
        "title": f"Petition {number}",
        "ask": "Keep the bridge open.",
        "story": "It is the only way over the river.",
    }
    petition = Petition.objects.create(**{**words, **fields})
    for position, organizer in enumerate(organizers or [make_organizer()]):
        PetitionOrganizer.objects.create(
            petition=petition, organizer=organizer, position=position
        )
    for position, target in enumerate(targets or []):
        PetitionTarget.objects.create(
            petition=petition, target=target, position=position
        )
    if topics:
        petition.topics.set(topics)
    return petition


def make_review(**fields: object) -> Petition:
    """A petition that waits for staff."""
    petition = make_draft(**fields)
    petition.submit()
    return petition


def make_petition(*, opened_at: datetime | None = None, **fields: object) -> Petition:
    """An open petition."""
    petition = make_draft(**fields)
    petition.open(by=None, at=opened_at)
    return petition


def make_closed_petition(**fields: object) -> Petition:
    petition = make_petition(**fields)
    petition.close(outcome="partly", reason="The council has agreed to talk.")
    return petition


def make_won_petition(**fields: object) -> Petition:
    petition = make_petition(**fields)
    petition.win(summary="The bridge stays open.", story="We did it together.")
    return petition


def make_hidden_petition(**fields: object) -> Petition:
    petition = make_petition(**fields)
    lifecycle.hide(petition, by=make_staff(), reason="It names a private person.")
    return petition


def make_rejected_petition(**fields: object) -> Petition:
    petition = make_draft(**fields)
    petition.reject(reason="It asks for what nobody can decide.")
    return petition


def make_translation(petition: Petition, **fields: object) -> PetitionTranslation:
    words = {
        "language": "es",
        "title": "El puente sigue abierto",
        "ask": "Mantengan abierto el puente.",
        "story": "Es el único paso sobre el río.",
    }
    return PetitionTranslation.objects.create(
        petition=petition, version=petition.current_version, **{**words, **fields}
    )


def make_signature(
    *, petition: Petition | None = None, email: str = "", **fields: object
) -> Signature:
    """A pending signature, as the sign form leaves it."""
    number = next(numbers)
    petition = petition or make_petition()
    key = Signature.objects.start(
        petition.slug,
        email=email or f"signer{number}@example.org",
        **{"name": f"Signer {number}", **fields},
    )
    assert key, "only an open petition takes signatures"
    signature = Signature.objects.get(key=key)
    signature.petition = petition
    return signature


def make_confirmed_signature(**fields: object) -> Signature:
    """A confirmed signature; its change still waits for the tally."""
    signature = make_signature(**fields)
    assert signature.confirm() is Confirmation.COUNTED
    return signature


def make_counted_signature(**fields: object) -> Signature:
    """A confirmed signature that stands in its petition's count."""
    signature = make_confirmed_signature(**fields)
    tally.fold()
    signature.petition.refresh_from_db()
    return signature


def make_update(
    petition: Petition, *, with_mail: bool = False, **fields: object
) -> Update:
    words = {"title": "The council listens", "body": "It was a good day."}
    update = Update(petition=petition, language="en", **{**words, **fields})
    update.post(by=make_staff(), with_mail=with_mail)
    return update


def make_scheduled_update(
    petition: Petition, *, by: Account | None = None, **fields: object
) -> ScheduledUpdate:
    """One that is due in an hour, unless another moment is given."""
    words = {"title": "The council meets", "body": "Come at six.", "language": "en"}
    words["post_at"] = timezone.now() + timedelta(hours=1)
    scheduled = ScheduledUpdate(petition=petition, **{**words, **fields})
    scheduled.schedule(by=by or make_staff())
    return scheduled


def sign_url(petition: Petition) -> str:
    return f"/petitions/{petition.slug}/sign/"


def confirm_url(signature: Signature) -> str:
    return f"/confirm/{make_token(signature.key, Purpose.CONFIRM)}/"


def signed_url(signature: Signature) -> str:
    return f"/signed/{make_token(signature.key, Purpose.SIGNED)}/"


def my_signature_url(signature: Signature) -> str:
    return _path(manage_url(signature))


def not_me_path(signature: Signature) -> str:
    return _path(not_me_url(signature))


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def make_ending(
    petition: Petition, *, kind: str = "closed", with_mail: bool = True
) -> Ending:
    """A petition that closed or won, as staff do it in the admin."""
    if kind == "won":
        words = {"summary": "The bridge stays open.", "story": "We *did* it."}
        lifecycle.declare_victory(
            petition, by=make_staff(), with_mail=with_mail, **words
        )
    else:
        words = {"outcome": "partly", "reason": "The council has agreed to talk."}
        lifecycle.close(petition, by=make_staff(), with_mail=with_mail, **words)
    return Ending.objects.get(petition=petition, kind=kind)


def make_held_signature(**fields: object) -> Signature:
    """A pending signature that waits for staff."""
    source = Source(must_be_held=True, score=60, signs="trap", network_key="f" * 32)
    return make_signature(**{"source": source, **fields})


def make_exclusion(*, reason: str = "Made by a machine.", **conditions) -> Exclusion:
    """One that has begun; a worker has not come to it yet."""
    exclusion = Exclusion(reason=reason, **conditions)
    exclusions.begin(exclusion, by=make_staff())
    return exclusion


def make_done_exclusion(**conditions: object) -> Exclusion:
    exclusion = make_exclusion(**conditions)
    while exclusions.work():
        pass
    exclusion.refresh_from_db()
    return exclusion


def make_sheet(
    petition: Petition | None = None, lines: list[Line] | None = None
) -> Sheet:
    """A printed sheet; with lines, those are typed in."""
    petition = petition or make_petition()
    after = Sheet.objects.for_petition(petition).last_number()
    [sheet] = paper.print_sheets(petition, 1, after=after, by=make_staff())
    sheet.petition = petition
    if lines:
        type_in(sheet, lines)
    return sheet


def type_in(sheet: Sheet, lines: list[Line]) -> None:
    if sheet.written is None:
        sheet.set_written(len(lines))
    sheet.fill(dict(enumerate(lines, 1)), seen=stamp_of(sheet.row_list))


def make_counted_sheet(petition: Petition | None = None, lines=None) -> Sheet:
    """A sheet whose signatures stand in its petition's count."""
    sheet = make_sheet(petition, lines or [Line("Ana Quispe"), Line("Bo Vance")])
    assert paper.count_sheet(sheet, by=make_staff())
    tally.fold()
    sheet.petition.refresh_from_db()
    return sheet


def make_promise(petition: Petition | None = None, **fields: object) -> Promise:
    """What was promised when a petition closed; its day has come."""
    petition = petition or make_closed_petition()
    promise = {"text": "Two new boats.", "due_on": timezone.localdate()}
    return Promise.objects.create(petition=petition, **{**promise, **fields})


def make_amended(petition: Petition, *, ask: str = "Keep both bridges open.") -> None:
    """Give it new words, which its signers have not been told of."""
    petition.ask = ask
    lifecycle.revise(petition, by=make_staff(), reason="There are two of them.")
