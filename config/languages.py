"""The languages of the site: English, and each that has a folder of catalogues.

So the next language needs a `.po` and a `.mo`, and not a line of code.
"""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy, to_language

# The words of the code itself.
SOURCE = "en"


def found_in(folders: list[Path]) -> list[tuple[str, str | Promise]]:
    """Codes and names, as settings.LANGUAGES wants them; English first."""
    for folder in folders:
        if not folder.is_dir():
            raise ImproperlyConfigured(f"There is no folder of languages at {folder}.")
    codes = {
        to_language(catalogue.parents[1].name)
        for folder in folders
        for catalogue in folder.glob("*/LC_MESSAGES/django.mo")
    }
    others = sorted(codes - {SOURCE})
    return [(code, gettext_lazy(_name(code))) for code in [SOURCE, *others]]


def own_name(code: str) -> str:
    """What a language calls itself; its code, where Django does not know it."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def _name(code: str) -> str:
    """In English; Django's own catalogues translate it."""
    general = code.partition("-")[0]
    known = LANG_INFO.get(code) or LANG_INFO.get(general) or {}
    return str(known.get("name", code))
