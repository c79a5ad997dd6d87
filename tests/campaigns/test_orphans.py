"""Nobody runs an open petition any more: its organizers are asked, then it closes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle, orphans, worker
from campaigns.models import Ending, Event, EventKind, Notice, Silence
from petitions.models import Account, Petition, Role
from tests.campaigns.sent_mail import html_of, make_asking
from tests.makers import make_account, make_organizer, make_petition, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def days_ago(days: int) -> object:
    return timezone.now() - timedelta(days=days)


def make_member(email: str, *, seen: int | None = 300) -> Account:
    """Somebody who logged in last so many days ago."""
    account = make_account(email=email, role=Role.ORGANIZER)
    Account.objects.filter(pk=account.pk).update(
        joined_at=days_ago(400), last_login=seen and days_ago(seen)
    )
    return account


@pytest.fixture
def rosa() -> Account:
    return make_member("rosa@example.org")


@pytest.fixture
def ben() -> Account:
    return make_member("ben@example.org")


@pytest.fixture
def petition(rosa: Account, ben: Account) -> Petition:
    """Rosa's, with Ben behind her, opened long ago."""
    return make_petition(
        title="Open the well",
        opened_at=days_ago(390),
        organizers=[make_organizer(member=rosa), make_organizer(member=ben)],
    )


def asked() -> list[list[str]]:
    """Who gets a mail today."""
    mail.outbox.clear()
    worker.do_daily()
    worker.send_all_mail()
    return sorted(one.to for one in mail.outbox if "there?" in one.subject)


def a_month_later(moment: str = "asked_at") -> None:
    Silence.objects.update(**{moment: days_ago(31)})


def write_event_now(account: Account, petition: Petition) -> None:
    Event.objects.record(EventKind.EDITED, petition, by=account)


def log_in_now(account: Account, _petition: Petition) -> None:
    Account.objects.filter(pk=account.pk).update(last_login=timezone.now())


def test_a_silent_organizer_is_asked_once_with_a_link(petition: Petition) -> None:
    assert asked() == [["rosa@example.org"]]
    (message,) = mail.outbox
    assert asked() == []

    link = f"/admin/petitions/petition/{petition.pk}/still-ours/"
    for said in (message.body, html_of(message)):
        assert link in said
        assert "Open the well" in said
    assert [one.kind for one in Event.objects.all()] == ["organizers_asked"]
    assert petition.is_open


@pytest.mark.parametrize(
    "change",
    [
        lambda it, rosa: log_in_now(rosa, it),
        lambda it, rosa: write_event_now(rosa, it),
        lambda it, rosa: log_in_now(Account.objects.get(email="ben@example.org"), it),
        lambda it, rosa: write_event_now(
            Account.objects.get(email="ben@example.org"), it
        ),
        lambda it, rosa: Account.objects.update(joined_at=days_ago(10)),
        lambda it, rosa: Petition.objects.update(opened_at=days_ago(170)),
        lambda it, rosa: it.close(outcome="lost", reason="No."),
        lambda it, rosa: Account.objects.update(is_active=False),
    ],
    ids=[
        *("logged in", "acted", "another logged in", "another acted", "new account"),
        *("just opened", "closed", "shut out"),
    ],
)
def test_who_is_not_silent_or_has_nothing_to_answer_for_is_not_asked(
    petition: Petition, rosa: Account, change: Callable[..., object]
) -> None:
    change(petition, rosa)

    assert asked() == []
    assert not Silence.objects.exists()


def test_a_petition_without_any_account_is_left_to_staff() -> None:
    make_petition(opened_at=days_ago(390))

    assert asked() == []
    assert not Silence.objects.exists()


def test_where_the_first_has_no_account_the_next_is_the_first(ben: Account) -> None:
    make_petition(
        opened_at=days_ago(390),
        organizers=[make_organizer(), make_organizer(member=ben)],
    )

    assert asked() == [["ben@example.org"]]


def test_nobody_is_asked_where_the_site_does_not_want_it(
    petition: Petition, settings
) -> None:
    settings.ORPHANED_AFTER = timedelta(0)

    assert asked() == []


def test_after_a_month_the_others_are_asked_and_then_it_closes(
    petition: Petition,
) -> None:
    signer = make_asking(petition)
    asked()
    a_month_later()

    assert asked() == [["ben@example.org"]]
    assert asked() == []
    a_month_later("others_asked_at")
    asked()

    petition.refresh_from_db()
    assert (petition.state, petition.outcome) == ("closed", "out_of_time")
    assert "not been heard of" in petition.closing_reason
    assert [one.to for one in mail.outbox] == [[signer.email]]
    closed = Event.objects.latest("pk")
    assert (closed.kind, closed.by) == ("closed", None)
    assert Ending.objects.get().petition == petition
    assert not Silence.objects.exists()
    page = Client().get(petition.get_absolute_url()).content.decode()
    assert "not been heard of" in page


