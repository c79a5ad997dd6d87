"""Who signed on paper has the rights of who signed online, and is forgotten too."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.paper import count_sheet
from signatures.models import Sheet, SheetRow, Signature
from signatures.models.sheet_rows import Line, Verdict
from signatures.retention import forget, forget_sheets
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_sheet,
    make_petition,
    make_sheet,
    make_signature,
    make_staff,
    my_signature_url,
)
from tests.signatures.acts import count_now, send_mail

pytestmark = pytest.mark.django_db
ANA = Line("Ana Quispe", "Cusco", "ana@example.org")
BO = Line("Bo Vance", "Ostrey")


def test_counting_a_sheet_mails_nobody(mailoutbox) -> None:
    make_counted_sheet(lines=[ANA])

    send_mail()

    assert mailoutbox == []


def test_who_gave_an_address_finds_the_signature_by_it(
    client: Client, mailoutbox
) -> None:
    make_counted_sheet(lines=[ANA])

    client.post("/find-my-signature/", {"email": "ana@example.org"})
    send_mail()

    (mail,) = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert my_signature_url(Signature.objects.get()) in mail.body


def test_who_signed_on_paper_and_signs_online_hears_of_it(mailoutbox) -> None:
    petition = make_counted_sheet(lines=[ANA]).petition
    online = make_signature(petition=petition, email="ana@example.org")

    send_mail()
    online.confirm()

    (mail,) = mailoutbox
    assert "already" in mail.subject
    assert count_now(petition) == 1


def test_the_own_page_of_one_on_paper_works(client: Client) -> None:
    petition = make_counted_sheet(lines=[BO, ANA]).petition
    ana = Signature.objects.get(name="Ana Quispe")
    url = my_signature_url(ana)

    data = client.get(f"{url}data.json").json()
    client.post(f"{url}change/", {"name": "Ana Q.", "show_name": "on", "place": ""})
    shown = Page.of(client.get(petition.get_absolute_url()))
    client.post(f"{url}withdraw/")

    assert (data["origin"], data["sheet_and_line"]) == ("paper", [1, 2])
    assert "Ana Q." in shown.words
    assert count_now(petition) == 1


def test_one_that_was_signed_online_is_on_no_sheet() -> None:
    assert make_signature().as_data()["sheet_and_line"] is None


def test_staff_look_up_who_signed_on_paper(log_in) -> None:
    make_counted_sheet(lines=[ANA])
    form = {"look_up": "1", "address": "ana@example.org", "purpose": "She asked."}

    answer = log_in(make_staff()).post("/admin/signatures/signature/look-up/", form)

    assert str(Signature.objects.get()) in answer.content.decode()


def test_erasing_one_leaves_its_line_empty() -> None:
    sheet = make_counted_sheet(lines=[ANA])

    Signature.objects.get().erase()

    assert sheet.rows.get().line == Line()
    assert sheet.rows.get().signature is None


def test_who_signed_on_paper_is_forgotten_as_was_promised() -> None:
    sheet = make_counted_sheet(lines=[ANA])
    sheet.petition.close(outcome="lost", reason="The council has voted.")

    with time_machine.travel(timezone.now() + timedelta(days=182)):
        forget()
        assert Signature.objects.get().name == "Ana Quispe"
    with time_machine.travel(timezone.now() + timedelta(days=184)):
        forget()

    signature = Signature.objects.get()
    assert (signature.name, signature.email, signature.address_key) == ("", "", None)
    assert count_now(sheet.petition) == 1
    assert SheetRow.objects.get().signature is None


@pytest.mark.parametrize("others", [0, 1])
def test_who_was_counted_after_the_end_is_forgotten_too(others: int) -> None:
    """Also where nothing seemed to be left to forget, or only much later."""
    sheet = make_sheet(lines=[BO])
    Sheet.objects.update(kept_days=60)
    for _each in range(others):
        make_confirmed_signature(petition=sheet.petition)
    sheet.petition.close(outcome="lost", reason="The council has voted.")
    forget()

    with time_machine.travel(timezone.now() + timedelta(days=20)):
        count_sheet(Sheet.objects.get(), by=make_staff())
        signature = Signature.objects.get(name=BO.name)
        forget()
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        forget()

    signature.refresh_from_db()
    assert signature.name == signature.place == ""


@pytest.mark.parametrize(("sensitive", "days"), [(False, 30), (True, 30)])
def test_lines_that_can_count_no_more_are_emptied(
    *, sensitive: bool, days: int
) -> None:
    petition = make_petition(sensitive=sensitive)
    line = ANA._replace(verdict=Verdict.DOUBLE)
    sheet = make_sheet(petition, [line, BO])
    petition.close(outcome="lost", reason="The council has voted.")

    with time_machine.travel(timezone.now() + timedelta(days=days, hours=-1)):
        assert forget()["lines of sheets"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=days, hours=1)):
        assert forget()["lines of sheets"] == 2
        assert forget_sheets() == 0

    rows = [row.line for row in sheet.rows.order_by("position")]
    assert rows == [Line(verdict=Verdict.DOUBLE), Line()]


def test_lines_are_not_kept_longer_than_the_site_keeps_signers(settings) -> None:
    sheet = make_sheet(lines=[ANA])
    settings.SIGNERS_KEPT = timedelta(days=10)
    sheet.petition.close(outcome="lost", reason="The council has voted.")

    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert forget()["lines of sheets"] == 1


def test_lines_of_an_open_petition_stay() -> None:
    sheet = make_sheet(lines=[ANA])

    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert forget()["lines of sheets"] == 0

    assert sheet.rows.get().line == ANA
    assert Sheet.objects.get() == sheet
