"""Every word that people read can be translated, on every page and in every mail.

The site speaks `en-xa` here, in which each translated message stands between ⟦ and ⟧,
and each word of a petition has a ¤ in it. What has neither was never marked.
"""

from collections import Counter, deque
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from campaigns import tally, worker
from petitions.models import Petition
from signatures.models import ReasonState, Signature
from tests.html import Page
from tests.languages.reading import untranslated, untranslated_text
from tests.makers import (
    confirm_url,
    make_closed_petition,
    make_confirmed_signature,
    make_ending,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_signature,
    make_staff,
    make_target,
    make_topic,
    make_update,
    make_won_petition,
    my_signature_url,
    not_me_path,
    sign_url,
    signed_url,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("more_languages"),
]

PREFIX = "/en-xa"
HOST = "http://testserver"
MOST_OF_A_KIND = 4
WORDS = {
    "title": "Keep¤ the¤ mill¤",
    "ask": "Leave¤ the¤ wheel¤ in¤ the¤ water¤.",
    "story": "It¤ has¤ turned¤ for¤ ages¤.\n\n- once¤\n- twice¤",
}


def make_world() -> Petition:
    """A petition of each sort; the first has everything that one can have."""
    organizer = make_organizer(name="Ada¤ Mill¤")
    organizer.about, organizer.place = "Lives¤ there¤.", "Larkhaven¤"
    organizer.save()
    target = make_target(name="Bruno¤", office="Mayor¤", organization="Town¤")
    common = {
        "organizers": [organizer],
        "targets": [target, make_target(name="Clea¤"), make_target(name="Dora¤")],
        "topics": [make_topic(name="Rivers¤")],
        **WORDS,
    }
    full = make_petition(
        demands=["Wheel¤ kept¤", "Water¤ kept¤"],
        closes_at=timezone.now() + timedelta(days=30),
        picture_credit="Edda¤",
        carried_over_count=40,
        signature_count=40,
        carried_over_source="Paper¤",
        **common,
    )
    for number in range(12):
        make_shown_signature(full, number)
    make_update(full, title="Good¤ news¤", body="Read¤ **all¤**.")
    make_update(
        *(full,),
        kind="news",
        title="Seen¤",
        body="",
        url="https://example.org/a",
        source="Gazette¤",
    )
    full.title = "Keep¤ our¤ mill¤"
    full.revise(by=make_staff(), reason="Clearer¤")
    make_petition(sensitive=True, **common)
    make_petition(goal=1, **common)
    make_petition(**{**common, "topics": [], "targets": []})
    for make in (make_closed_petition, make_won_petition, make_rejected_petition):
        mark_all_words(make(**common))
    mark_all_words(make_hidden_petition(**common))
    tally.fold()
    full.refresh_from_db()
    return full


def make_shown_signature(petition: Petition, number: int) -> Signature:
    return make_confirmed_signature(
        petition=petition,
        name="Ilka¤ Moor¤" if number % 2 else "Jo¤",
        place="Quillbury¤",
        country="NO",
        reason="It¤ matters¤." if number % 2 else "",
        show_name=number % 3 != 0,
        wants_updates=True,
        language="en-xa",
    )


def mark_all_words(petition: Petition) -> None:
    """What the makers wrote without a mark."""
    petition.refresh_from_db()
    for name in (
        "outcome_summary",
        "outcome_story",
        "closing_message",
        "closing_reason",
    ):
        if getattr(petition, name, ""):
            setattr(petition, name, "Done¤.")
    petition.withheld_reason = petition.withheld_reason and "Names¤ somebody¤."
    petition.save()


def strange_words(response: HttpResponse) -> list[str]:
    return untranslated(response.content.decode())


def test_every_public_page_is_translated(client: Client) -> None:
    petition = make_world()
    shown = Signature.objects.exclude(reason="")
    shown.update(reason_state=ReasonState.SHOWN)
    starts = ["/", "/petitions/?q=Keep", "/petitions/?q=zzzz", "/find-my-signature/"]
    starts += ["/petitions/?state=won", "/petitions/?state=closed"]
    starts += [petition.get_absolute_url() + "?paper=1", sign_url(petition)]
    starts += [one.get_absolute_url() for one in Petition.objects.all()]

    strange, seen = {}, Counter()
    waiting = deque(f"{PREFIX}{path}" for path in starts)
    known = set(waiting)
    while waiting:
        path = waiting.popleft()
        response = client.get(path)
        if not response["Content-Type"].startswith("text/html"):
            continue
        name = name_of(path)
        seen[name] += 1
        if words := strange_words(response):
            strange[path] = words
        for link in links_of(path, response):
            if link not in known and seen[name_of(link)] < MOST_OF_A_KIND:
                known.add(link)
                waiting.append(link)

    assert strange == {}
    assert set(seen) >= {
        *("home", "petitions", "petition", "petition_updates", "petition_update"),
        *("petition_reasons", "petition_versions", "sign", "organizer", "target"),
        *("topic", "about", "privacy", "accessibility", "find_my_signature"),
    }


def name_of(path: str) -> str:
    return resolve(path.removeprefix(PREFIX).partition("?")[0]).url_name or ""


def links_of(path: str, response: HttpResponse) -> list[str]:
    links = [
        urljoin(HOST + path, link.attributes["href"]).partition("#")[0]
        for link in Page.of(response).all("a")
    ]
    ours = [link.removeprefix(HOST) for link in links]
    return [link for link in ours if link.startswith(f"{PREFIX}/")]


