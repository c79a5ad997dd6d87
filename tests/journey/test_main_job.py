"""The main job, once, from the first look at the page to the end of the petition.

Real gunicorn, real worker, real mail server, real browser. Nothing here asks the site
for more than a person can see, save where it must be shown that nothing has happened.
"""

import re
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from petitions.models import Account, Petition, Role
from signatures.models import CountChange, Signature, SignatureState
from tests.journey.conftest import Town, Visitors, go
from tests.log_in import code_of_app
from tests.makers import (
    PASSWORD,
    make_account,
    make_confirmed_signature,
    make_organizer,
    make_petition,
    make_staff,
)
from tests.races.processes import wait_until

ADDRESS = "ada@example.org"
REASON = "My children walk over it every day."
SCANNERS = ["Mozilla/5.0", "GoogleImageProxy", "BarracudaCentral", "curl/8", ""]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_reading_to_closing(town: Town, visitors: Visitors) -> None:
    organizer_account, staff = make_account(role=Role.ORGANIZER), make_staff()
    organizer = make_organizer(name="Bridge Friends", member=organizer_account)
    petition = make_petition(organizers=[organizer])
    asked = [
        make_confirmed_signature(petition=petition, wants_updates=True).email
        for _signer in range(2)
    ]
    for _signer in range(7):
        make_confirmed_signature(petition=petition)
    make_confirmed_signature(wants_updates=True)  # of another petition

    signer = visitors.without_scripts_and_cookies()
    reader = visitors.with_scripts()
    see(reader, petition, "9 of 100 signatures")

    sign(signer, petition)
    link = link_in_mail(town, ADDRESS, "confirm")
    signature = Signature.objects.get(email=ADDRESS)

    let_scanners_open(link)
    let_scripts_run_on(link, visitors)
    signature.refresh_from_db()
    assert signature.state == SignatureState.PENDING
    assert not CountChange.objects.exists()

    confirm(signer, link)
    see(reader, petition, "10 of 100 signatures")
    see(reader, petition, "Reached 10 signatures")

    desk = visitors.with_scripts()
    log_in(desk, staff)
    expect(reader.get_by_text(REASON)).to_have_count(0)
    release_reason(desk)
    see(reader, petition, REASON)

    organizers_desk = visitors.with_scripts()
    log_in(organizers_desk, organizer_account)
    post_update(organizers_desk, petition, title="The council listens")
    see(reader, petition, "The council listens")
    wait_until(
        lambda: mailed(town, "The council listens") == sorted([*asked, ADDRESS]),
        what="the update mailed to exactly those who asked",
    )

    unsubscribe_with_one_click(town, ADDRESS)
    post_update(organizers_desk, petition, title="The council decides")
    wait_until(
        lambda: mailed(town, "The council decides") == sorted(asked),
        what="the next update mailed to those who still want it",
    )

    withdraw(signer, link_in_mail(town, ADDRESS, "my-signature"))
    see(reader, petition, "9 of 100 signatures")
    expect(reader.get_by_text("Reached 10 signatures")).to_have_count(0)
    expect(reader.get_by_text(REASON)).to_have_count(0)
    assert not Signature.objects.filter(email=ADDRESS).exists()

    close(desk, petition, reason="The council has agreed to talk.")
    see(reader, petition, "The council has agreed to talk.")
    expect(reader.get_by_role("button", name="Sign the petition")).to_have_count(0)
    assert post(f"{town.url}/petitions/{petition.slug}/sign/", form()) == 409

    assert mailed(town, "The council listens") == sorted([*asked, ADDRESS])
    assert mailed(town, "The council decides") == sorted(asked)
    assert signer.context.cookies() == []
    assert reader.context.cookies() == []


# What a supporter does


def form() -> dict[str, str]:
    return {"name": "Ada Example", "email": ADDRESS}


def sign(page: Page, petition: Petition) -> None:
    page.goto(petition.get_absolute_url())
    page.get_by_label("Full name").fill("Ada Example")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_text("Add your place or a reason").click()
    page.get_by_label("Why are you signing?").fill(REASON)
    page.get_by_label("E-mail me updates about this petition").check()
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("One more step")