def test_with_nobody_else_it_takes_as_long(rosa: Account) -> None:
    petition = make_petition(
        opened_at=days_ago(390), organizers=[make_organizer(member=rosa)]
    )
    asked()
    a_month_later()
    assert asked() == []
    petition.refresh_from_db()
    assert petition.is_open
    a_month_later("others_asked_at")
    asked()

    petition.refresh_from_db()
    assert petition.state == "closed"


@pytest.mark.parametrize("act", [log_in_now, write_event_now])
@pytest.mark.parametrize("who", ["rosa", "ben"])
def test_whoever_is_heard_of_ends_the_silence(
    petition: Petition, request, act: Callable[..., None], who: str
) -> None:
    asked()
    a_month_later()
    asked()
    a_month_later("others_asked_at")

    act(request.getfixturevalue(who), petition)

    assert asked() == []
    petition.refresh_from_db()
    assert petition.is_open
    assert not Silence.objects.exists()


def test_an_act_of_staff_does_not_speak_for_the_organizers(petition: Petition) -> None:
    asked()
    a_month_later()

    write_event_now(make_staff(), petition)

    assert asked() == [["ben@example.org"]]


def test_the_button_says_that_it_is_still_theirs(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    asked()
    client = log_in(rosa)
    Account.objects.filter(pk=rosa.pk).update(last_login=days_ago(300))
    url = f"/admin/petitions/petition/{petition.pk}/still-ours/"

    assert 'value="Still ours"' in client.get(url).content.decode()
    assert Silence.objects.exists()
    assert client.post(url).status_code == 302
    assert "nothing to do" in client.get(url).content.decode()

    assert not Silence.objects.exists()
    event = Event.objects.latest("pk")
    assert (event.kind, event.by) == ("still_there", rosa)
    assert asked() == []


def test_where_staff_say_that_somebody_is_there_nobody_is_asked_the_next_day(
    petition: Petition,
) -> None:
    asked()
    orphans.still_there(petition, by=make_staff())

    assert asked() == []


def test_a_petition_that_was_hidden_for_a_while_is_not_asked_about_again(
    petition: Petition,
) -> None:
    asked()
    lifecycle.hide(petition, by=make_staff(), reason="X.")
    asked()
    lifecycle.restore(petition, by=make_staff(), reason="X.")

    assert asked() == []
    assert not Silence.objects.exists()


def test_the_button_pressed_twice_or_by_who_was_not_asked_says_nothing_more(
    petition: Petition, rosa: Account
) -> None:
    orphans.still_there(petition, by=rosa)
    assert not Event.objects.exists()
    orphans.look_after()

    for _press in range(2):
        orphans.still_there(petition, by=rosa)

    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["organizers_asked", "still_there"]


@pytest.mark.parametrize(
    ("silent", "asks"), [(29.9, False), (30.1, True)], ids=["before", "after"]
)
def test_each_waits_thirty_days(petition: Petition, silent: float, asks: bool) -> None:
    asked()
    Silence.objects.update(asked_at=timezone.now() - timedelta(days=silent))
    assert bool(asked()) == asks
    moment = timezone.now() - timedelta(days=silent)
    Silence.objects.filter(others_asked_at__isnull=False).update(others_asked_at=moment)
    asked()

    petition.refresh_from_db()
    assert petition.is_open != asks


def leave(account: Account, _petition: Petition) -> None:
    account.organizers.clear()


def lose_access(account: Account, _petition: Petition) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)


@pytest.mark.parametrize(
    "change",
    [lambda rosa, it: orphans.still_there(it, by=rosa), leave, lose_access],
    ids=["heard of", "has left", "shut out"],
)
def test_a_mail_that_waits_is_dropped_when_nobody_needs_it(
    petition: Petition, rosa: Account, change: Callable[..., None]
) -> None:
    orphans.look_after()
    assert Notice.objects.count() == 1
    change(rosa, petition)

    worker.send_all_mail()

    assert mail.outbox == []


def test_a_petition_that_ended_meanwhile_is_not_closed_again(
    petition: Petition,
) -> None:
    asked()
    a_month_later()
    asked()
    a_month_later("others_asked_at")
    lifecycle.declare_victory(petition, by=make_staff(), summary="Won.", story="")

    asked()

    petition.refresh_from_db()
    assert petition.state == "won"
    assert not Silence.objects.exists()


def test_what_waits_to_be_asked_is_found_in_a_few_questions(
    petition: Petition, django_assert_max_num_queries
) -> None:
    for number in range(5):
        member = make_member(f"member{number}@example.org", seen=1)
        make_petition(
            opened_at=days_ago(390), organizers=[make_organizer(member=member)]
        )
    asked()

    with django_assert_max_num_queries(4):
        orphans.look_after()
