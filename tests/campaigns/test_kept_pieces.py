"""A piece of a petition's page is kept, and never when it would say something else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from campaigns import exclusions, lifecycle
from campaigns.models import DailyCount, Milestone, Promise, Update
from campaigns.petition_page import PetitionPage
from petitions.models import (
    Organizer,
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    PetitionTranslation,
    Target,
    Topic,
)
from signatures.models import Signature
from tests.makers import (
    make_counted_signature,
    make_done_exclusion,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_staff,
    make_target,
    make_topic,
    make_translation,
    make_update,
)

pytestmark = pytest.mark.django_db

Change = Callable[[Petition], object]
NOW = timezone.now()


def make_whole_petition() -> Petition:
    """One with all that its page can show."""
    organizer = make_organizer(name="Ilse Maran")
    petition = make_petition(
        title="Open the well",
        organizers=[organizer],
        targets=[make_target(name="Bo Vance")],
        topics=[make_topic(name="Water")],
        closes_at=timezone.now() + timedelta(days=30),
    )
    make_translation(petition)
    make_update(petition, organizer=organizer, title="We met the mayor")
    make_counted_signature(
        petition=petition, name="Anna Ferro", show_name=True, reason="It is dry."
    )
    Signature.objects.update(reason_state="shown")
    yesterday = timezone.localdate() - timedelta(days=1)
    DailyCount.objects.create(petition=petition, day=yesterday, count=3)
    Milestone.objects.follow({petition.pk: (0, 10)})
    return petition


def page_of(petition: Petition, *, language: str = "") -> str:
    response = Client().get(f"{language}{petition.get_absolute_url()}")
    return response.content.decode()


def made_anew(petition: Petition, *, language: str = "") -> str:
    caches["template_fragments"].clear()
    return page_of(petition, language=language)


def undo_what_was_excluded(petition: Petition) -> None:
    exclusion = make_done_exclusion(petition=petition)
    assert "1 signature removed as automated" in page_of(petition)
    exclusions.undo(exclusion, by=make_staff(), reason="They were people.")
    exclusions.work()
    Petition.objects.update(goal=7)  # for what is no change at all
    assert "removed as automated" not in page_of(petition)


CHANGES: dict[str, Change] = {
    "title": lambda it: Petition.objects.update(title="Close the well"),
    "story": lambda it: Petition.objects.update(story="Another one."),
    "goal": lambda it: Petition.objects.update(goal=7),
    "sensitive": lambda it: Petition.objects.update(sensitive=True),
    "count": lambda it: Petition.objects.update(signature_count=99),
    "counted on paper": lambda it: Petition.objects.update(
        signature_count=3, paper_count=2
    ),
    "carried over": lambda it: Petition.objects.update(
        carried_over_count=1, carried_over_source="Paper of old"
    ),
    "closing day": lambda it: Petition.objects.update(closes_at=None),
    "closed": lambda it: lifecycle.close(
        it, by=make_staff(), outcome="lost", reason="Enough."
    ),
    "won": lambda it: lifecycle.declare_victory(
        it, by=make_staff(), summary="There is water.", story=""
    ),
    "hidden": lambda it: lifecycle.hide(it, by=make_staff(), reason="A mistake."),
    "words": lambda it: it.revise(by=make_staff(), reason="A word was missing."),
    "organizer": lambda it: Organizer.objects.update(name="Ilse Maran-Vey"),
    "one organizer more": lambda it: PetitionOrganizer.objects.create(
        petition=it, organizer=make_organizer(name="The Well Club"), position=1
    ),
    "target": lambda it: Target.objects.update(office="Mayor"),
    "delivery": lambda it: PetitionTarget.objects.update(delivered_at=timezone.now()),
    "asked": lambda it: PetitionTarget.objects.update(asked_at=timezone.now()),
    "answered": lambda it: PetitionTarget.objects.update(
        asked_at=timezone.now(), answered_at=timezone.now()
    ),
    "topic": lambda it: Topic.objects.update(name="Wells"),
    "update": lambda it: Update.objects.update(body="She listened."),
    "one update more": lambda it: make_update(it, title="We met the council"),
    "milestone": lambda it: Milestone.objects.follow({it.pk: (10, 50)}),
    "figures": lambda it: DailyCount.objects.update(count=40),
    "shown name": lambda it: Signature.objects.update(show_name=False),
    "shown reason": lambda it: Signature.objects.update(reason_state="hidden"),
    "paused": lambda it: lifecycle.pause_signing(
        it, by=make_staff(), notice="Until noon."
    ),
    "whole site paused": lambda it: lifecycle.pause_signing(
        None, by=make_staff(), notice="Until noon."
    ),
    "removed as automated": lambda it: make_done_exclusion(petition=it),
    "removed, but undone": lambda it: undo_what_was_excluded(it),
    "withdrawn": lambda it: Signature.objects.get().withdraw(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_shows_on_the_page_that_was_kept(change: Change) -> None:
    petition = make_whole_petition()
    before = page_of(petition)

    change(petition)
    after = page_of(petition)

    assert after != before
    assert after == made_anew(petition)


def test_a_translated_word_shows_in_its_language_alone() -> None:
    petition = make_whole_petition()
    english, spanish = page_of(petition), page_of(petition, language="/es")

    PetitionTranslation.objects.update(title="Abrid el pozo viejo")

    assert page_of(petition) == english
    assert page_of(petition, language="/es") != spanish
    assert page_of(petition, language="/es") == made_anew(petition, language="/es")


def test_a_closing_day_that_passes_ends_the_form_that_was_kept() -> None:
    petition = make_whole_petition()

    assert 'name="email"' in page_of(petition)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert 'name="email"' not in page_of(petition)


def test_the_last_day_to_confirm_passes_on_the_page_that_was_kept() -> None:
    petition = make_whole_petition()
    lifecycle.close(petition, by=make_staff(), outcome="lost", reason="Enough.")

    assert "you can still confirm" in page_of(petition)
    with time_machine.travel(timezone.now() + timedelta(hours=24)):
        assert "you can still confirm" not in page_of(petition)


def test_a_new_day_shows_in_the_chart_that_was_kept() -> None:
    petition = make_whole_petition()
    before = page_of(petition)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert page_of(petition) != before
        assert page_of(petition) == made_anew(petition)


def test_what_came_of_a_related_petition_shows_on_an_ended_one() -> None:
    petition = make_whole_petition()
    related = make_petition(organizers=list(petition.organizers.all()))
    lifecycle.close(petition, by=make_staff(), outcome="lost", reason="Enough.")
    before = page_of(petition)

    Petition.objects.filter(pk=related.pk).update(signature_count=4321)

    assert "4,321" not in before
    assert "4,321" in page_of(petition)


def test_what_was_promised_shows_on_an_ended_one() -> None:
    petition = make_whole_petition()
    lifecycle.close(petition, by=make_staff(), outcome="partly", reason="Enough.")
    before = page_of(petition)

    day = timezone.localdate()
    promise = Promise.objects.create(petition=petition, text="A pump.", due_on=day)
    promised = page_of(petition)
    Promise.objects.filter(pk=promise.pk).update(answer="kept", answered_at=NOW)
    kept = page_of(petition)

    assert "A pump." not in before
    assert "A pump." in promised
    assert "kept__answer--kept" not in promised
    assert "kept__answer--kept" in kept


def test_each_shared_link_has_its_own_form() -> None:
    petition = make_whole_petition()
    page_of(petition)

    by_link = Client().get(petition.get_absolute_url(), {"via": "wa"}).content.decode()

    assert 'name="via" value="wa"' in by_link
    assert 'name="via"' not in page_of(petition)


def test_no_address_of_a_signer_is_asked_for_by_the_page() -> None:
    petition = make_whole_petition()

    (signer,) = PetitionPage.ask(petition.slug, via="").signers

    assert {"email", "address_key", "key"} <= signer.get_deferred_fields()


def test_each_withheld_petition_gives_its_own_reason() -> None:
    hidden, rejected = make_petition(), make_rejected_petition(title="Free money")
    lifecycle.hide(hidden, by=make_staff(), reason="It names a person.")

    of_hidden, of_rejected = page_of(hidden), page_of(rejected)

    assert "It names a person." in of_hidden
    assert "Free money" not in of_hidden
    assert "Free money" in of_rejected
    assert "It names a person." not in of_rejected


CHANGES_OF_CARDS: dict[str, Change] = {
    name: CHANGES[name]
    for name in [
        *("title", "goal", "count", "closing day", "organizer"),
        "one organizer more",
    ]
} | {
    "ask": lambda it: Petition.objects.update(ask="Open it today."),
    "addressee": lambda it: Target.objects.update(organization="The Water Board"),
}


@pytest.mark.parametrize("change", CHANGES_OF_CARDS.values(), ids=CHANGES_OF_CARDS)
def test_a_change_shows_on_the_card_that_was_kept(change: Change) -> None:
    petition = make_whole_petition()
    before = list_of_petitions()

    change(petition)
    after = list_of_petitions()

    caches["template_fragments"].clear()
    assert after != before
    assert after == list_of_petitions()


def test_a_card_says_that_its_petition_is_closed_by_now() -> None:
    make_whole_petition()
    before = list_of_petitions()

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert list_of_petitions() != before


def list_of_petitions() -> str:
    return Client().get("/petitions/").content.decode()
