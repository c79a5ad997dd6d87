"""Somebody who has never been here starts a petition in one go, on a phone.

Without scripts: real gunicorn, real worker, real mail server, real browser.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from petitions.models import Account, Petition, PetitionState
from tests.journey.conftest import Town, Visitors
from tests.journey.test_main_job import link_in_mail
from tests.makers import make_petition, make_target, make_topic

ADDRESS = "rosa@example.org"
TITLE = "Keep the mill of Ostrey turning"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_the_start_page_to_review(town: Town, visitors: Visitors) -> None:
    council = make_target(name="Bo Lind", organization="Ostrey Council")
    make_petition(title="A bench by the sea", targets=[council])
    make_topic(name="Rivers")
    phone = visitors.on_a_phone_without_scripts()

    phone.goto("/")
    phone.get_by_role("link", name="Start a petition").first.click()
    phone.get_by_label("Title of the petition").fill(TITLE)
    go_on(phone)
    say_who_decides(phone)
    say_why(phone)
    hang_a_picture(phone)
    choose_goal(phone)
    phone.close()

    phone = phone.context.new_page()  # the next day, the same browser
    phone.goto("/start/")
    expect(phone.get_by_text(TITLE)).to_be_visible()
    phone.get_by_role("link", name="Go on with step 6 of 7").click()
    say_who_you_are(phone)
    mend_an_answer(phone)
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(heading(phone)).to_contain_text("confirm your address")

    mailbox = visitors.on_a_phone_without_scripts()
    mailbox.goto(link_in_mail(town, ADDRESS, "confirm"))
    assert not Account.objects.filter(email=ADDRESS).exists()
    expect(mailbox.get_by_text("Leave the wheel in the water.")).to_be_visible()
    mailbox.get_by_role("button", name="Confirm, and send it").click()
    expect(heading(mailbox)).to_contain_text("your petition is with us")
    mailbox.get_by_role("link", name="Choose a password").click()
    expect(mailbox.get_by_label("E-mail")).to_be_visible()

    petition = Petition.objects.get(title=TITLE)
    assert petition.state == PetitionState.REVIEW
    assert petition.ask == "Leave the wheel in the water."
    assert [str(one) for one in petition.targets.order_by("deliveries__position")] == [
        "Bo Lind, Ostrey Council",
        "Dana Petrova, Mayor",
    ]
    assert petition.picture
    assert petition.goal == 500
    assert [topic.name for topic in petition.topics.all()] == ["Rivers"]
    assert str(petition.organizers.get()) == "Mill Friends"
    assert list(petition.organizers.get().members.all()) == [
        Account.objects.get(email=ADDRESS)
    ]
    link_in_mail(town, ADDRESS, "password")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on", exact=True).last.click()


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def say_who_decides(page: Page) -> None:
    expect(heading(page)).to_have_text("Who can decide?")
    page.get_by_label("Search by name, office or body").fill("council")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Add Bo Lind, Ostrey Council").click()
    expect(page.get_by_role("button", name="Remove Bo Lind")).to_be_visible()
    page.get_by_role("textbox", name="Name (optional)").fill("Dana Petrova")
    office = page.get_by_role("textbox", name="Office (optional)")
    office.fill("Mayor")
    office.press("Enter")


def say_why(page: Page) -> None:
    expect(heading(page)).to_have_text("Why does it matter?")
    page.get_by_label("What you ask for").fill("Leave the wheel in the river.")
    page.get_by_label("Why it matters").fill("It has turned for **ages**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("strong", has_text="ages")).to_be_visible()
    go_on(page)


def hang_a_picture(page: Page) -> None:
    expect(heading(page)).to_have_text("Is there a picture?")
    file = BytesIO()
    Image.new("RGB", (1200, 700), "teal").save(file, "JPEG")
    upload = {"name": "mill.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    page.locator("input[type=file]").set_input_files(upload)
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Say what the picture shows")
    page.get_by_label("What the picture shows").fill("A mill")
    go_on(page)


def choose_goal(page: Page) -> None:
    expect(heading(page)).to_have_text("How far, how long, what about?")
    page.get_by_label("Goal").fill("500")
    closing = timezone.localdate() + timedelta(days=90)
    page.get_by_label("Closing day").fill(closing.isoformat())
    page.get_by_label("Rivers").check()
    go_on(page)
    expect(heading(page)).to_have_text("Who are you?")


def say_who_you_are(page: Page) -> None:
    page.get_by_label("Full name").fill("Rosa Example")
    page.get_by_label("A group, and I act for it").check()
    page.get_by_label("Name of the group").fill("Mill Friends")
    page.get_by_label("Town or region").fill("Ostrey")
    page.get_by_label("E-mail address").fill(ADDRESS)
    go_on(page)
    expect(heading(page)).to_have_text("Check your answers")


def mend_an_answer(page: Page) -> None:
    page.get_by_role("link", name="Change What you ask for").click()
    page.get_by_label("What you ask for").fill("Leave the wheel in the water.")
    go_on(page)
    expect(heading(page)).to_have_text("Check your answers")
