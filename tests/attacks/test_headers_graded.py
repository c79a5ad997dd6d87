"""What our answers say to browsers, graded as MDN's HTTP Observatory does."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client

from config.permissions import OFF
from tests.attacks.observatory import Answer, grade
from tests.attacks.site_on_https import HOST, site_on_https
from tests.attacks.world import World
from tests.makers import confirm_url, make_petition, make_signature

pytestmark = pytest.mark.django_db

LEAST = 130


@pytest.fixture(autouse=True)
def on_https() -> Iterator[None]:
    with site_on_https():
        yield


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": HOST})


def scanned(path: str) -> Answer:
    browser = Client(headers={"host": HOST})
    over_https, over_http = browser.get(path, secure=True), browser.get(path)
    assert over_https.status_code == 200
    return Answer.of(over_https, over_http=over_http, host=HOST)


def paths() -> dict[str, str]:
    petition = make_petition()
    return {
        "petition": petition.get_absolute_url(),
        "link": confirm_url(make_signature(petition=petition)),
        "log-in": "/accounts/login/",
    }


@pytest.mark.parametrize("page", ["petition", "link", "log-in"])
def test_the_observatory_gives_an_a_plus(page: str) -> None:
    graded = grade(scanned(paths()[page]))

    assert graded.letter == "A+", str(graded)
    assert graded.score >= LEAST, str(graded)
    assert min(points for _result, points in graded.results.values()) == 0, str(graded)


WEAKER = {
    "content-security-policy": "default-src 'self'",
    "referrer-policy": "unsafe-url",
    "strict-transport-security": "max-age=3600",
    "x-content-type-options": "",
    "cross-origin-resource-policy": "cross-origin",
    "cross-origin-opener-policy": "unsafe-none",
    "cross-origin-embedder-policy": "",
}


@pytest.mark.parametrize("name", sorted(WEAKER))
def test_each_header_is_worth_points(name: str) -> None:
    answer = scanned(paths()["petition"])

    weaker = replace(answer, headers={**answer.headers, name: WEAKER[name]})

    assert grade(weaker).score < grade(answer).score


@pytest.mark.parametrize(
    ("policy", "most"),
    [
        ("default-src 'none'; script-src 'self' 'unsafe-inline'", 85),
        ("default-src 'none'; script-src 'self' data:", 85),
        ("default-src 'none'; script-src 'self'; style-src 'unsafe-inline'", 140),
        ("default-src 'none'; script-src 'self' http://elsewhere.example", 85),
        ("default-src 'none'; script-src *", 85),
        ("", 75),
    ],
)
def test_a_policy_with_a_hole_is_graded_down(policy: str, most: int) -> None:
    answer = scanned(paths()["petition"])
    csp = {"content-security-policy": policy}

    assert grade(replace(answer, headers={**answer.headers, **csp})).score <= most


@pytest.mark.parametrize("lost", ["secure", "httponly", "samesite"])
def test_a_careless_cookie_is_graded_down(lost: str) -> None:
    answer = scanned(paths()["petition"])
    good = {"key": "s", "secure": True, "httponly": True, "samesite": "Strict"}
    session = {**good, "key": "__Host-session"}

    kept = grade(replace(answer, cookies=[session]))
    careless = grade(replace(answer, cookies=[{**session, lost: ""}]))

    assert kept.score > careless.score


def test_plain_http_leads_to_our_own_address_and_nowhere_else() -> None:
    answer = scanned(paths()["petition"])

    assert answer.http_leads_to.startswith(f"https://{HOST}/petitions/")
    for elsewhere in ["", f"http://{HOST}/", "https://elsewhere.example/"]:
        assert grade(replace(answer, http_leads_to=elsewhere)).score < (
            grade(answer).score
        )


def is_guarded(response: HttpResponse) -> list[str]:
    """What an answer of whatever kind lacks."""
    said = response.headers
    policy = said.get("Content-Security-Policy", "")
    allowed = said.get("Permissions-Policy", "").split(", ")
    guards = {
        "csp": "default-src 'none'" in policy.split("; "),
        "no inline": not re.search("unsafe|data:|http:|[*]", policy),
        "frames": "frame-ancestors 'none'" in policy,
        "frames of old": said.get("X-Frame-Options") == "DENY",
        "hsts": "includeSubDomains" in said.get("Strict-Transport-Security", ""),
        "nosniff": said.get("X-Content-Type-Options") == "nosniff",
        "opener": said.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": said.get("Cross-Origin-Resource-Policy") == "same-origin",
        "embedder": said.get("Cross-Origin-Embedder-Policy") == "require-corp",
        "referrer": said.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "permissions": {f"{feature}=()" for feature in OFF} <= set(allowed),
        "made by": not {"Server", "X-Powered-By", "Via"} & set(said),
    }
    return [name for name, is_so in guards.items() if not is_so]


@pytest.mark.slow
def test_every_page_is_guarded(browser: Client) -> None:
    world = World()
    answers = {
        path: browser.get(path, secure=True)
        for path in ["/robots.txt", "/sitemap.xml", "/healthz", *world.public_paths()]
    }

    assert {answer.status_code for answer in answers.values()} >= {200, 404, 410}
    bare = {path: lacks for path, one in answers.items() if (lacks := is_guarded(one))}
    assert bare == {}
    for path in world.secret_paths():
        assert answers[path]["Referrer-Policy"] == "no-referrer", path
        if answers[path].status_code != 405:
            assert "no-store" in answers[path]["Cache-Control"], path


def test_what_is_no_page_is_guarded_too(browser: Client) -> None:
    path = make_petition().get_absolute_url()
    tag = {"If-None-Match": browser.get(path, secure=True)["ETag"]}
    of_file = {"If-Modified-Since": "Sun, 22 Nov 2099 12:00:00 GMT"}
    answers = {
        "not changed": browser.get(path, secure=True, headers=tag),
        "without a slash": browser.get(path[:-1], secure=True),
        "not there": browser.get("/nothing/", secure=True),
        "not allowed": browser.put(path, secure=True),
        "not from here": browser.post(
            f"{path}sign/", secure=True, headers={"sec-fetch-site": "cross-site"}
        ),
        "incomplete": browser.post(f"{path}sign/", secure=True),
        "another host": browser.get(path, secure=True, headers={"host": "e.example"}),
        "a file": browser.get("/static/img/mark.svg", secure=True),
        "a file, not changed": browser.get(
            "/static/js/site.js", secure=True, headers=of_file
        ),
        "a file that is not there": browser.get("/static/nothing.js", secure=True),
        "no picture": browser.get("/media/nothing.webp", secure=True),
        "admin": browser.get("/admin/", secure=True),
        "admin, not allowed": browser.put("/admin/", secure=True),
    }

    for answer in answers.values():
        answer.close()
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert list(statuses.values()) == [
        *(304, 301, 404, 405, 403, 400, 400, 200, 304, 404, 404, 302, 405)
    ]
    bare = {name: lacks for name, one in answers.items() if (lacks := is_guarded(one))}
    assert bare == {}


def test_a_redirect_to_https_has_a_policy_too(browser: Client) -> None:
    response = browser.get("/petitions/")

    assert response.status_code == 301
    assert is_guarded(response) == ["hsts"]  # which plain http must not say


@pytest.mark.parametrize("path", ["/static/img/mark.svg", "/media/a.svg"])
def test_a_picture_can_do_nothing_when_it_is_opened(
    browser: Client, path: str, settings
) -> None:
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "a.svg").write_text("<svg/>")

    response = browser.get(path, secure=True)
    response.close()

    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    }


def test_passkeys_are_for_where_people_log_in(browser: Client) -> None:
    public = browser.get("/about/", secure=True)["Permissions-Policy"]
    log_in = browser.get("/accounts/login/", secure=True)["Permissions-Policy"]

    assert "publickey-credentials-get=()" in public
    assert "publickey-credentials-get=(self)" in log_in
