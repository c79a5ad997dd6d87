"""The site's own colour and logo: all that a group sets to make the site its own.

A colour that people could not read, or a logo that could load something from
elsewhere, keeps the site from starting, with words that say what would do.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from config import logos
from config.colors import (
    ENOUGH,
    NEAR_BLACK,
    WHITE,
    contrast,
    is_color,
    mix,
    readable_on,
)
from petitions.pages import keep_by_hash

OURS, OURS_IN_THE_DARK = "#7a1f4b", "#ff9cc6"
MARK = Path(__file__).parents[1] / "static" / "img" / "mark.svg"


@dataclass(frozen=True, eq=False)
class Scheme:
    """Light or dark: what the brand's colour stands on (static/css/tokens.css)."""

    setting: str
    backgrounds: dict[str, str]
    surface: str
    towards: str  # mixed into a colour that is not read well enough
    advice: str


LIGHT = Scheme(
    "BRAND_COLOR",
    {"white": WHITE, "the page": "#fbfaf7", "sunken parts": "#f3f1eb"},
    surface=WHITE,
    towards=NEAR_BLACK,
    advice="a darker one",
)
DARK = Scheme(
    "BRAND_COLOR_DARK",
    {"dark cards": "#1d2026", "the dark page": "#14161a", "sunken parts": "#191c21"},
    surface="#1d2026",
    towards=WHITE,
    advice="a lighter one",
)


def css() -> str:
    return _css(settings.BRAND_COLOR, dark_color())


@lru_cache  # every page asks, for the address of the sheet
def _css(light_color: str, dark_color: str) -> str:
    light, dark = _tokens(light_color, LIGHT), _tokens(dark_color, DARK)
    return (
        f"@layer tokens {{\n:root {{ {light} }}\n"
        "@media screen and (prefers-color-scheme: dark) {\n"
        f":root {{ {dark} }}\n}}\n}}\n"
    )


def dark_color() -> str:
    """The colour on dark pages: as set, or the light one as light as it takes."""
    if settings.BRAND_COLOR_DARK:
        return str(settings.BRAND_COLOR_DARK)
    if settings.BRAND_COLOR == OURS:
        return OURS_IN_THE_DARK
    return _readable(settings.BRAND_COLOR, DARK)


def logo_url() -> str:
    return reverse("logo", args=[_logo(settings.SITE_LOGO).digest])


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The site's logo, or our mark in the site's colour."""
    found = _logo(settings.SITE_LOGO)
    response = HttpResponse(found.content, content_type=found.content_type)
    return keep_by_hash(response, is_current=digest == found.digest)


def check(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """A system check of Django's, so that no command runs with what it refuses."""
    return [
        Error(mistake, id=f"brand.E{number:03}")
        for number, mistake in enumerate(_mistakes(), start=1)
    ]


def insist() -> None:
    """The same for a server that runs no checks; raises ImproperlyConfigured."""
    mistakes = list(_mistakes())
    if mistakes:
        raise ImproperlyConfigured(" ".join(mistakes))


def _mistakes() -> Iterator[str]:
    if not is_color(settings.BRAND_COLOR):
        yield _not_a_color("BRAND_COLOR", settings.BRAND_COLOR)
    else:
        yield from _unreadable(settings.BRAND_COLOR, LIGHT)
        if settings.BRAND_COLOR_DARK and not is_color(settings.BRAND_COLOR_DARK):
            yield _not_a_color("BRAND_COLOR_DARK", settings.BRAND_COLOR_DARK)
        else:
            yield from _unreadable(dark_color(), DARK)
    if settings.SITE_LOGO:
        yield from logos.mistakes(Path(settings.SITE_LOGO))


def _not_a_color(name: str, value: str) -> str:
    return f"{name} is {value!r}, which is no colour: write it like {OURS}."


def _unreadable(color: str, scheme: Scheme) -> Iterator[str]:
    """The worst that is wrong with a colour, and one that would do."""
    ratios = {name: contrast(color, it) for name, it in _grounds(color, scheme).items()}
    ratios["its own buttons' words"] = contrast(color, readable_on(color))
    worst = min(ratios, key=lambda name: ratios[name])
    if ratios[worst] < ENOUGH:
        yield (
            f"{scheme.setting}: {color} has {ratios[worst]:.1f}:1 on {worst}, and "
            f"people need {ENOUGH}:1 to read it; choose {scheme.advice}, "
            f"such as {_readable(color, scheme)}."
        )


@lru_cache  # every page asks
def _readable(color: str, scheme: Scheme) -> str:
    """The nearest that is read well enough, in steps of a twentieth."""
    steps = (mix(scheme.towards, color, step / 20) for step in range(21))
    return next(
        one
        for one in steps
        if all(contrast(one, it) >= ENOUGH for it in _grounds(one, scheme).values())
    )


def _grounds(color: str, scheme: Scheme) -> dict[str, str]:
    return scheme.backgrounds | {"its own tint": _weak(color, scheme)}


def _weak(color: str, scheme: Scheme) -> str:
    return mix(color, scheme.surface, 0.08)


def _tokens(color: str, scheme: Scheme) -> str:
    on_brand, weak = readable_on(color), _weak(color, scheme)
    return f"--brand: {color}; --on-brand: {on_brand}; --brand-weak: {weak};"


@dataclass(frozen=True)
class Logo:
    content: bytes
    content_type: str
    digest: str


def _logo(file: str) -> Logo:
    return _read_logo(file, settings.BRAND_COLOR)


@lru_cache
def _read_logo(file: str, color: str) -> Logo:
    if file:
        path, content = Path(file), Path(file).read_bytes()
    else:
        path, content = MARK, MARK.read_bytes().replace(OURS.encode(), color.encode())
    content_type = logos.KINDS[path.suffix.lower()]
    return Logo(content, content_type, hashlib.sha256(content).hexdigest()[:12])
