"""Of a sensitive petition nobody learns how few have signed, nor at what moment."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle, tally
from campaigns.models import Milestone, Update
from petitions.goals import FEWEST_TOLD
from petitions.models import Petition
from petitions.templatetags.petition_text import meter_words, shown_count
from signatures.models import Signature
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
    make_target,
    make_topic,
    make_update,
    my_signature_url,
    sign_url,
    signed_url,
)
from tests.signatures.acts import count_now, send_mail
from tests.site.test_conventions import OUR_URLS

pytestmark = pytest.mark.django_db

SEVEN = re.compile(r"(?<![\w#/.:-])(7|seven)(?![\w/.:-])", re.IGNORECASE)
CLOCK = re.compile(r":42\b|[ap]\.m\.")  # of the moment when all of it happened
LINES_OF_A_SHEET = " ".join(map(str, range(1, 25)))


@pytest.fixture(autouse=True)
def afternoon(time_machine):
    time_machine.move_to("2026-03-09T15:42:23Z", tick=False)
    return time_machine


@pytest.fixture
def petition() -> Petition:
    """With seven signatures, some of them shown, and all else that a page may show."""
    petition = make_petition(
        sensitive=True,
        goal=5,
        organizers=[make_organizer()],
        targets=[make_target()],
        topics=[make_topic(name="Shelter")],
    )
    for number in range(7):
        signature = make_confirmed_signature(
            petition=petition,
            name="Ana Quispe",
            place="Cusco",
            show_name=number < 2,
            reason="For my sister." if number < 3 else "",
            wants_updates=not number,
        )
        signature.release_reason()
    tally.fold()
    make_update(petition)
    petition.refresh_from_db()
    return petition


def pages_that_count(petition: Petition) -> list[str]:
    home = petition.get_absolute_url()
    organizer, target, topic = (
        petition.organizers.get(),
        petition.targets.get(),
        petition.topics.get(),
    )
    (update,) = petition_updates(petition)
    return [
        *("/", "/es/", "/petitions/", "/petitions/?sort=most", "/feed/"),
        *("/sitemap.xml", home, f"/es{home}", f"{home}?paper=1"),
        *(f"{home}updates/", update, f"{home}reasons/", f"{home}versions/"),
        *(sign_url(petition), f"{home}count.json", f"{home}feed/"),
        *(organizer.get_absolute_url(), target.get_absolute_url()),
        topic.get_absolute_url(),
    ]


def petition_updates(petition: Petition) -> list[str]:
    return [one.get_absolute_url() for one in Update.objects.for_petition(petition)]


def said(client: Client, address: str) -> str:
    """All that can be read there, and what the page tells machines."""
    response = client.get(address)
    assert response.status_code == 200, address
    content = response.content.decode()
    if not response["Content-Type"].startswith("text/html"):
        return f"{content} {response.headers}"
    page = Page.of(response)
    values = [
        value
        for tag in ("meta", "progress", "time", "input")
        for one in page.all(tag)
        for name, value in one.attributes.items()
        if name in ("content", "value", "max", "datetime") and value
    ]
    words = page.words.replace(LINES_OF_A_SHEET, "")
    return " ".join([words, *values, str(response.headers)])


@pytest.mark.slow
@pytest.mark.parametrize("state", ["open", "closed", "won"])
def test_no_public_page_tells_how_few(
    client: Client, petition: Petition, state: str
) -> None:
    addresses = pages_that_count(petition)
    if state == "closed":
        petition.close(outcome="lost", reason="Agreed.")
    if state == "won":
        petition.win(summary="A house was found.")
    if state != "open":
        addresses = [one for one in addresses if one not in (sign_url(petition), "/")]

    for address in addresses:
        words = said(client, address)
        assert not SEVEN.search(words), address
        assert "Goal reached" not in words
    home = said(client, petition.get_absolute_url())
    assert re.search("(?i)fewer than 40", home)
    assert "Cusco" not in home
    assert "Quispe" not in home


def test_every_page_of_a_petition_is_walked(petition: Petition) -> None:
    pictures = {"petition_qr", "petition_share_image"}
    walked = " ".join(pages_that_count(petition))

    of_a_petition = [
        str(url.pattern)
        for url in OUR_URLS
        if str(url.pattern).startswith("petitions/<slug")
        and url.name not in pictures
        and "report" not in str(url.pattern)
    ]

    assert len(of_a_petition) >= 8
    for pattern in of_a_petition:
        end = pattern.removeprefix("petitions/<slug:slug>/").split("<")[0]
        assert f"{petition.get_absolute_url()}{end}" in walked


@pytest.mark.slow
def test_no_page_tells_at_what_time(client: Client, petition: Petition) -> None:
    Milestone.objects.create(petition=petition, threshold=50)

    for address in pages_that_count(petition):
        if address not in ("/", "/es/"):
            words = said(client, address)
            assert not CLOCK.search(words), address


def test_machines_get_a_bound_and_no_number(client: Client, petition) -> None:
    answer = client.get(f"{petition.get_absolute_url()}count.json").json()

    assert answer == {"count": None, "fewer_than": 40, "goal": 5, "state": "open"}


def test_others_and_many_are_counted_as_ever(client: Client) -> None:
    few = make_petition(signature_count=7)
    many = make_petition(signature_count=FEWEST_TOLD, sensitive=True)

    answers = [client.get(f"{one.get_absolute_url()}count.json") for one in (few, many)]

    assert [one.json()["count"] for one in answers] == [7, 40]
    assert "fewer_than" not in answers[0].json()
    assert meter_words(many.meter) == "40 of 100 signatures"
    assert shown_count(few) == "7"


def test_signers_are_not_told_either(client: Client, petition: Petition) -> None:
    signature = Signature.objects.latest("pk")

    pages = [signed_url(signature), my_signature_url(signature)]

    for address in pages:
        assert not SEVEN.search(said(client, address)), address


@pytest.mark.parametrize(("carried", "here", "tells"), [(50, 7, False), (50, 40, True)])
def test_few_are_not_found_by_subtraction(
    client: Client, carried: int, here: int, tells: bool
) -> None:
    petition = make_petition(
        sensitive=True,
        signature_count=carried + here,
        carried_over_count=carried,
        carried_over_source="paper",
    )

    words = said(client, petition.get_absolute_url())

    assert f"{carried + here} of 100" in words
    assert (f"{carried} carried over" in words) == tells


def test_milestones_begin_where_counts_are_told(client: Client) -> None:
    petition = make_petition(sensitive=True, signature_count=60)
    for threshold in (10, 50):
        Milestone.objects.create(petition=petition, threshold=threshold)

    for address in ("", "updates/", "feed/"):
        words = said(client, petition.get_absolute_url() + address)
        assert "Reached 50 signatures" in words
        assert "Reached 10 signatures" not in words


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["closed", "won"])
def test_mails_are_neutral_and_tell_no_number(
    petition: Petition, mailoutbox, ending: str
) -> None:
    Petition.objects.filter(pk=petition.pk).update(title="Shelter for Jonas")
    make_signature(petition=petition)
    make_update(petition, with_mail=True, title="Jonas is safe")
    send_mail()
    staff = make_staff()
    petition.refresh_from_db()
    if ending == "closed":
        lifecycle.close(
            petition, by=staff, outcome="lost", reason="Done.", with_mail=True
        )
    else:
        lifecycle.declare_victory(
            petition, by=staff, summary="Done.", story="", with_mail=True
        )
    send_mail()

    assert len(mailoutbox) >= 9
    for mail in mailoutbox:
        outside = f"{mail.subject} {mail.from_email} {dict(mail.extra_headers)}"
        assert "Jonas" not in outside
        assert "Shelter" not in outside
        bodies = mail.body + str(mail.alternatives)
        assert not SEVEN.search(bodies)


def test_reasons_are_read_before_they_are_shown(settings) -> None:
    settings.REASONS_SHOWN = "at_once"

    signature = make_confirmed_signature(
        petition=make_petition(sensitive=True), reason="For my sister."
    )

    assert signature.public_reason == ""


def test_signers_are_kept_for_a_month(time_machine) -> None:
    signature = make_confirmed_signature(petition=make_petition(sensitive=True))
    signature.petition.close(outcome="lost", reason="Done.")
    call_command("forget")

    time_machine.shift(timedelta(days=30))
    call_command("forget")

    signature.refresh_from_db()
    assert signature.forgotten_at == timezone.now()
    assert count_now(signature.petition) == 1
