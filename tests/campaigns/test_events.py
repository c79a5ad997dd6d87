"""What has happened cannot be changed."""

from collections.abc import Callable

import pytest
from django.db import transaction

from campaigns.models import Event, EventKind
from tests.makers import make_petition, make_staff

pytestmark = pytest.mark.django_db


def make_event(*, note: str = "As it was.") -> Event:
    return Event.objects.record(
        EventKind.CLOSED, make_petition(), by=make_staff(), note=note
    )


def change_and_save(event: Event) -> None:
    event.note = "As I would have it."
    event.save()


def change_one_field(event: Event) -> None:
    event.note = "As I would have it."
    event.save(update_fields=["note"])


def change_in_bulk(event: Event) -> None:
    event.note = "As I would have it."
    Event.objects.bulk_update([event], ["note"])


@pytest.mark.parametrize(
    "attempt",
    [
        change_and_save,
        change_one_field,
        change_in_bulk,
        lambda _event: Event.objects.update(note="As I would have it."),
        lambda event: Event.objects.filter(pk=event.pk).update(note="Mine."),
        lambda event: Event.objects.update_or_create(
            pk=event.pk, defaults={"note": "As I would have it."}
        ),
        lambda event: event.delete(),
        lambda _event: Event.objects.all().delete(),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
    ],
)
def test_an_event_stays_as_it_was_written(attempt: Callable[[Event], None]) -> None:
    event = make_event()

    with pytest.raises(TypeError), transaction.atomic():
        attempt(event)

    assert [event.note for event in Event.objects.all()] == ["As it was."]


def test_a_long_note_is_cut_rather_than_lost() -> None:
    event = make_event(note="x" * 600)

    event.refresh_from_db()
    assert event.note == "x" * 500


def test_the_newest_event_stands_first() -> None:
    first, second = make_event(), make_event()

    assert list(Event.objects.all()) == [second, first]


def test_the_log_of_an_event_holds_numbers_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event = make_event(note="Names Jonas.")

    assert caplog.messages == [
        f"petition closed: petition={event.petition_id} by={event.by_id}"
    ]
