"""What the database refuses of mailings and of updates that are to be posted."""

from collections.abc import Callable

from django.utils import timezone

from campaigns.models import Ending, Update
from tests.makers import (
    make_ending,
    make_petition,
    make_scheduled_update,
    make_update,
)


def an_update_stopped_but_not_due() -> None:
    make_update(make_petition())
    Update.objects.update(mail_stopped_at=timezone.now())


def an_ending_done_but_not_due() -> None:
    make_ending(make_petition(), with_mail=False)
    Ending.objects.update(mail_done_at=timezone.now())


def a_scheduled_update_of_no_kind() -> None:
    make_scheduled_update(make_petition(), kind="rumour")


def a_scheduled_update_that_failed_without_a_cause() -> None:
    make_scheduled_update(make_petition(), failed_at=timezone.now())


OF_MAILINGS: dict[str, Callable[[], None]] = {
    "update_mail_stopped_or_done_only_when_due": an_update_stopped_but_not_due,
    "ending_mail_stopped_or_done_only_when_due": an_ending_done_but_not_due,
    "scheduled_update_kind_is_known": a_scheduled_update_of_no_kind,
    "scheduled_update_failed_because_of_something_known": (
        a_scheduled_update_that_failed_without_a_cause
    ),
}
