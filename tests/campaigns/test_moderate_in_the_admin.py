"""The queue of petitions that wait for staff, and the page where they decide."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import moderation
from campaigns.admin.decisions import CHECKS
from campaigns.models import Claim, Event, PetitionReport
from petitions.models import Account, Organizer, Petition
from tests.html import Element, Page
from tests.makers import (
    make_draft,
    make_hidden_petition,
    make_moderator,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_review,
    make_staff,
    make_target,
    make_translation,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
QUEUE = "/admin/petitions/petition/queue/"
TICKS = {f"open-{name}": "on" for name in CHECKS}


def make_reported(**fields: object) -> Petition:
    petition = make_petition(**fields)
    words = "Line 3 names me."
    PetitionReport.objects.create(petition=petition, cause="personal", words=words)
    return petition


def page_url(petition: Petition, page: str = "decide") -> str:
    return f"/admin/petitions/petition/{petition.pk}/{page}/"


def typed(client: Client, petition: Petition, decision: str, **words: str) -> dict:
    """What a browser sends of that form: what stood in it, and what was typed."""
    page = Page.of(client.get(page_url(petition)))
    (form,) = [
        form
        for form in page.all("form")
        if [one.attributes.get("value") for one in form.all("button")] == [decision]
    ]
    hidden = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in form.all("input")
        if one.attributes["type"] == "hidden"
    }
    named = {f"{decision}-{name}": value for name, value in words.items()}
    return {**hidden, **named, "decide": decision}


def choices(page: Element) -> list[str]:
    return [one.words for one in page.all("summary", class_="decision__label")]


def test_the_queue_lists_what_waits_and_who_looks_at_it(log_in: LogIn) -> None:
    review, reported = make_review(title="A bench"), make_reported(title="A lamp")
    make_petition(title="Not in question")
    ana = make_staff()
    Account.objects.filter(pk=ana.pk).update(name="Ana Ruiz")
    moderation.claim(reported, by=ana)

    page = Page.of(log_in(make_moderator()).get(QUEUE))

    items = {
        one.one("h2").words: one.words for one in page.all("li", class_="queue__item")
    }
    assert set(items) == {"A bench", "A lamp"}
    assert "Ana Ruiz is looking at this." in items["A lamp"]
    assert "1 × It names or endangers somebody" in items["A lamp"]
    assert "I look at this" in items["A bench"]
    assert page_url(review) in [one.attributes["href"] for one in page.all("a")]


def test_an_empty_queue_says_so(log_in: LogIn) -> None:
    assert "Nothing waits for you." in Page.of(log_in(make_staff()).get(QUEUE)).words


def test_who_says_so_looks_at_it_and_may_let_it_go(log_in: LogIn) -> None:
    petition, moderator = make_review(), make_moderator()
    client = log_in(moderator)

    begun = client.post(page_url(petition, "claim"))
    page = Page.of(client.get(begun["Location"])).words
    let_go = client.post(page_url(petition, "claim"), {"let_go": ""})

    assert begun["Location"].endswith(page_url(petition))
    assert "You are looking at this until" in page
    assert let_go["Location"].endswith(QUEUE)
    assert not Claim.objects.exists()
    assert client.get(page_url(petition, "claim")).status_code == 405


def test_what_somebody_else_looks_at_offers_no_decision(log_in: LogIn) -> None:
    petition, ana = make_review(), make_staff()
    Account.objects.filter(pk=ana.pk).update(name="Ana Ruiz")
    client = log_in(make_moderator())
    form = typed(client, petition, "changes", words="Say where.")
    moderation.claim(petition, by=ana)

    page = Page.of(client.get(page_url(petition)))
    claimed = client.post(page_url(petition, "claim"), follow=True)
    decided = client.post(page_url(petition), form)

    assert choices(page) == []
    assert "Ana Ruiz is looking at this." in page.words
    assert "Wait until it is let go." in Page.of(claimed).words
    assert decided.status_code == 409
    assert "Ana Ruiz is looking at this. Wait" in Page.of(decided).words
    petition.refresh_from_db()
    assert petition.state == "review"
    assert Claim.objects.get().by == ana


def test_the_page_shows_all_that_would_be_public(log_in: LogIn) -> None:
    organizer = make_organizer(name="The Well Club")
    Organizer.objects.update(about="We dig **on Sundays**.")
    petition = make_review(
        title="Open the well",
        story="It is **dry**.",
        demands=["Dig deeper."],
        organizers=[organizer],
        targets=[make_target(name="Bo Vance", office="Mayor")],
        goal=1200,
    )
    make_translation(petition, title="Abrid el pozo")
    make_rejected_petition(title="Free money", organizers=[organizer])
    similar = make_petition(title="Open the old well again")
    Petition.objects.to_index()
    Petition.objects.index()

    page = Page.of(log_in(make_staff()).get(page_url(petition)))

    for words in [
        *("Open the well", "Dig deeper.", "Bo Vance", "The Well Club", "1,200"),
        *("Abrid el pozo", "Keep the bridge open.", "Free money", similar.title),
    ]:
        assert words in page.words
    assert [one.words for one in page.one("article").all("strong")] == ["dry"]
    assert "We dig" in page.words
    assert choices(page) == ["Open", "Ask for changes", "Reject"]


def test_it_opens_when_every_point_is_ticked(log_in: LogIn) -> None:
    petition, moderator = make_review(), make_moderator()
    client = log_in(moderator)
    form = typed(client, petition, "open")
    forgotten = dict(list(TICKS.items())[1:])

    refused = client.post(page_url(petition), {**form, **forgotten})
    petition.refresh_from_db()
    state_before = petition.state
    opened = client.post(page_url(petition), {**form, **TICKS})

    assert "Check this, and tick it." in Page.of(refused).words
    assert Page.of(refused).one("title").words.startswith("Error:")
    assert state_before == "review"
    assert opened["Location"].endswith(QUEUE)
    petition.refresh_from_db()
    assert petition.state == "open"
    assert Event.objects.get(kind="opened").by == moderator


def test_who_makes_a_mistake_is_still_at_work(log_in: LogIn) -> None:
    petition, moderator = make_review(), make_moderator()

    log_in(moderator).post(page_url(petition), {"decide": "open"})

    assert Claim.objects.get().by == moderator


def test_what_should_have_closed_by_now_does_not_open(log_in: LogIn) -> None:
    petition = make_review(closes_at=timezone.now() - timedelta(hours=1))
    client = log_in(make_staff())

    answer = client.post(
        page_url(petition), {**typed(client, petition, "open"), **TICKS}
    )

    assert "Its closing day has passed" in Page.of(answer).words
    petition.refresh_from_db()
    assert petition.state == "review"


def test_its_organizers_read_what_to_change_until_they_send_it_again(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_review(organizers=[make_organizer(member=rosa)])
    staff = log_in(make_staff())
    words = "Say where it should stand."
    staff.post(page_url(petition), typed(staff, petition, "changes", words=words))

    organizer = log_in(rosa)
    before = Page.of(organizer.get(page_url(petition, "change"))).words
    first_page = Page.of(organizer.get("/admin/")).words
    organizer.post(page_url(petition, "submit/do"))
    after = Page.of(organizer.get(page_url(petition, "change"))).words

    assert words in before
    assert "Staff ask you to change something" in first_page
    assert words not in after


def test_what_is_rejected_keeps_its_rule_and_who_may_read_it(log_in: LogIn) -> None:
    told, silent = make_review(), make_review()
    client = log_in(make_staff())
    words = {"code": "personal", "reason": "It names a neighbor."}

    shown = {**typed(client, told, "reject", **words), "reject-in_public": "on"}
    client.post(page_url(told), shown)
    client.post(page_url(silent), typed(client, silent, "reject", **words))

    told.refresh_from_db()
    silent.refresh_from_db()
    assert (told.state, told.withheld_code) == ("rejected", "personal")
    assert [told.is_told_rejected, silent.is_told_rejected] == [True, False]


def test_what_readers_reported_is_kept_or_hidden(log_in: LogIn) -> None:
    kept, hidden = make_reported(), make_reported()
    client = log_in(make_moderator())
    page = Page.of(client.get(page_url(kept)))

    client.post(page_url(kept), typed(client, kept, "keep"))
    reason = "It names somebody."
    client.post(page_url(hidden), typed(client, hidden, "hide", reason=reason))

    assert choices(page) == ["Keep it: reports answered", "Hide"]
    assert "Line 3 names me." in page.words
    assert [Petition.objects.get(pk=it.pk).state for it in (kept, hidden)] == [
        "open",
        "hidden",
    ]
    assert not PetitionReport.objects.unsettled().exists()
    assert "Nothing waits" in Page.of(client.get(QUEUE)).words


def test_staff_restore_a_hidden_petition(log_in: LogIn) -> None:
    petition = make_petition()
    client = log_in(make_staff())

    client.post(page_url(petition), {"decide": "hide", "hide-reason": "A name."})
    client.post(page_url(petition, "restore/do"), {"reason": "It was unfounded."})

    petition.refresh_from_db()
    assert petition.state == "open"
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["hidden", "restored"]


def test_a_public_petition_can_be_hidden_without_any_report(log_in: LogIn) -> None:
    client = log_in(make_staff())
    petition = make_petition()

    assert choices(Page.of(client.get(page_url(petition)))) == ["Hide"]


def test_pressed_twice_it_is_decided_once(log_in: LogIn) -> None:
    petition = make_review()
    client = log_in(make_staff())
    form = {**typed(client, petition, "open"), **TICKS}

    answers = [client.post(page_url(petition), form).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert Event.objects.filter(kind="opened").count() == 1


@pytest.mark.parametrize(
    "make", [make_rejected_petition, make_hidden_petition, make_draft]
)
def test_what_is_withheld_or_not_sent_has_nothing_to_decide(
    log_in: LogIn, make
) -> None:
    page = Page.of(log_in(make_staff()).get(page_url(make())))

    assert choices(page) == []
    assert "There is nothing to decide now." in page.words


@pytest.mark.parametrize(
    "form",
    [
        {"decide": "explode"},
        {"decide": "keep", "keep-last": "9" * 30},
        {"decide": "keep", "keep-last": "-1"},
        {"decide": "reject", "reject-code": "ugly", "reject-reason": "a\0b"},
        {"decide": "changes", "changes-words": "o" * 2001},
        {"decide": "hide"},
        {"decide": "open", "open-read": "\0", **TICKS},
        {"decide": "open", "open-read": "forged", **TICKS},
    ],
)
def test_nonsense_decides_nothing(log_in: LogIn, form: dict[str, str]) -> None:
    petition = make_review()

    answer = log_in(make_staff()).post(page_url(petition), form)

    assert answer.status_code in (200, 409)
    petition.refresh_from_db()
    assert petition.state == "review"
    assert not Event.objects.exists()


def test_organizers_neither_claim_nor_decide(log_in: LogIn, rosa: Account) -> None:
    own = make_review(organizers=[make_organizer(member=rosa)])
    foreign = make_review(title="Somebody else's")
    client = log_in(rosa)

    answers = {
        petition: [
            client.get(page_url(petition)).status_code,
            client.post(page_url(petition), {"decide": "open", **TICKS}).status_code,
            client.post(page_url(petition, "claim")).status_code,
        ]
        for petition in [own, foreign]
    }

    assert answers == {own: [403] * 3, foreign: [404] * 3}
    assert client.get(QUEUE).status_code == 403
    assert Client().get(QUEUE).status_code == 302
    assert not Claim.objects.exists()
    assert set(Petition.objects.values_list("state", flat=True)) == {"review"}


def test_there_is_one_way_to_decide(log_in: LogIn) -> None:
    client = log_in(make_staff())
    review, public = make_review(), make_petition()

    gone = [
        client.post(page_url(review, f"{act}/do"), {"reason": "So."}).status_code
        for act in ["open", "reject"]
    ]
    gone.append(client.post(page_url(public, "hide/do"), {"reason": "So."}).status_code)

    assert gone == [404, 404, 404]


@pytest.mark.slow
def test_the_page_asks_the_same_few_questions(log_in: LogIn) -> None:
    organizer = make_organizer()
    petition = make_reported(
        organizers=[organizer], targets=[make_target()], title="Open the old well"
    )
    client = log_in(make_staff())

    def asked() -> int:
        Petition.objects.to_index()
        while Petition.objects.index():
            pass
        with CaptureQueriesContext(connection) as queries:
            client.get(page_url(petition))
        return len(queries)

    make_petition(organizers=[organizer], title="Open another old well")
    few = asked()
    for _ in range(12):
        make_petition(organizers=[organizer], title="Open another old well")
        PetitionReport.objects.create(petition=petition, cause="other")
    petition.targets.add(*(make_target() for _ in range(5)))
    petition.organizers.add(*(make_organizer() for _ in range(5)))

    assert asked() == few
