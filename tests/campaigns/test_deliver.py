"""That a petition was handed over: to whom, when, and an update that tells of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Event, Update
from petitions.models import Account, Petition
from tests.makers import make_organizer, make_petition, make_target

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
KEY = "7a3a1a3e-27c5-4a77-9d36-0f1d9c0c3b11"


@pytest.fixture
def petition(rosa: Account) -> Petition:
    return make_petition(
        organizers=[make_organizer(name="Friends of the bridge", member=rosa)],
        targets=[make_target(name="The mayor"), make_target(name="The council")],
    )


def deliver(client: Client, petition: Petition, **form: object):
    target = petition.deliveries.first()
    form = {
        "delivered": "1",
        "key": KEY,
        "targets": [target.pk],
        "day": timezone.localdate().isoformat(),
        **form,
    }
    return client.post(f"/admin/petitions/petition/{petition.pk}/hand-over/", form)


def test_the_day_of_the_hand_over_is_kept(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    before = petition.changed_at

    answer = deliver(log_in(rosa), petition, day=yesterday.isoformat())

    first, second = petition.deliveries.all()
    assert answer.status_code == 302
    assert timezone.localdate(first.delivered_at) == yesterday
    assert second.delivered_at is None
    petition.refresh_from_db()
    assert petition.changed_at > before
    (event,) = Event.objects.all()
    assert event.kind == "handed_to_target"
    assert event.note.endswith("to The mayor")
    assert not Update.objects.exists()


def test_an_update_may_tell_of_it_once(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    client = log_in(rosa)
    told = {"title": "Handed over", "body": "The mayor took it."}

    answers = [deliver(client, petition, **told) for _time in range(2)]

    update = Update.objects.get()
    assert [one.status_code for one in answers] == [302, 302]
    assert (update.kind, update.title, update.author) == (
        *("delivery", "Handed over"),
        "Friends of the bridge",
    )
    assert update.mail_due_at is None
    kinds = Event.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["handed_to_target", "update_posted"]


def test_pressing_twice_is_on_record_once(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    client = log_in(rosa)

    for _time in range(2):
        deliver(client, petition)

    assert Event.objects.count() == 1


def test_who_goes_back_and_changes_it_is_heard(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    """The browser shows the same form again; its update stands already."""
    client = log_in(rosa)
    told = {"title": "Handed over", "body": "The mayor took it."}
    both = [one.pk for one in petition.deliveries.all()]

    deliver(client, petition, **told)
    deliver(client, petition, **told, targets=both)

    assert not petition.deliveries.filter(delivered_at=None).exists()
    assert Update.objects.count() == 1
    notes = Event.objects.filter(kind="handed_to_target").values_list("note", flat=True)
    assert [note.partition(" to ")[2] for note in notes] == [
        *("The mayor; The council", "The mayor"),
    ]


def test_anothers_form_posts_nothing(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    client = log_in(rosa)
    told = {"title": "Handed over", "body": "The mayor took it."}
    other = make_petition(organizers=petition.organizers.all(), targets=[make_target()])
    deliver(client, other, **told)

    answer = deliver(client, petition, **told)

    assert answer.status_code == 302
    assert [one.petition for one in Update.objects.all()] == [other]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"targets": []}, "targets"),
        ({"targets": ["999999"]}, "targets"),
        ({"day": "2999-01-01"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "soon"}, "day"),
        ({"title": "Only a title"}, "body"),
        ({"title": "x" * 201, "body": "y"}, "title"),
        ({"key": "x"}, "key"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_kept(
    log_in: LogIn, rosa: Account, petition: Petition, wrong: dict, field: str
) -> None:
    answer = deliver(log_in(rosa), petition, **wrong)

    assert answer.status_code == 200
    assert list(answer.context["delivered"].errors) == [field]
    assert not Event.objects.exists()
    assert not petition.deliveries.exclude(delivered_at=None).exists()


def test_anothers_target_cannot_be_named(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    foreign = make_petition(targets=[make_target()]).deliveries.get()

    answer = deliver(log_in(rosa), petition, targets=[foreign.pk])

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.delivered_at) == (200, None)
