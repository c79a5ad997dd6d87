"""What a request says about its host, port and scheme reaches no link and no mail."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, override_settings

from campaigns import worker
from tests.attacks.site_on_https import HOST, site_on_https
from tests.attacks.world import World
from tests.html import Page
from tests.makers import make_petition, make_staff
from tests.signatures.acts import sign

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EVIL = "evil.example"
FORGED = {
    "Host": f"{EVIL}:6666",
    "X-Forwarded-Host": f"forwarded.{EVIL}",
    "X-Forwarded-Server": f"server.{EVIL}",
    "X-Forwarded-Port": "7777",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": f"/{EVIL}",
    "X-Original-URL": f"//{EVIL}/",
    "X-Rewrite-URL": f"//{EVIL}/",
    "Forwarded": f"host={EVIL};proto=https",
}
# Not amid a random key.
TRACES = [re.escape(EVIL), ":6666", r"\b7777\b"]


@pytest.fixture(autouse=True)
def any_host_is_taken() -> object:
    """As behind a proxy that was set up carelessly."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        yield


def traces_in(response: HttpResponse) -> list[str]:
    is_text = response["Content-Type"].startswith(
        ("text/", "application/", "image/svg")
    )
    said = response.content.decode() if is_text else ""
    said += "".join(f"{name}: {value}\n" for name, value in response.headers.items())
    return [trace for trace in TRACES if re.search(trace, said)]


def test_no_page_and_no_redirect_names_a_forged_host(log_in) -> None:
    world = World()
    stranger, owner = Client(headers=FORGED), log_in(world.accounts["owner"])
    owner.defaults |= stranger.defaults
    paths = ["/robots.txt", "/sitemap.xml", "/sitemap.xml?p=1", "/healthz", "/nothing/"]
    paths += [
        "/.well-known/security.txt",
        "/accounts/login/",
        "/admin",
        "/admin/login/",
    ]
    paths += [*world.public_paths(), "/petitions", "//evil.example/%2e%2e"]

    answers = {path: stranger.get(path) for path in paths}
    answers |= {path: owner.get(path) for path in world.admin_paths()}

    assert {path: bad for path, one in answers.items() if (bad := traces_in(one))} == {}


def test_absolute_links_to_ourselves_lead_to_the_sites_own_address() -> None:
    world = World()
    browser = Client(headers=FORGED)

    for path in world.public_paths():
        answer = browser.get(path)
        if answer["Content-Type"].startswith("text/html"):
            for element in Page.of(answer).all():
                for name in ("href", "src", "action", "content"):
                    link = urljoin("/", element.attributes.get(name, ""))
                    parts = urlsplit(link)
                    is_ours = parts.path.startswith(("/petitions/", "/confirm/"))
                    if is_ours and parts.netloc:
                        assert parts.netloc == "testserver", f"{path}: {link}"


def test_no_mail_names_a_forged_host() -> None:
    petition, staff = make_petition(), make_staff()
    browser = Client(headers=FORGED)
    sign(browser, petition)
    browser.post("/find-my-signature/", {"email": "ana@example.org"})
    browser.post("/accounts/password/reset/", {"email": staff.email})
    worker.send_all_mail()

    assert len(mail.outbox) >= 2
    for message in mail.outbox:
        said = message.message().as_string()
        assert [trace for trace in TRACES if re.search(trace, said)] == []
        assert set(re.findall(r"https?://[^/\s\"<]+", message.body)) == {
            "http://testserver"
        }


@pytest.mark.parametrize("host", [f"{HOST}:6666", EVIL, f"{EVIL}:6666"])
def test_plain_http_leads_to_the_sites_own_address(host: str) -> None:
    with site_on_https(ALLOWED_HOSTS=["*"]):
        response = Client(headers={"host": host}).get("/petitions/?q=a")

    assert response["Location"] == f"https://{HOST}/petitions/?q=a"
