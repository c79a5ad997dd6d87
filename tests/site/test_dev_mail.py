"""A newcomer reads the mail that was "sent", and goes on by its links."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import RequestFactory
from pytest_django import Settings

from config.dev_mail import dev_mail
from tests.html import Element, Page


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def send(*, subject: str, text: str) -> None:
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with get_connection(backend) as line:
        mail = EmailMultiAlternatives(subject, text, to=["ana@example.org"])
        mail.attach_alternative("<p>The same, in colors.</p>", "text/html")
        line.send_messages([mail])


def page() -> Element:
    return Page.of(dev_mail(RequestFactory().get("/dev/mail/")))


def test_the_newest_mail_comes_first(folder: Path) -> None:
    send(subject="One", text="1")
    send(subject="Two", text="2")

    assert [mail.one("h2").words for mail in page().all("article")] == ["Two", "One"]


def test_it_leads_to_no_page_in_another_language_as_there_is_none(folder: Path) -> None:
    assert page().all("a", lang="es") == []


def test_a_long_subject_is_read_as_it_was_written(folder: Path) -> None:
    subject = "Bitte bestätigen: " + "Brücken über den unteren Fluß erhalten " * 4

    send(subject=subject.strip(), text="1")

    (mail,) = page().all("article")
    assert mail.one("h2").words == subject.strip()
    assert mail.one("h2").parts[0] == subject.strip()


def test_the_links_of_a_mail_come_first_and_once(folder: Path) -> None:
    link = "http://testserver/confirm/abc/"

    send(subject="One", text=f"Open {link}\n\nOr copy it: {link}\n")

    (mail,) = page().all("article")
    (listed,) = mail.one("ul").all("a")
    assert listed.attributes["href"] == link
    assert "To ana@example.org" in mail.words
    assert {one.attributes["href"] for one in mail.one("pre").all("a")} == {link}


def test_without_mail_it_says_what_to_do(folder: Path) -> None:
    assert "Nothing has been sent yet" in page().words
