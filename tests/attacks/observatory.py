"""The rules of MDN's HTTP Observatory, to grade our own answers without a network.

Written after https://github.com/mdn/mdn-http-observatory (src/analyzer/tests and
src/grader, 2026), whose scoring is published at
https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. Points for the
opener and embedder policies came with its pull request 498. Where it asks the network
(the list of preloaded hosts) nothing is given; the rest may only be harder here.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpResponse

from tests.html import Page

BASE = 100
LEAST_FOR_EXTRA = 90
GRADES = [
    *((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-")),
    *((60, "C+"), (50, "C"), (45, "C-"), (40, "D+"), (30, "D"), (25, "D-"), (0, "F")),
]
SIX_MONTHS = 15_552_000
BROAD = {
    *("*", "http:", "https:", "ftp:", "http://*", "https://*"),
    *("http://*.*", "https://*.*"),
}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE_REFERRERS = {
    *("no-referrer", "same-origin", "strict-origin"),
    "strict-origin-when-cross-origin",
}
UNSAFE_REFERRERS = {
    *("origin", "origin-when-cross-origin", "unsafe-url"),
    "no-referrer-when-downgrade",
}

Result = tuple[str, int]  # in the Observatory's words, and its points


@dataclass(frozen=True)
class Answer:
    """What a scan of one page sees: over https, and when it comes by http."""

    headers: dict[str, str]
    cookies: list[dict[str, object]]
    body: str
    http_leads_to: str  # "" where http is not answered with a redirect
    host: str

    @classmethod
    def of(
        cls, response: HttpResponse, *, over_http: HttpResponse, host: str
    ) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        is_html = headers.get("content-type", "").startswith("text/html")
        return cls(
            headers=headers,
            cookies=[{"key": key, **one} for key, one in response.cookies.items()],
            body=response.content.decode() if is_html else "",
            http_leads_to=over_http.headers.get("Location", ""),
            host=host,
        )


@dataclass(frozen=True)
class Grade:
    results: dict[str, Result]

    @property
    def score(self) -> int:
        """Extra points count only for who has an A without them."""
        points = [modifier for _result, modifier in self.results.values()]
        without_extra = BASE + sum(one for one in points if one < 0)
        if without_extra < LEAST_FOR_EXTRA:
            return max(without_extra, 0)
        return BASE + sum(points)

    @property
    def letter(self) -> str:
        return next(letter for least, letter in GRADES if self.score >= least)

    def __str__(self) -> str:
        lines = [
            f"{one:5} {name}: {what}" for name, (what, one) in self.results.items()
        ]
        return "\n".join([f"{self.letter} {self.score}", *lines])


def grade(answer: Answer) -> Grade:
    tests = {
        "content-security-policy": content_security_policy,
        "cookies": cookies,
        "cross-origin-resource-sharing": resource_sharing,
        "redirection": redirection,
        "referrer-policy": referrer_policy,
        "strict-transport-security": transport_security,
        "subresource-integrity": subresource_integrity,
        "x-content-type-options": content_type_options,
        "x-frame-options": frame_options,
        "cross-origin-resource-policy": resource_policy,
        "cross-origin-opener-policy": opener_policy,
        "cross-origin-embedder-policy": embedder_policy,
    }
    return Grade({name: test(answer) for name, test in tests.items()})


def directives(answer: Answer) -> dict[str, set[str]]:
    """The policy's directives; of those that stand twice the first counts."""
    found: dict[str, set[str]] = {}
    for part in answer.headers.get("content-security-policy", "").split(";"):
        name, *sources = part.split() or [""]
        if name:
            found.setdefault(name.lower(), {source.lower() for source in sources})
    return found


def content_security_policy(answer: Answer) -> Result:
    csp = directives(answer)
    if not csp:
        return "csp-not-implemented", -25
    default = csp.get("default-src", {"*"})
    script, style = csp.get("script-src", default), csp.get("style-src", default)
    active = {one for name, sources in csp.items() for one in _active(name, sources)}
    passive = csp.get("img-src", default) | csp.get("media-src", default)
    if script & (BROAD | INLINE) or csp.get("object-src", default) & BROAD:
        return "csp-implemented-with-unsafe-inline", -20
    if _is_insecure(active):
        return "csp-implemented-with-insecure-scheme", -20
    if "'unsafe-eval'" in script | style:
        return "csp-implemented-with-unsafe-eval", -10
    if _is_insecure(passive):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only", -10
    if style & (BROAD | INLINE):
        return "csp-implemented-with-unsafe-inline-in-style-src-only", 0
    # Its words ask for a bound form-action, its code does not look: we do.
    is_closed = default == {"'none'"} and not csp.get("form-action", {"*"}) & BROAD
    if is_closed:
        return "csp-implemented-with-no-unsafe-default-src-none", 10
    return "csp-implemented-with-no-unsafe", 5


def _active(name: str, sources: set[str]) -> set[str]:
    return set() if name in ("img-src", "media-src") else sources


def _is_insecure(sources: set[str]) -> bool:
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def cookies(answer: Answer) -> Result:
    """The worst of all cookies is what counts."""
    if not answer.cookies:
        return "cookies-not-found", 0
    is_strict = transport_security(answer)[1] == 0
    bad = [found for one in answer.cookies for found in _flaws(one, is_strict)]
    if bad:
        return min(bad, key=lambda result: result[1])
    if all(one["samesite"] for one in answer.cookies):
        return "cookies-secure-with-httponly-sessions-and-samesite", 5
    return "cookies-secure-with-httponly-sessions", 0


