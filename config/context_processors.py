from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import translation

from config.brand import logo_url
from config.languages import own_name
from config.stylesheet import admin_stylesheet_url, stylesheet_url


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    url: str
    is_current: bool
    is_default: bool


def site(request: HttpRequest) -> dict[str, object]:
    """What every template knows: the site, this page's address, its languages."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
        "exit_url": settings.EXIT_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "has_logo": bool(settings.SITE_LOGO),
        # Templates call these where they need them.
        "logo_url": logo_url,
        "stylesheet_url": stylesheet_url,
        "admin_stylesheet_url": admin_stylesheet_url,
        "languages": [_language(request, code) for code, _name in settings.LANGUAGES],
    }


def _language(request: HttpRequest, code: str) -> Language:
    return Language(
        code=code,
        name=own_name(code),
        url=_address_in(code, request.path),
        is_current=code == translation.get_language(),
        is_default=code == settings.LANGUAGE_CODE,
    )


def _address_in(code: str, path: str) -> str:
    """The same page in another language: all that differs is the prefix."""
    root, language = get_script_prefix(), translation.get_language()
    bare = path.removeprefix(root).removeprefix(f"{language}/")
    return root + bare if code == settings.LANGUAGE_CODE else f"{root}{code}/{bare}"
