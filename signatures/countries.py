"""Which country is meant, by the words in which people write it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path

import django_countries
from django.conf import settings
from django.utils.translation import override
from django_countries import countries
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

NAMES = Path(django_countries.__file__).parent / "locale"

# What could pass for the codes of Namibia and Norway.
NO_ANSWER = ["n/a", "N/A", "no"]
# What people call them, beside what they are called.
ALSO = {
    "AE": ["EAU", "Emirates", "UAE"],
    "BA": ["Bosnia"],
    "CD": ["Congo-Kinshasa", "DR Congo", "DRC"],
    "CG": ["Congo-Brazzaville", "Republic of the Congo"],
    "CI": ["Ivory Coast"],
    "CV": ["Cape Verde"],
    "CZ": ["Czech Republic", "República Checa"],
    "GB": [
        *("Britain", "England", "Great Britain", "Inglaterra", "Northern Ireland"),
        *("Scotland", "UK", "Wales"),
    ],
    "IE": ["Republic of Ireland"],
    "KR": ["Korea"],
    "MM": ["Burma"],
    "NL": ["Holland", "Holanda"],
    "SZ": ["Swaziland"],
    "TL": ["East Timor"],
    "TR": ["Turkey"],
    "US": ["America", "EEUU", "Estados Unidos de América", "United States"],
    "VA": ["Holy See", "Vatican"],
}


def country_code(words: str) -> str:
    """The two letters for a country's name in any language; "" if unknown.

    Browsers fill the name in in a language of their own. Case, accents and signs make
    no difference. Codes of two and three letters will do.
    """
    if words.strip() in NO_ANSWER:
        return ""
    bare = _bare(words)
    return _codes().get(bare) or _codes_elsewhere().get(bare, "")


def country_name(code: str) -> str:
    """In the reader's language; what is no code is given back as it is."""
    return str(countries.name(code)) or code


def country_names() -> list[str]:
    """In the reader's language, in its order."""
    return [country.name for country in countries]


@lru_cache
def _codes() -> dict[str, str]:
    """By bare name, also without what stands in brackets if that means one alone."""
    exact: dict[str, str] = {}
    shortened: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in _names():
        exact[_bare(name)] = code
        shortened[_bare(re.sub(r"[(\[].*?[)\]]", "", name))].add(code)
    clear = {name: min(codes) for name, codes in shortened.items() if len(codes) == 1}
    return clear | exact | {code.casefold(): code for code in COUNTRIES}


@lru_cache
def _codes_elsewhere() -> dict[str, str]:
    """By bare name in the languages that the site does not speak, if that means one."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    with override(None):
        untranslated = {code: str(name) for code, name in COUNTRIES.items()}
    for file in NAMES.glob("*/LC_MESSAGES/django.mo"):
        with file.open("rb") as catalogue:
            names = GNUTranslations(catalogue)
        for code, name in untranslated.items():
            meant[_bare(names.gettext(name))].add(code)
    return {name: min(codes) for name, codes in meant.items() if len(codes) == 1}


def _names() -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield from ((country.code, country.name) for country in countries)
            yield from ((code, str(name)) for code, name in COUNTRIES.items())
            for code, old_names in CountriesBase.OLD_NAMES.items():
                yield from ((code, str(name)) for name in old_names)
    for code, names in ALSO.items():
        yield from ((code, name) for name in names)
    yield from ((code, countries.alpha3(code)) for code in COUNTRIES)


def _bare(words: str) -> str:
    """Its letters alone: "Côte d’Ivoire" is "cotedivoire", "the U.S.A." is "usa"."""
    plain = unicodedata.normalize("NFKD", words).casefold().replace("&", " and ")
    plain = re.sub(r"^\s*the\b", "", re.sub(r"\bst\b", "saint", plain))
    return "".join(letter for letter in plain if letter.isalnum())
