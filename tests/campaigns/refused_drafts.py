"""What the database refuses of petitions that are being started, and of notices."""

from collections.abc import Callable

from django.utils import timezone

from campaigns.models import Draft, Notice, NoticeKind
from tests.makers import make_petition, make_staff


def a_draft_sent_to_nobody() -> None:
    Draft.objects.create(language="en", sent_at=timezone.now())


def a_draft_confirmed_without_a_petition() -> None:
    Draft.objects.create(language="en", confirmed_at=timezone.now())


def a_notice_of_no_kind() -> None:
    Notice.objects.create(kind="rumour", account=make_staff())


def a_notice_to_nobody() -> None:
    Notice.objects.create(kind=NoticeKind.OPENED, petition=make_petition())


def a_notice_both_sent_and_given_up() -> None:
    now = timezone.now()
    account = make_staff()
    Notice.objects.create(
        kind=NoticeKind.OPENED, account=account, sent_at=now, dead_at=now
    )


OF_DRAFTS: dict[str, Callable[[], None]] = {
    "draft_sent_with_address": a_draft_sent_to_nobody,
    "draft_confirmed_is_a_petition": a_draft_confirmed_without_a_petition,
    "notice_kind_is_known": a_notice_of_no_kind,
    "notice_goes_to_one": a_notice_to_nobody,
    "notice_is_sent_or_dead_not_both": a_notice_both_sent_and_given_up,
}
