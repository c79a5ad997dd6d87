"""Staff correct what was said wrongly of an ending, and everybody can see that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import promises, worker
from campaigns.models import Event, Promise, PromiseAnswer, Update
from petitions.models import Account, Petition
from tests.campaigns.admin_forms import act_url
from tests.html import Page, as_sent
from tests.makers import (
    make_closed_petition,
    make_organizer,
    make_petition,
    make_promise,
    make_staff,
    make_won_petition,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
PROOF = "https://council.example.org/minutes/12"
WHY = "It was the fifth of May, not of June."
TODAY = timezone.localdate()


def sent_of(client: Client, petition: Petition, **typed: object) -> dict:
    """What a browser sends of that form: what stood in it, and what was typed."""
    page = Page.of(client.get(correct_url(petition)))
    (form,) = [one for one in page.all("form") if one.all("select", name="outcome")]
    return {**as_sent(form), "why": WHY, **typed}


def correct_url(petition: Petition) -> str:
    return act_url(
        petition, "correct-victory" if petition.is_won else "correct-outcome"
    )


def timeline_of(petition: Petition) -> str:
    page = Page.of(Client().get(petition.get_absolute_url()))
    return page.one("ol", class_="timeline").words


@pytest.mark.parametrize("proof", [PROOF, ""])
def test_what_is_corrected_begins_with_what_stands_there(
    log_in: LogIn, proof: str
) -> None:
    closed, won = make_petition(), make_petition()
    closed.close(outcome="lost", reason="They sold it.", proof_url=proof)
    won.win(outcome="partly", summary="It stays.", story="We did.", proof_url=proof)
    client = log_in(make_staff())

    shown = [sent_of(client, petition, why="") for petition in (closed, won)]
    for form in shown:
        form.pop("csrfmiddlewaretoken")

    end = {"proof_url": proof, "why": "", "promise": "", "promised_by": ""}
    end |= {} if proof else {"no_proof": "on"}
    assert shown == [
        {"outcome": "lost", "reason": "They sold it.", **end},
        {"outcome": "partly", "summary": "It stays.", "story": "We did.", **end},
    ]


def test_a_slip_of_the_pen_is_corrected_in_the_open(log_in: LogIn) -> None:
    petition, client = make_closed_petition(), log_in(staff := make_staff())
    typed = {"reason": "They agreed on 5 May.", "proof_url": PROOF, "no_proof": ""}

    form = sent_of(client, petition, **typed)
    for _press in range(2):
        client.post(correct_url(petition), form)

    petition.refresh_from_db()
    words = Page.of(Client().get(petition.get_absolute_url())).words
    assert (petition.state, petition.outcome_url) == ("closed", PROOF)
    assert "Won in part. They agreed on 5 May." in words
    assert "Corrected: how it ended" in timeline_of(petition)
    assert f"Outcome {WHY}" in timeline_of(petition)
    event = Event.objects.get(kind="edited")
    assert (event.by, event.note) == (staff, f"{WHY} → They agreed on 5 May.")
    assert Update.objects.get().mail_due_at is None


def test_a_victory_is_corrected_and_what_it_was_called_too(log_in: LogIn) -> None:
    petition, client = make_won_petition(), log_in(make_staff())
    won_at = petition.won_at
    typed = {"outcome": "partly", "summary": "One of two stays.", "story": "Thanks."}

    client.post(correct_url(petition), sent_of(client, petition, **typed))

    petition.refresh_from_db()
    words = Page.of(Client().get(petition.get_absolute_url())).words
    assert (petition.state, petition.outcome, petition.won_at) == (
        *("won", "partly"),
        won_at,
    )
    for one in ("This petition won in part", "One of two stays.", "Thanks."):
        assert one in words
    assert "The bridge stays open." not in words
    assert f"{WHY} It said: Won. It says now: Won in part." in timeline_of(petition)


def test_it_is_said_in_the_language_of_the_petition(log_in: LogIn) -> None:
    petition, client = make_won_petition(language="es"), log_in(make_staff())

    client.post(correct_url(petition), sent_of(client, petition, summary="Queda."))

    assert Update.objects.get().language == "es"


def test_a_promise_is_corrected_with_its_day(log_in: LogIn) -> None:
    petition, client = make_closed_petition(), log_in(make_staff())
    promise = make_promise(petition, text="Two boat.", due_on=TODAY)
    kept = make_promise(petition, text="A plaque.", due_on=TODAY)
    day = TODAY + timedelta(days=30)
    number = promise.pk
    typed = {f"promise_{number}": "Two boats.", f"promised_by_{number}": str(day)}

    client.post(correct_url(petition), sent_of(client, petition, **typed))

    told = Promise.objects.order_by("pk").values_list("text", "due_on")
    assert list(told) == [("Two boats.", day), (kept.text, TODAY)]
    assert WHY in timeline_of(petition)
    assert "Two boats." in Page.of(Client().get(petition.get_absolute_url())).words


@pytest.mark.parametrize(
    ("now", "says"), [("broken", "Not kept"), ("unknown", "Not known yet")]
)
def test_whether_a_promise_was_kept_is_corrected(
    log_in: LogIn, now: str, says: str
) -> None:
    petition, client = make_closed_petition(), log_in(staff := make_staff())
    promise = make_promise(petition, text="Two boats.", asked_at=timezone.now())
    kept = make_promise(petition, text="A plaque.")
    for one in (promise, kept):
        promises.answer(one, by=staff, answer=PromiseAnswer.KEPT, words="Seen.")
    field = f"answer_{promise.pk}"
    shown = sent_of(client, petition)[field]

    client.post(correct_url(petition), sent_of(client, petition, **{field: now}))

    words = Page.of(Client().get(petition.get_absolute_url())).one("ul", class_="kept")
    answers = [one.words for one in words.all("strong")]
    promise.refresh_from_db()
    is_known = now != "unknown"
    assert shown == "kept"
    assert (promise.answer, bool(promise.answered_at)) == (now * is_known, is_known)
    assert answers == [says] * is_known + ["Kept"]
    said = f"{WHY} Two boats. It said: Kept. It says now: {says}."
    assert said in timeline_of(petition)
    assert (f"petition/{petition.pk}/promise/" in overview_of(client, petition)) == (
        not is_known
    )


def test_an_answer_that_came_meanwhile_is_not_corrected_unseen(log_in: LogIn) -> None:
    petition, client = make_closed_petition(), log_in(staff := make_staff())
    promise = make_promise(petition)
    form = sent_of(client, petition, **{f"promise_{promise.pk}": "Three boats."})
    promises.answer(promise, by=staff, answer=PromiseAnswer.KEPT, words="Seen.")

    response = client.post(correct_url(petition), form)

    promise.refresh_from_db()
    assert list(response.context["form"].errors) == [f"answer_{promise.pk}"]
    assert (promise.text, promise.answer) == ("Two new boats.", "kept")


def test_what_was_promised_since_is_added(log_in: LogIn) -> None:
    petition, client = make_won_petition(), log_in(make_staff())
    day = TODAY + timedelta(days=30)
    typed = {"promise": "A plaque.", "promised_by": str(day)}

    client.post(correct_url(petition), sent_of(client, petition, **typed))

    assert Promise.objects.get().due_on == day


def test_organizers_are_asked_on_the_right_day(log_in: LogIn, rosa: Account) -> None:
    petition = make_closed_petition(organizers=[make_organizer(member=rosa)])
    promise, client = make_promise(petition), log_in(make_staff())
    later = TODAY + timedelta(days=2)
    promises.ask_organizers()  # and before that is sent, the day is corrected

    typed = {f"promised_by_{promise.pk}": str(later)}
    client.post(correct_url(petition), sent_of(client, petition, **typed))

    worker.send_all_mail()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        promises.ask_organizers()
        worker.send_all_mail()
    assert [message.to for message in mail.outbox] == [[rosa.email]]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": "Otherwise.", "why": " "}, "why"),
        ({}, "__all__"),
        ({"reason": ""}, "reason"),
        ({"outcome": "won"}, "outcome"),
        ({"no_proof": ""}, "proof_url"),
        ({"promise_1": ""}, "promise_1"),
        ({"promised_by_1": "soon"}, "promised_by_1"),
        ({"promised_by_1": "2999-12-31"}, "promised_by_1"),
        ({"promised_by_1": "0001-01-01"}, "promised_by_1"),
    ],
)
def test_half_a_correction_is_refused_at_its_field(
    log_in: LogIn, typed: dict, field: str
) -> None:
    petition, client = make_closed_petition(), log_in(make_staff())
    make_promise(petition, pk=1)

    form = sent_of(client, petition, **typed)
    response = client.post(correct_url(petition), form)

    assert list(response.context["form"].errors) == [field]
    assert not Update.objects.exists()
    assert not Event.objects.exists()


def overview_of(client: Client, petition: Petition) -> str:
    overview = f"/admin/petitions/petition/{petition.pk}/overview/"
    links = Page.of(client.get(overview)).all("a")
    return " ".join(link.attributes.get("href", "") for link in links)


def acts_of(client: Client, petition: Petition) -> set[str]:
    hrefs = overview_of(client, petition).split()
    return {href.split("/")[-3] for href in hrefs if href.endswith("/do/")}


def test_the_button_is_there_once_it_was_said_how_it_ended(log_in: LogIn) -> None:
    client, silent = log_in(make_staff()), make_petition()
    silent.close(outcome="out_of_time", reason="")

    assert acts_of(client, silent) == {"outcome", "win"}
    assert acts_of(client, make_closed_petition()) == {"correct-outcome", "win"}
    assert acts_of(client, make_won_petition()) == {"correct-victory"}
    assert not acts_of(client, make_petition()) & {"correct-outcome", "outcome"}
