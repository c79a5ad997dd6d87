"""Signatures as a file: whose name and address is in it, and who took it."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from campaigns.models import Event
from petitions.models import Account, Petition
from signatures import as_csv
from signatures.models import Signature
from signatures.models.signatures import CONSENTS_AFTER_SIGNING
from tests.makers import (
    make_confirmed_signature,
    make_draft,
    make_hidden_petition,
    make_moderator,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
COLUMNS = [
    *("row", "signed_on", "origin", "version", "language"),
    *("name", "place", "country", "email", "reason"),
    *("show_name", "wants_updates", "name_for_delivery", "organizer_may_write"),
    "consent",
]


@pytest.fixture
def petition(rosa: Account) -> Petition:
    return make_petition(organizers=[make_organizer(member=rosa)])


def export(client: Client, petition: Petition, **form: str):
    form = {"purpose": "To thank them.", **form}
    return client.post(f"/admin/petitions/petition/{petition.pk}/export/", form)


def rows(answer: StreamingHttpResponse) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def make_allowing(petition: Petition, **fields: object) -> Signature:
    """One that allows what is asked after signing."""
    signature = make_confirmed_signature(petition=petition, **fields)
    signature.name_for_delivery = signature.organizer_may_write = True
    signature.change(list(CONSENTS_AFTER_SIGNING))
    return signature


def test_the_file_holds_what_signers_let_be_had(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    typed = {"place": "Cusco", "country": "PE"}
    make_confirmed_signature(
        petition=petition,
        name="Quiet",
        email="q@example.org",
        reason="Mine.",
        wants_updates=True,
        **typed,
    )
    make_confirmed_signature(petition=petition, name="Open", show_name=True, **typed)
    make_allowing(petition, name="Given", email="given@example.org", **typed)
    with_reason = make_confirmed_signature(petition=petition, reason="For all.")
    with_reason.release_reason()

    answer = export(log_in(rosa), petition)

    found = rows(answer)
    assert list(found[0]) == COLUMNS
    assert [
        (one["row"], one["name"], one["place"], one["email"], one["reason"])
        for one in found
    ] == [
        ("1", "", "", "", ""),
        ("2", "Open", "Cusco", "", ""),
        ("3", "Given", "Cusco", "given@example.org", ""),
        ("4", "", "", "", "For all."),
    ]
    assert {one["signed_on"] for one in found} == {timezone.localdate().isoformat()}
    assert [one["country"] for one in found] == ["", "PE", "PE", ""]
    assert {(one["origin"], one["version"], one["language"]) for one in found} == {
        ("online", "1", "en")
    }
    assert [
        (one["show_name"], one["name_for_delivery"], one["organizer_may_write"])
        for one in found
    ] == [("", "", ""), ("yes", "", ""), ("", "yes", "yes"), ("", "", "")]


def test_a_country_of_few_is_told_beside_a_name_alone(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    for country in ["PE"] * 5 + ["BO"] * 4:
        make_confirmed_signature(petition=petition, country=country)
    make_confirmed_signature(petition=petition, country="BO").withdraw()
    make_confirmed_signature(country="BO")
    make_allowing(petition, country="AD")

    found = rows(export(log_in(rosa), petition))

    assert [one["country"] for one in found] == ["PE"] * 5 + [""] * 4 + ["AD"]


def test_what_is_taken_back_before_it_leaves_is_not_in_it(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    """The file is as all was when its first row left, not when it was asked for."""
    withdrawn, excluded, erased, silent = [
        make_allowing(petition, name=name) for name in ("Ana", "Bo", "Cy", "Di")
    ]
    answer = export(log_in(rosa), petition)

    withdrawn.withdraw()
    excluded.exclude()
    erased.erase()
    silent.name_for_delivery = silent.organizer_may_write = False
    silent.change(list(CONSENTS_AFTER_SIGNING))

    (row,) = rows(answer)
    assert (row["row"], row["name"], row["email"]) == ("1", "", "")
    assert Event.objects.get().note.startswith("4 rows")


def test_staff_get_no_more_than_organizers(log_in: LogIn, petition: Petition) -> None:
    make_confirmed_signature(petition=petition, name="Quiet", email="q@example.org")

    (row,) = rows(export(log_in(make_staff()), petition))

    assert (row["name"], row["email"]) == ("", "")


def test_of_a_sensitive_petition_nobody_is_named(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    """Also not those who allowed it before it was known to be sensitive."""
    make_allowing(
        petition, name="Ana Quispe", place="Cusco", country="PE", show_name=True
    )
    Petition.objects.filter(pk=petition.pk).update(sensitive=True)

    (row,) = rows(export(log_in(rosa), petition))

    kept = {"name", "place", "country", "email"}
    assert {row[name] for name in kept} == {""}


def test_only_those_that_count_are_in_it(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    counted = make_confirmed_signature(petition=petition, name="Ana", show_name=True)
    make_signature(petition=petition, name="Pending", show_name=True)
    make_confirmed_signature(name="Elsewhere", show_name=True)
    for act in ("withdraw", "exclude"):
        signature = make_confirmed_signature(petition=petition, show_name=True)
        getattr(signature, act)()

    found = rows(export(log_in(rosa), petition))

    assert [(one["row"], one["name"]) for one in found] == [("1", counted.name)]


def test_it_is_kept_by_nobody_on_the_way(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    answer = export(log_in(rosa), petition)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="signatures.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_a_purpose_is_needed_and_nothing_comes_without(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    answer = export(log_in(rosa), petition, purpose="  ")

    assert (answer.status_code, answer.streaming) == (200, False)
    assert list(answer.context["form"].errors) == ["purpose"]
    assert not Event.objects.exists()


def test_reading_the_page_takes_nothing_out(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    client = log_in(rosa)
    url = f"/admin/petitions/petition/{petition.pk}/export/?purpose=mine"

    answers = [client.get(url), client.head(url)]

    assert [(one.status_code, one.streaming) for one in answers] == [(200, False)] * 2
    assert not Event.objects.exists()


def test_who_took_it_and_why_is_written_before_the_first_byte(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    for _time in range(2):
        make_confirmed_signature(petition=petition)
    client = log_in(rosa)

    answer = export(client, petition, purpose="To count by country.")

    (event,) = Event.objects.all()  # nothing of the file has been asked for
    assert (event.kind, event.by, event.petition) == ("exported", rosa, petition)
    assert event.note == "2 rows: To count by country."
    assert len(rows(answer)) == 2
    page = client.get(f"/admin/petitions/petition/{petition.pk}/export/")
    assert b"2 rows: To count by country." in page.content


def test_the_longest_purpose_fits(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    answers = [export(log_in(rosa), petition, purpose="x" * n) for n in (400, 401)]

    assert [one.streaming for one in answers] == [True, False]
    assert Event.objects.get().note == "0 rows: " + "x" * 400


@pytest.mark.parametrize("page", ["export/", "hand-over/"])
def test_anothers_signatures_are_not_to_be_had(
    log_in: LogIn, rosa: Account, page: str
) -> None:
    foreign = make_petition()
    client = log_in(rosa)
    url = f"/admin/petitions/petition/{foreign.pk}/{page}"

    answers = [client.get(url), client.post(url, {"purpose": "x", "language": "en"})]

    assert [one.status_code for one in answers] == [404, 404]
    assert not Event.objects.exists()


@pytest.mark.parametrize("page", ["export/", "hand-over/"])
def test_moderators_and_strangers_take_nothing_out(
    client: Client, log_in: LogIn, petition: Petition, page: str
) -> None:
    url = f"/admin/petitions/petition/{petition.pk}/{page}"
    form = {"purpose": "x", "language": "en"}

    stranger = client.post(url, form).status_code
    moderator = log_in(make_moderator()).post(url, form).status_code

    assert (stranger, moderator) == (302, 403)
    assert not Event.objects.exists()


@pytest.mark.parametrize("page", ["export/", "hand-over/"])
def test_what_staff_took_down_only_staff_take_out(
    log_in: LogIn, rosa: Account, page: str
) -> None:
    hidden = make_hidden_petition(organizers=[make_organizer(member=rosa)])
    url = f"/admin/petitions/petition/{hidden.pk}/{page}"

    organizer = log_in(rosa).get(url).status_code
    staff = log_in(make_staff()).get(url).status_code

    assert (organizer, staff) == (403, 200)


@pytest.mark.parametrize("page", ["export/", "hand-over/"])
def test_there_is_nothing_to_be_had_of_a_draft(
    log_in: LogIn, rosa: Account, page: str
) -> None:
    draft = make_draft(organizers=[make_organizer(member=rosa)])

    answer = log_in(rosa).get(f"/admin/petitions/petition/{draft.pk}/{page}")

    assert answer.status_code == 404


def test_another_site_cannot_make_the_browser_take_it(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    log_in(rosa)
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = log_in(rosa).cookies

    assert export(forger, petition).status_code == 403


@contextmanager
def one_transaction() -> Iterator[None]:
    """Django would end a test's transaction with each request, but for its client's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_whole_site_passes_it_on_piece_by_piece(
    log_in: LogIn, rosa: Account, petition: Petition, monkeypatch
) -> None:
    """Through every layer, the page store too: the first piece before the last row."""
    monkeypatch.setenv("DATABASE_PATIENCE", "10")  # the program would set it for good
    from config.wsgi import application

    monkeypatch.setattr(as_csv, "PIECE", 1)
    for _time in range(3):
        make_confirmed_signature(petition=petition)
    client = log_in(rosa)
    page = client.get(f"/admin/petitions/petition/{petition.pk}/export/")
    token = page.context["csrf_token"]
    cookies = client.cookies.items()
    body = f"purpose=To+thank+them.&csrfmiddlewaretoken={token}".encode()
    environ = client._base_environ(
        PATH_INFO=f"/admin/petitions/petition/{petition.pk}/export/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(body)),
        HTTP_COOKIE="; ".join(f"{name}={one.value}" for name, one in cookies),
        HTTP_ACCEPT_ENCODING="gzip",
        HTTP_HOST="testserver",
    )
    environ["wsgi.input"] = BytesIO(body)
    headers: dict[str, str] = {}

    with one_transaction():
        answer = application(environ, lambda status, given: headers.update(given))
        pieces = iter(answer)
        first = next(pieces)
        others = list(pieces)

    assert first.startswith("\ufeff".encode() + b'"row"')
    assert first.count(b"\n") == 1
    assert len(others) >= 3
    assert not {"Content-Encoding", "Content-Length", "ETag"} & set(headers)


def test_a_reader_who_goes_away_leaves_nothing_open(petition: Petition) -> None:
    for _time in range(3):
        make_confirmed_signature(petition=petition)
    pieces = iter(as_csv.signature_file(petition))

    next(pieces)
    pieces.close()

    assert Signature.objects.count() == 3
    assert len(list(as_csv.signature_file(petition))) == 1