def test_the_sign_form_and_its_errors_are_translated(client: Client) -> None:
    sign = PREFIX + sign_url(make_petition(**WORDS, organizers=[marked_organizer()]))

    for typed in [
        {},
        {"name": "Ada¤ https://example.org", "email": "nowhere", "reason": "x" * 2000},
        {"name": "x" * 500, "email": "ada@example", "country": "Atlantis¤"},
    ]:
        response = client.post(sign, {key: f"{it}¤" for key, it in typed.items()})

        assert response.status_code == 400
        assert "aria-invalid" in response.content.decode()
        assert strange_words(response) == []


def marked_organizer() -> object:
    return make_organizer(name="Ada¤ Mill¤")


def test_every_page_behind_a_secret_link_is_translated(client: Client) -> None:
    petition = make_petition(**WORDS, organizers=[marked_organizer()])
    signature = make_shown_signature(petition, 1)
    waiting = make_signature(petition=petition, name="Kaya¤", language="en-xa")
    own = my_signature_url(signature).removeprefix(PREFIX)
    tally.fold()
    paths = [
        *(confirm_url(waiting), signed_url(signature), own),
        *(f"{own}withdraw/", f"{own}unsubscribe/", "/signature-removed/"),
        *(not_me_path(signature).removeprefix(PREFIX), "/my-signature/nothing/"),
        *("/confirm/nothing/", f"/check-your-email/{waiting.key}/"),
    ]

    for path in paths:
        response = client.get(PREFIX + path)

        assert response.status_code in (200, 404), path
        assert strange_words(response) == [], path


def test_what_the_buttons_there_answer_is_translated(client: Client) -> None:
    petition = make_petition(**WORDS, organizers=[marked_organizer()])
    signature = make_shown_signature(petition, 1)
    waiting = make_signature(petition=petition, name="Kaya¤", language="en-xa")
    own = my_signature_url(signature).removeprefix(PREFIX)
    posts = [
        (f"/check-your-email/{waiting.key}/", {}),
        (f"{own}change/", {"name": "", "place": "Quillbury¤"}),
        (f"{own}change/", {"name": "Leif¤", "place": "Quillbury¤"}),
        (f"{own}unsubscribe/", {}),
        ("/find-my-signature/", {"email": "nowhere¤"}),
        ("/find-my-signature/", {"email": signature.email}),
        (not_me_path(signature).removeprefix(PREFIX), {}),
        (confirm_url(waiting), {}),
        (f"{own}withdraw/", {}),
    ]

    for path, fields in posts:
        response = client.post(PREFIX + path, fields, follow=True)

        assert response.status_code in (200, 400), path
        assert strange_words(response) == [], path


def test_a_link_that_comes_too_late_is_answered_in_translation(client: Client) -> None:
    petition = make_petition(**WORDS, organizers=[marked_organizer()])
    waiting = make_signature(petition=petition, name="Kaya¤", language="en-xa")
    long_ago = timezone.now() - timedelta(days=3)
    petition.close(outcome="lost", reason="Talks¤")
    Petition.objects.filter(pk=petition.pk).update(closed_at=long_ago)
    mark_all_words(Petition.objects.get(pk=petition.pk))

    for response in [
        client.get(PREFIX + confirm_url(waiting)),
        client.post(PREFIX + confirm_url(waiting)),
        client.get(PREFIX + sign_url(petition)),
        client.post(PREFIX + sign_url(petition), {"name": "A", "email": "a@b.org"}),
    ]:
        if response.status_code != 303:
            assert strange_words(response) == []


def test_every_mail_is_translated(client: Client) -> None:
    petition = make_petition(**WORDS, organizers=[marked_organizer()])
    signature = make_shown_signature(petition, 1)
    make_signature(petition=petition, email=signature.email, language="en-xa")
    make_signature(petition=petition, language="en-xa")
    make_update(petition, with_mail=True, title="Good¤ news¤", body="Read¤ *it¤*.")
    client.post(f"{PREFIX}/find-my-signature/", {"email": signature.email})
    worker.send_all_mail()
    make_ending(petition)
    mark_all_words(Petition.objects.get(pk=petition.pk))
    worker.send_all_mail()

    assert len(mail.outbox) >= 5
    for message in mail.outbox:
        ((html, _kind),) = message.alternatives
        assert untranslated_text(message.subject) == []
        assert untranslated_text(message.body) == [], message.subject
        assert untranslated(html) == [], message.subject


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing/", 404), ("/petitions/nothing/", 404)]
)
def test_what_goes_wrong_is_told_in_translation(
    client: Client, path: str, status: int
) -> None:
    response = client.get(PREFIX + path)

    assert response.status_code == status
    assert strange_words(response) == []


def test_a_page_of_too_many_requests_is_translated(client: Client) -> None:
    for number in range(11):
        response = client.post(
            f"{PREFIX}/find-my-signature/", {"email": f"a{number}@example.org"}
        )

    assert response.status_code == 429
    assert strange_words(response) == []


def test_a_word_that_was_never_marked_would_be_found() -> None:
    page = "<p>⟦Ŕéáď <b>⟦ţĥé⟧</b>⟧ Keep¤ <b>signed</b> 9</p><img alt='a mill'>"

    assert untranslated(page) == ["a", "mill", "signed"]
    assert "en-xa" in [code for code, _name in settings.LANGUAGES]