def _flaws(cookie: dict[str, object], is_strict: bool) -> list[Result]:
    name, same_site = str(cookie["key"]).lower(), str(cookie["samesite"]).lower()
    is_session = "sess" in name or "login" in name
    flaws: list[Result] = []
    if same_site not in ("", "lax", "strict", "none") or (
        same_site == "none" and not cookie["secure"]
    ):
        flaws.append(("cookies-samesite-flag-invalid", -20))
    if "csrf" in name and not same_site:
        flaws.append(("cookies-anticsrf-without-samesite-flag", -20))
    if not cookie["secure"]:
        points = (-10 if is_session else -5) if is_strict else -20 * (1 + is_session)
        flaws.append(("cookies-without-secure-flag", points))
    if is_session and not cookie["httponly"]:
        flaws.append(("cookies-session-without-httponly-flag", -30))
    return flaws


def resource_sharing(answer: Answer) -> Result:
    shown = answer.headers.get("access-control-allow-origin", "")
    if not shown:
        return "cross-origin-resource-sharing-not-implemented", 0
    with_secrets = answer.headers.get("access-control-allow-credentials") == "true"
    if with_secrets and shown != answer.host:
        return "cross-origin-resource-sharing-with-universal-access", -50
    return "cross-origin-resource-sharing-with-public-access", 0


def redirection(answer: Answer) -> Result:
    to = urlsplit(answer.http_leads_to)
    if not to.scheme:
        return "redirection-missing", -20
    if to.scheme != "https":
        return "redirection-not-to-https", -20
    if to.hostname != answer.host:
        return "redirection-off-host-from-http", -5
    return "redirection-to-https", 0


def referrer_policy(answer: Answer) -> Result:
    said = answer.headers.get("referrer-policy", "").lower()
    known = [
        word.strip()
        for word in said.split(",")
        if word.strip() in PRIVATE_REFERRERS | UNSAFE_REFERRERS
    ]
    if not said:
        return "referrer-policy-not-implemented", 0
    if known and known[-1] in PRIVATE_REFERRERS:
        return "referrer-policy-private", 5
    return "referrer-policy-unsafe", -5


def transport_security(answer: Answer) -> Result:
    said = answer.headers.get("strict-transport-security", "").lower()
    parts = dict(part.strip().partition("=")[::2] for part in said.split(";"))
    if not said:
        return "hsts-not-implemented", -20
    if "," in said or not parts.get("max-age", "").isdecimal():
        return "hsts-header-invalid", -20
    if int(parts["max-age"]) < SIX_MONTHS:
        return "hsts-implemented-max-age-less-than-six-months", -10
    return "hsts-implemented-max-age-at-least-six-months", 0


def subresource_integrity(answer: Answer) -> Result:
    scripts = Page.of(answer.body).all("script")
    loaded = [one.attributes for one in scripts if one.attributes.get("src")]
    foreign = [one for one in loaded if urlsplit(one["src"]).netloc]
    for one in foreign:
        if not one["src"].startswith("https://"):
            return "sri-external-scripts-not-loaded-securely", -50
        if not one.get("integrity"):
            return "sri-not-implemented-but-external-scripts-loaded-securely", -5
    if any(one.get("integrity") for one in loaded):
        return "sri-implemented-and-scripts-loaded-securely", 5
    return "sri-not-implemented-but-all-scripts-from-secure-origin", 0


def content_type_options(answer: Answer) -> Result:
    said = answer.headers.get("x-content-type-options", "").strip().lower()
    if said == "nosniff":
        return "x-content-type-options-nosniff", 0
    return "x-content-type-options-not-implemented", -5


def frame_options(answer: Answer) -> Result:
    if directives(answer).get("frame-ancestors"):
        return "x-frame-options-implemented-via-csp", 5
    said = answer.headers.get("x-frame-options", "").strip().lower()
    if said in ("deny", "sameorigin"):
        return "x-frame-options-sameorigin-or-deny", 0
    return "x-frame-options-not-implemented", -20


def resource_policy(answer: Answer) -> Result:
    points = {"same-origin": 10, "same-site": 10, "cross-origin": 0}
    return _by_word(answer, "cross-origin-resource-policy", points)


def opener_policy(answer: Answer) -> Result:
    isolating = ("same-origin", "same-origin-allow-popups", "noopener-allow-popups")
    points = {**dict.fromkeys(isolating, 10), "unsafe-none": 0}
    return _by_word(answer, "cross-origin-opener-policy", points)


def embedder_policy(answer: Answer) -> Result:
    points = {"require-corp": 10, "credentialless": 10, "unsafe-none": 0}
    return _by_word(answer, "cross-origin-embedder-policy", points)


def _by_word(answer: Answer, name: str, points: dict[str, int]) -> Result:
    said = answer.headers.get(name, "").partition(";")[0].strip()
    if not said:
        return f"{name}-not-implemented", 0
    if said not in points:
        return f"{name}-invalid", -5
    return f"{name}-implemented-with-{said}", points[said]
