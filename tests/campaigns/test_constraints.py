"""The database refuses what must never be true."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from campaigns import lifecycle
from campaigns.models import (
    Amendment,
    AmendmentMail,
    ChannelCount,
    DailyCount,
    Ending,
    EndingMail,
    Event,
    HourlyCount,
    Milestone,
    PlaceCount,
    TownCount,
    Update,
    UpdateMail,
)
from signatures.models import Signature
from tests.campaigns.refused_answers import OF_ANSWERS
from tests.campaigns.refused_drafts import OF_DRAFTS
from tests.campaigns.refused_mailings import OF_MAILINGS
from tests.campaigns.refused_reports import OF_REPORTS
from tests.makers import (
    make_amended,
    make_confirmed_signature,
    make_ending,
    make_petition,
    make_promise,
    make_staff,
    make_update,
)

pytestmark = pytest.mark.django_db


def an_event_of_no_kind() -> None:
    Event.objects.create(petition=make_petition(), kind="dreamt", by=None)


def a_milestone_twice() -> None:
    petition = make_petition()
    for _ in range(2):
        Milestone.objects.create(petition=petition, threshold=10)


def a_milestone_at_nought() -> None:
    Milestone.objects.create(petition=make_petition(), threshold=0)


def a_day_twice() -> None:
    petition = make_petition()
    for _ in range(2):
        DailyCount.objects.create(petition=petition, day=date(2026, 3, 9), count=1)


def a_country_twice() -> None:
    petition = make_petition()
    for _ in range(2):
        PlaceCount.objects.create(petition=petition, country="", count=1)


def an_hour_twice() -> None:
    petition = make_petition()
    hour = datetime(2026, 3, 9, 14, tzinfo=UTC)
    for _ in range(2):
        HourlyCount.objects.create(petition=petition, hour_at=hour, count=1)


def a_place_twice() -> None:
    petition = make_petition()
    for _ in range(2):
        TownCount.objects.create(petition=petition, place="Larkhaven", count=5)


def a_place_of_few() -> None:
    TownCount.objects.create(petition=make_petition(), place="Larkhaven", count=4)


def a_channel_twice() -> None:
    petition = make_petition()
    for _ in range(2):
        ChannelCount.objects.create(petition=petition, via="wa", count=1)


def an_update_of_no_kind() -> None:
    make_update(make_petition(), kind="rumour")


def an_update_queued_but_not_due() -> None:
    make_update(make_petition())
    Update.objects.update(mail_queued_at=timezone.now())


def one_update_mailed_twice_to_one_signer() -> None:
    signature = make_confirmed_signature()
    update = make_update(signature.petition)
    for _ in range(2):
        UpdateMail.objects.create(update=update, signature=signature)


def an_ending_of_no_kind() -> None:
    Ending.objects.create(petition=make_petition(), kind="dissolved")


def an_ending_twice() -> None:
    petition = make_petition()
    for _ in range(2):
        Ending.objects.create(petition=petition, kind="closed")


def an_ending_queued_but_not_due() -> None:
    make_ending(make_petition(), with_mail=False)
    Ending.objects.update(mail_queued_at=timezone.now())


def one_ending_mailed_twice_to_one_signer() -> None:
    signature = make_confirmed_signature()
    ending = make_ending(signature.petition)
    for _ in range(2):
        EndingMail.objects.create(ending=ending, signature=signature)


def a_mail_of_an_ending_sent_and_given_up() -> None:
    signature = make_confirmed_signature()
    ending = make_ending(signature.petition)
    now = timezone.now()
    EndingMail.objects.create(
        ending=ending, signature=signature, sent_at=now, dead_at=now
    )


def a_mail_both_sent_and_given_up() -> None:
    signature = make_confirmed_signature()
    update = make_update(signature.petition)
    now = timezone.now()
    UpdateMail.objects.create(
        update=update, signature=signature, sent_at=now, dead_at=now
    )


def make_amendment() -> Amendment:
    petition = make_confirmed_signature().petition
    make_amended(petition)
    lifecycle.tell_signers(petition, by=make_staff())
    return Amendment.objects.get()


def an_amendment_queued_but_not_due() -> None:
    make_amendment()
    Amendment.objects.update(mail_due_at=None, mail_queued_at=timezone.now())


def an_amendment_done_but_not_due() -> None:
    make_amendment()
    Amendment.objects.update(mail_due_at=None, mail_done_at=timezone.now())


def one_amendment_mailed_twice_to_one_signer() -> None:
    amendment, signature = make_amendment(), Signature.objects.get()
    for _ in range(2):
        AmendmentMail.objects.create(amendment=amendment, signature=signature)


def a_mail_of_an_amendment_sent_and_given_up() -> None:
    make_amendment().queue_mails()
    now = timezone.now()
    AmendmentMail.objects.update(sent_at=now, dead_at=now)


def a_promise_answered_with_nonsense() -> None:
    make_promise(answer="maybe", answered_at=timezone.now())


def a_promise_answered_at_no_time() -> None:
    make_promise(answer="kept")


ATTEMPTS: dict[str, Callable[[], None]] = {
    **OF_ANSWERS,
    **OF_DRAFTS,
    **OF_REPORTS,
    **OF_MAILINGS,
    "amendment_mail_queued_only_when_due": an_amendment_queued_but_not_due,
    "amendment_mail_stopped_or_done_only_when_due": an_amendment_done_but_not_due,
    "amendment_mailed_once_to_each_signer": one_amendment_mailed_twice_to_one_signer,
    "amendmentmail_is_sent_or_dead_not_both": a_mail_of_an_amendment_sent_and_given_up,
    "promise_answer_is_known": a_promise_answered_with_nonsense,
    "promise_answered_at_when_answered": a_promise_answered_at_no_time,
    "event_kind_is_known": an_event_of_no_kind,
    "milestone_reached_once": a_milestone_twice,
    "milestone_threshold_is_positive": a_milestone_at_nought,
    "daily_count_once_a_day": a_day_twice,
    "place_count_once_a_country": a_country_twice,
    "channel_count_once_a_channel": a_channel_twice,
    "hourly_count_once_an_hour": an_hour_twice,
    "town_count_once_a_place": a_place_twice,
    "town_count_is_not_of_few": a_place_of_few,
    "ending_kind_is_known": an_ending_of_no_kind,
    "ending_once_of_each_kind": an_ending_twice,
    "ending_mail_queued_only_when_due": an_ending_queued_but_not_due,
    "ending_mailed_once_to_each_signer": one_ending_mailed_twice_to_one_signer,
    "endingmail_is_sent_or_dead_not_both": a_mail_of_an_ending_sent_and_given_up,
    "update_kind_is_known": an_update_of_no_kind,
    "update_mail_queued_only_when_due": an_update_queued_but_not_due,
    "update_mailed_once_to_each_signer": one_update_mailed_twice_to_one_signer,
    "updatemail_is_sent_or_dead_not_both": a_mail_both_sent_and_given_up,
}
DECLARED: dict[str, models.BaseConstraint] = {
    constraint.name: constraint
    for model in apps.get_app_config("campaigns").get_models()
    for constraint in model._meta.constraints
}


def test_every_constraint_is_tried() -> None:
    assert sorted(ATTEMPTS) == sorted(DECLARED)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_what_must_never_be_true_is_refused(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ATTEMPTS[name]()

    is_named = connection.vendor == "postgresql" or isinstance(
        DECLARED[name], models.CheckConstraint
    )  # SQLite names the columns of what must be unique
    assert not is_named or name in str(refused.value)
