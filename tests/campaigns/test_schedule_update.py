"""Updates that a worker posts at their time, and what organizers do to them before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle
from campaigns.models import Event, EventKind, ScheduledUpdate, Update
from petitions.models import Account, Petition
from tests.campaigns.admin_forms import events, update_form
from tests.campaigns.sent_mail import make_asking, receivers
from tests.makers import (
    make_account,
    make_organizer,
    make_petition,
    make_scheduled_update,
    make_staff,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
LIST = "/admin/campaigns/scheduledupdate/"


def in_days(number: float) -> datetime:
    return timezone.now() + timedelta(days=number)


def typed(moment: datetime) -> dict[str, str]:
    """In the two fields of the form, in the zone of the site."""
    here = timezone.localtime(moment)
    return {"post_at_0": f"{here:%Y-%m-%d}", "post_at_1": f"{here:%H:%M}"}


def make_own(account: Account) -> Petition:
    return make_petition(organizers=[make_organizer(name="Rosa", member=account)])


def page_of(scheduled: ScheduledUpdate) -> str:
    return f"{LIST}{scheduled.pk}/change/"


# What a worker does


def test_a_scheduled_update_is_posted_at_its_time_and_mailed(client: Client) -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    scheduled = make_scheduled_update(petition, with_mail=True)

    before = ScheduledUpdate.objects.post_due()
    page = client.get(petition.get_absolute_url()).content
    ScheduledUpdate.objects.update(post_at=timezone.now())
    after = ScheduledUpdate.objects.post_due()

    assert (before, after) == (0, 1)
    assert b"The council meets" not in page
    update = Update.objects.get()
    assert (update.key, update.posted_by) == (scheduled.key, scheduled.by)
    assert b"The council meets" in client.get(petition.get_absolute_url()).content
    assert receivers() == ["ada@example.org"]
    assert not ScheduledUpdate.objects.exists()


def test_what_is_due_is_posted_in_its_order() -> None:
    petition = make_petition()
    for minutes in (1, 3, 2):
        moment = timezone.now() - timedelta(minutes=minutes)
        make_scheduled_update(petition, title=f"{minutes} ago", post_at=moment)

    assert ScheduledUpdate.objects.post_due() == 3

    titles = Update.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["3 ago", "2 ago", "1 ago"]


def test_nothing_is_posted_where_the_petition_is_not_public() -> None:
    petition = make_petition()
    scheduled = make_scheduled_update(petition, post_at=timezone.now())
    lifecycle.hide(petition, by=make_staff(), reason="It names a private person.")

    assert ScheduledUpdate.objects.post_due() == 1
    assert ScheduledUpdate.objects.post_due() == 0

    scheduled.refresh_from_db()
    assert scheduled.failed_at
    assert scheduled.failed_because == "not_public"
    assert not Update.objects.exists()


def leave(petition: Petition, account: Account) -> None:
    petition.organizers.get().members.clear()


def lose_account(petition: Petition, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)


def give_way(petition: Petition, account: Account) -> None:
    """Run it on with others, and not in the name that was to stand there."""
    petition.petitionorganizer_set.update(organizer=make_organizer(member=account))


@pytest.mark.parametrize("change", [leave, lose_account, give_way])
def test_nothing_is_posted_for_who_does_not_run_the_petition_any_more(
    rosa: Account, change: Callable[[Petition, Account], None]
) -> None:
    petition = make_own(rosa)
    own = {"by": rosa, "organizer": petition.organizers.get()}
    scheduled = make_scheduled_update(petition, post_at=timezone.now(), **own)
    change(petition, rosa)

    ScheduledUpdate.objects.post_due()

    scheduled.refresh_from_db()
    assert scheduled.failed_because == "not_theirs"
    assert not Update.objects.exists()


def test_a_fourth_in_a_week_is_posted_and_not_mailed(log_in: LogIn) -> None:
    petition = make_petition()
    make_asking(petition)
    make_scheduled_update(petition, with_mail=True, post_at=timezone.now())
    for _ in range(3):
        make_update(petition, with_mail=True)

    ScheduledUpdate.objects.post_due()

    update = Update.objects.get(title="The council meets")
    assert update.mail_left_out
    page = log_in(make_staff()).get(f"/admin/campaigns/update/{update.pk}/change/")
    assert b"as many updates as may be mailed in a week" in page.content


# What organizers do


def test_an_organizer_schedules_an_update(log_in: LogIn, rosa: Account) -> None:
    petition, moment = make_own(rosa), in_days(2)

    response = log_in(rosa).post(
        "/admin/campaigns/update/add/",
        update_form(petition, post="1", **typed(moment)),
        follow=True,
    )

    scheduled = ScheduledUpdate.objects.get()
    assert abs(scheduled.post_at - moment) < timedelta(minutes=1)
    assert (scheduled.by, scheduled.with_mail, scheduled.title) == (
        *(rosa, True, "Good news"),
    )
    assert not Update.objects.exists()
    assert b"It will be posted on" in response.content
    assert b"Good news" in response.content
    [(kind, note)] = events()
    assert (kind, note[-11:]) == ("scheduled", ": Good news")


def test_pressed_twice_it_is_scheduled_once(log_in: LogIn, rosa: Account) -> None:
    form = update_form(make_own(rosa), post="1", **typed(in_days(2)))
    client = log_in(rosa)

    answers = [client.post("/admin/campaigns/update/add/", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ScheduledUpdate.objects.count() == 1


ADD = "/admin/campaigns/update/add/"
THIS_BEFORE = b"What you wrote on this page before has been posted or scheduled"


@pytest.mark.parametrize("before", [{}, typed(in_days(1))])
@pytest.mark.parametrize("then", [{}, typed(in_days(2))])
def test_who_goes_back_and_writes_another_is_told_and_can_post_it(
    log_in: LogIn, rosa: Account, before: dict[str, str], then: dict[str, str]
) -> None:
    petition, client = make_own(rosa), log_in(rosa)
    form = update_form(petition, post="1", **before)
    client.post(ADD, form)

    other = {**update_form(petition, post="1", **then), "title": "One more"}
    answer = client.post(ADD, {**other, "key": form["key"]})
    if answer.status_code == 200:
        assert THIS_BEFORE in answer.content
        client.post(ADD, {**other, "key": answer.context["form"]["key"].value()})
    if before:
        ScheduledUpdate.objects.filter(title="Good news").update(post_at=timezone.now())
    ScheduledUpdate.objects.filter(title="One more").update(post_at=timezone.now())
    ScheduledUpdate.objects.post_due()

    titles = set(Update.objects.values_list("title", flat=True))
    is_instead = before and not then  # posted now what was to be posted later
    assert titles == ({"One more"} if is_instead else {"Good news", "One more"})


@pytest.mark.parametrize(
    "when",
    [
        {"post_at_0": "2020-01-01", "post_at_1": "10:00"},
        {"post_at_0": "9999-12-31", "post_at_1": "10:00"},
        {"post_at_0": "2030-02-30", "post_at_1": "10:00"},
        {"post_at_0": "", "post_at_1": "10:00"},
        {"post_at_0": "x", "post_at_1": "\0"},
        {"post_at_0": "2027-03-28", "post_at_1": "02:30"},  # the clocks go forward
        {"post_at_0": "2027-10-31", "post_at_1": "02:30"},  # and back
    ],
)
def test_a_moment_that_cannot_be_is_an_error_at_its_field(
    log_in: LogIn, rosa: Account, when: dict[str, str], settings, time_machine
) -> None:
    settings.TIME_ZONE = "Europe/Madrid"
    time_machine.move_to("2026-12-01T12:00:00Z")
    form = update_form(make_own(rosa), post="1", **when)

    response = log_in(rosa).post("/admin/campaigns/update/add/", form)

    assert list(response.context["form"].errors) == ["post_at"]
    assert not ScheduledUpdate.objects.exists()
    assert not Update.objects.exists()


def test_it_is_changed_before_its_time(log_in: LogIn, rosa: Account) -> None:
    petition = make_own(rosa)
    scheduled = make_scheduled_update(petition)  # by staff
    client, moment = log_in(rosa), in_days(3)

    page = client.get(page_of(scheduled))
    form = update_form(petition, post="1", key=str(uuid4()), **typed(moment))
    client.post(page_of(scheduled), form)

    assert b"Come at six." in page.content
    assert f"{scheduled.pk}/take-back/do/".encode() in page.content
    changed = ScheduledUpdate.objects.get()
    assert (changed.pk, changed.key, changed.title, changed.by) == (
        *(scheduled.pk, scheduled.key, "Good news", rosa),
    )
    assert abs(changed.post_at - moment) < timedelta(minutes=1)


def test_without_a_moment_it_is_posted_at_once(log_in: LogIn, rosa: Account) -> None:
    petition = make_own(rosa)
    scheduled = make_scheduled_update(petition, by=rosa)

    log_in(rosa).post(page_of(scheduled), update_form(petition, post="1"))

    assert Update.objects.get().key == scheduled.key
    assert not ScheduledUpdate.objects.exists()


def test_what_could_not_be_posted_says_why_and_gets_another_day(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa)
    scheduled = make_scheduled_update(petition, by=rosa)
    failed = {"failed_at": timezone.now(), "failed_because": "not_public"}
    ScheduledUpdate.objects.update(**failed)
    client = log_in(rosa)

    pages = [client.get(LIST), client.get(page_of(scheduled))]
    form = update_form(petition, post="1", **typed(in_days(1)))
    client.post(page_of(scheduled), form)

    for page in pages:
        assert b"The petition was not public at that time." in page.content
    scheduled.refresh_from_db()
    assert (scheduled.failed_at, scheduled.failed_because) == (None, "")


def test_who_still_edits_what_has_been_posted_is_told(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa)
    scheduled = make_scheduled_update(petition, by=rosa, post_at=timezone.now())
    ScheduledUpdate.objects.post_due()

    form = update_form(petition, post="1", **typed(in_days(1)))
    answer = log_in(rosa).post(page_of(scheduled), form, follow=True)

    assert b"It has been posted or taken back meanwhile." in answer.content
    assert Update.objects.get().title == "The council meets"
    assert not ScheduledUpdate.objects.exists()


def test_it_is_taken_back(log_in: LogIn, rosa: Account) -> None:
    scheduled = make_scheduled_update(make_own(rosa), by=rosa)
    client = log_in(rosa)

    answers = [client.post(f"{LIST}{scheduled.pk}/take-back/do/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 404]
    assert not ScheduledUpdate.objects.exists()
    assert Event.objects.filter(kind=EventKind.UNSCHEDULED).count() == 1


def test_what_has_been_posted_meanwhile_is_not_changed(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa)
    scheduled = make_scheduled_update(petition, by=rosa)
    words = {"post_at": in_days(1), "title": "Later"}

    ScheduledUpdate.objects.update(post_at=timezone.now())
    ScheduledUpdate.objects.post_due()

    assert not scheduled.change(by=rosa, **words)
    assert not scheduled.take_back(by=rosa)
    assert Update.objects.get().title == "The council meets"


@pytest.mark.parametrize("page", ["change/", "take-back/do/", "history/"])
def test_anothers_is_not_there(log_in: LogIn, rosa: Account, page: str) -> None:
    scheduled = make_scheduled_update(make_own(make_account()))
    client = log_in(rosa)
    address = f"{LIST}{scheduled.pk}/{page}"

    answers = [client.get(address), client.post(address, {"post": "1"})]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not any(b"Come at six." in answer.content for answer in answers)
    assert ScheduledUpdate.objects.filter(pk=scheduled.pk).exists()


def test_mails_that_are_to_come_count_for_the_week(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa)
    for days in (1, 2, 3):
        make_scheduled_update(petition, with_mail=True, post_at=in_days(days))

    response = log_in(rosa).post(
        "/admin/campaigns/update/add/",
        update_form(petition, post="1", **typed(in_days(4))),
    )

    assert list(response.context["form"].errors) == ["with_mail"]
    assert ScheduledUpdate.objects.count() == 3


def test_one_of_three_to_be_mailed_in_a_week_gets_another_day(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa)
    make_scheduled_update(petition, with_mail=False, post_at=in_days(1))
    for days in (1, 2, 3):
        scheduled = make_scheduled_update(
            petition, with_mail=True, post_at=in_days(days)
        )

    form = update_form(petition, post="1", **typed(in_days(4)))
    log_in(rosa).post(page_of(scheduled), form)

    scheduled.refresh_from_db()
    assert scheduled.title == "Good news"
