"""Two languages that nobody speaks, to see what a real one would find.

- `en-xa`: ⟦Šéé ţĥé ƥéţíţíóñš óñé ţŵó⟧. What is not between the brackets on a page was
  never marked for translation; what no longer fits is too narrow for German.
- `ar`: Arabic letters from right to left, and six forms of the plural.

`write_catalogues(folder)` makes a folder for LOCALE_DIR. No program of gettext is
needed.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import django
import django_countries
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo

from tests.languages.messages import Key, all_messages

# What a translator leaves as it is: what is filled in, tags, entities.
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|{\w*}|<[^>]*>|&\w+;|&#\d+;)")
FORMAT = "format of "  # the context of messages that are formats of dates
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćďéƒĝĥíĵķĺɱñóƥɋŕšţúṽŵẋýžÁƁĆĎÉƑĜĤÍĴĶĹṀÑÓƤɊŔŠŢÚṼŴẊÝŽ"
ARABIC = "ابتدهفغحيجكلمنوبقرستوفوخيزابتدهفغحيجكلمنوبقرستوفوخيز"
TO_ACCENTED = str.maketrans(LATIN, ACCENTED)
TO_ARABIC = str.maketrans(LATIN, ARABIC)
MORE = "óñé ţŵó ţĥŕéé ƒóúŕ ƒíṽé šíẋ šéṽéñ éíĝĥţ ñíñé ţéñ " * 20


def write_catalogues(folder: Path) -> None:
    ours = all_messages()
    theirs = [
        *messages_of_package(django),
        *messages_of_package(django_countries),
    ]
    write(folder, "en_XA", "en", [*theirs, *ours], accented)
    write(folder, "ar", "ar", ours, arabic)  # the others have an Arabic of their own


def accented(words: str) -> str:
    """Forty per cent longer, for that is what German takes."""
    return f"⟦{_in(words, TO_ACCENTED)} {MORE[: max(2, len(words) * 2 // 5)].strip()}⟧"


def arabic(words: str) -> str:
    return _in(words, TO_ARABIC)


def _in(words: str, letters: dict[int, int]) -> str:
    parts = KEPT.split(words)
    return "".join(
        part if KEPT.fullmatch(part) else part.translate(letters) for part in parts
    )


def write(
    folder: Path,
    locale: str,
    rules: str,
    keys: Iterable[Key],
    translate: Callable[[str], str],
) -> None:
    """`rules` is the language whose plurals it has."""
    catalog = Catalog(locale=rules)
    for context, words in keys:
        catalog.add(words, _string(context, words, catalog, translate), context=context)
    file = folder / locale / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as compiled:
        write_mo(compiled, catalog)


def _string(
    context: str,
    words: str | tuple[str, str],
    catalog: Catalog,
    translate: Callable[[str], str],
) -> str | tuple[str, ...]:
    if context.startswith(FORMAT):
        return words
    if isinstance(words, str):
        return translate(words)
    forms = [translate(one) for one in words]
    return (forms[0], *forms[1:] * (catalog.num_plurals - 1))


def messages_of_package(package: object) -> list[Key]:
    """All that its Spanish knows: a site shows words of the framework too."""
    root = Path(package.__file__).parent
    keys: list[Key] = []
    for file in root.glob("**/locale/es/LC_MESSAGES/django.mo"):
        with file.open("rb") as compiled:
            keys += [
                (_text(one.context), one.id if isinstance(one.id, str) else (*one.id,))
                for one in read_mo(compiled)
                if one.id
            ]
    return keys


def _text(context: str | bytes | None) -> str:
    """Babel gives it as bytes when it reads a compiled catalogue."""
    return context.decode() if isinstance(context, bytes) else context or ""