def confirm(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Confirm my signature").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def withdraw(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("link", name="Remove my signature…").click()
    page.get_by_role("button", name="Remove my signature").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Delete it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your signature is removed"
    )


def see(page: Page, petition: Petition, words: str) -> None:
    """Reload the petition's page until it says so."""

    def says_so() -> bool:
        page.goto(petition.get_absolute_url())
        return words in page.locator("main").inner_text()

    wait_until(says_so, what=f"“{words}” on the page")


# What machines do


def let_scanners_open(link: str) -> None:
    for scanner in SCANNERS:
        for method in ["HEAD", "GET", "GET", "HEAD"]:
            assert ask(method, link, {"User-Agent": scanner}) == 200


def let_scripts_run_on(link: str, visitors: Visitors) -> None:
    page = visitors.with_scripts()
    page.goto(link, wait_until="networkidle")
    expect(page.get_by_role("button", name="Confirm my signature")).to_be_visible()
    page.close()


def unsubscribe_with_one_click(town: Town, address: str) -> None:
    """As mailbox providers do it: no cookie, no page, one POST (RFC 8058)."""
    mail = town.office.to(address)[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = mail["List-Unsubscribe"].strip(" <>")
    assert post(url, {"List-Unsubscribe": "One-Click"}) == 200


def post(url: str, words: dict[str, str]) -> int:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask("POST", url, headers, urlencode(words))


def ask(method: str, url: str, headers: dict[str, str], body: str = "") -> int:
    line = HTTPConnection(urlsplit(url).netloc, timeout=30)
    line.request(method, urlsplit(url).path, body or None, headers)
    status = line.getresponse().status
    line.close()
    return status


# What stands in the mail


def link_in_mail(town: Town, address: str, page: str) -> str:
    """Wait for a mail with a link to such a page, and give the link."""
    pattern = re.compile(rf"{town.url}/\S*\b{page}\b\S*")

    def links() -> list[str]:
        return [
            link
            for mail in town.office.to(address)
            for link in pattern.findall(mail.get_body(["plain"]).get_content())
        ]

    wait_until(links, what=f"a mail with a link to {page}")
    return links()[-1]


def mailed(town: Town, title: str) -> list[str]:
    """The addresses that have an update of that title, each as often as it came."""
    return sorted(
        mail["To"]
        for mail in town.office.mails
        if title in mail.get_body(["plain"]).get_content()
    )


# What organizers and staff do in the admin


def log_in(page: Page, account: Account) -> None:
    page.goto("/admin/")
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code that the app shows").fill(code_of_app(secret))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    expect(
        page.get_by_role("heading", name="What would you like to do?")
    ).to_be_visible()


def release_reason(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Signatures", exact=True).click()
    page.get_by_role("row", name=REASON).get_by_role("link").first.click()
    page.get_by_role("link", name="Release the reason").click()
    page.get_by_role("button", name="Release the reason").click()
    expect(page.get_by_text("Done: Release the reason.")).to_be_visible()


def post_update(page: Page, petition: Petition, *, title: str) -> None:
    open_in_admin(page, petition)
    go(page, page.get_by_role("link", name="Post an update"))
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill("It was a **good** day.")
    go(page, page.get_by_role("button", name="Preview"))
    page.get_by_role("checkbox", name="Yes, mail it to").check()
    page.get_by_role("button", name="Post now").click()
    expect(page.get_by_text("Posted. It is on the page now.")).to_be_visible()


def close(page: Page, petition: Petition, *, reason: str) -> None:
    open_in_admin(page, petition)
    go(page, page.get_by_role("link", name="Close", exact=True))
    page.get_by_label("How it ended").select_option("partly")
    page.get_by_label("In a sentence").fill(reason)
    page.get_by_label("There is no proof to link to").check()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Done: Close.")).to_be_visible()


def open_in_admin(page: Page, petition: Petition) -> None:
    page.goto("/admin/")
    go(page, page.get_by_role("link", name="Petitions", exact=True).last)
    go(page, page.get_by_role("link", name=petition.title))
