"""What in a reason could harm somebody: ways to reach a person, and unwanted words.

A flag is a question to whoever reads the reason next, and no verdict. The patterns go
over a text once: none of them can be made to take long by what is typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from petitions.words import plain


class FlagKind(TextChoices):
    EMAIL = "email", _("E-mail address")
    LINK = "link", _("Link")
    STREET = "street", _("Street address")
    NUMBER = "number", _("Number of a person or a case")
    PHONE = "phone", _("Phone number")
    BLOCKED = "blocked", _("Word that is not wanted")


@dataclass(frozen=True)
class Flag:
    """What was found in a text, and from where to where."""

    kind: FlagKind
    start: int
    end: int

    def holds(self, other: Flag) -> bool:
        return self.start <= other.start and other.end <= self.end


def flags(reason: str, blocked_words: Sequence[str] = ()) -> list[Flag]:
    """All that should be looked at, in its order; nothing is named twice."""
    found = [*_of_patterns(reason), *_blocked(reason, blocked_words)]
    found.sort(key=lambda flag: (flag.start, -flag.end))
    kept: list[Flag] = []
    for flag in found:
        if not kept or not kept[-1].holds(flag):
            kept.append(flag)
    return kept


def parts(reason: str, found: Sequence[Flag]) -> Iterator[tuple[str, Flag | None]]:
    """The reason in pieces, each with the flag that it was given."""
    place = 0
    for flag in found:
        start = max(flag.start, place)
        if start > place:
            yield reason[place:start], None
        yield reason[start : flag.end], flag
        place = flag.end
    if place < len(reason):
        yield reason[place:], None


# E-mail addresses, as they are and as people write them to hide them from machines.
AT = r"(?:@|[ ]{0,3}[\[({]?[ ]?(?:\bat\b|\barroba\b|@)[ ]?[\])}]?[ ]{0,3})"
DOT = (
    r"(?:[ ]?\.|[ ]{0,3}[\[({]?[ ]?(?:\bdot\b|\bpunto\b|(?<=[ ([{])\.)"
    r"[ ]?[\])}]?[ ]{0,3})"
)
EMAIL = re.compile(
    rf"(?<![\w.+%-])[\w.+%-]{{1,64}}+{AT}[\w-]{{1,63}}+(?:{DOT}[\w-]{{1,63}}+){{0,5}}"
    rf"{DOT}[^\W\d_]{{2,24}}(?!\w)",
    re.IGNORECASE,
)

# Endings that links have; words that only look like one would be flagged too often.
ENDINGS = (
    "com|org|net|info|edu|gov|mil|int|app|dev|xyz|site|online|shop|store|club|blog|"
    "link|live|news|page|chat|wiki|zone|space|world|website|biz|name|pro|top|"
    "io|co|me|ly|gl|gg|tv|to|cc|ai|fm|im|sh|st|ws|eu|uk|us|ca|au|nz|ie|de|at|ch|fr|be|"
    "nl|lu|es|pt|it|gr|pl|cz|sk|hu|ro|bg|hr|si|rs|se|no|dk|fi|is|ee|lv|lt|ru|ua|by|tr|"
    "il|in|pk|cn|jp|kr|tw|hk|sg|my|id|ph|vn|th|za|ng|ke|eg|ma|mx|ar|cl|pe|uy|py|bo|ec|"
    "ve|cr|pa|gt|hn|sv|ni|do|cu|pr|br|cat"
)
LINK = re.compile(
    r"(?<![\w@.-])(?:"
    r"(?:https?|hxxps?|ftp)[ ]?:[ ]?//[^\s,;<>]{1,500}+"
    r"|www\.[^\s,;<>]{1,500}+"
    rf"|(?:[\w-]{{1,63}}+\.){{1,6}}(?:(?-i:{ENDINGS})|(?-i:{ENDINGS.upper()}))"
    r"(?![\w-])(?:[:/][^\s,;<>]{0,500}+)?"
    r"|[\w-]{1,63}+[ ]{1,3}(?:dot|punto)[ ]{1,3}(?:com|org|net|info|es|mx)(?!\w))",
    re.IGNORECASE,
)

# A number and a street, in English and in Spanish, whichever comes first.
WORD = r"[\w.'’ªº-]{1,30}+"
SOME_WORD = (
    r"(?!(?:the|in|on|of|at|by|for|to|from|and|or|is|was|are|were|have|has|a|an|our|my|"
    rf"your|their|this|that|with|times|years|hours)\b){WORD}"
)
NAMED = r"(?-i:[A-ZÁÉÍÓÚÑÜ0-9][\w.'’-]{0,30}+)"
WAYS = (
    r"street|avenue|ave|road|rd|lane|drive|boulevard|blvd|court|terrace|square|highway|"
    r"hwy|close|crescent|alley|parkway|pkwy|mews"
)
SHORT_WAYS = r"st|dr|ln|ct|pl|sq|rd|ave|row|way|place|loop|trail|walk"
CALLE = (
    r"(?:calle|c/|avenida|avda\.?|av\.|paseo|plaza|pza\.?|pl\.|carrera|camino|carretera|"
    r"ctra\.?|ronda|traves[ií]a|callej[oó]n|pasaje|bulevar|jir[oó]n|diagonal|calzada)"
)
OF_THE = r"(?:(?:de|del|la|las|los|el)[ ]){0,3}"
OTRA = (
    r"(?!(?:hace|desde|por|con|m[aá]s|unas|unos|y|que|durante|a|en|somos|para|hay|"
    rf"desde)\b){WORD}"
)
HOUSE = r"(?:[ ]?(?:no|n[.º°o]{1,2}|n[uú]m|n[uú]mero|number|\#)\.?)?[ ]?\d{1,5}[a-z]?"
AT_THE_END = r"(?!\w)(?![ ]{1,3}[^\W\d])"
STREET = re.compile(
    rf"(?<!\w)(?:"
    rf"\d{{1,5}}[a-z]?,?[ ](?:{SOME_WORD}[ ]){{1,3}}(?:{WAYS})(?!\w)"
    rf"|\d{{1,5}}[a-z]?,?[ ](?:{NAMED}[ ]){{1,3}}(?:{SHORT_WAYS})(?!\w)"
    rf"|{NAMED}[ ](?:{WAYS}|{SHORT_WAYS})\.?,?{HOUSE}(?!\w)"
    rf"|{WORD}[ ](?:{WAYS})\.?,?{HOUSE}{AT_THE_END}"
    rf"|{CALLE}[ ]?(?:{OTRA}[ ]?){{1,5}}?,?{HOUSE}{AT_THE_END}"
    rf"|{CALLE}[ ]?{OF_THE}(?:{NAMED}[ ]?){{1,4}}?,?{HOUSE}(?!\w)"
    rf"|\d{{1,5}}[a-z]?,?[ ]{CALLE}[ ]?{OF_THE}{WORD}"
    rf"|p\.?[ ]?o\.?[ ]?box[ ]\d{{1,6}}"
    rf"|(?:apt|apartment|suite|apto|dpto|depto|piso)\.?[ ]?\#?\d{{1,5}}(?!\w)"
    rf")",
    re.IGNORECASE,
)

# What offices know people by: a letter or two with many digits, or after such a word.
NUMBER = re.compile(
    r"(?<!\w)(?:"
    r"A[ #:.-]{0,3}\d(?:[ -]?\d){6,8}+(?!\w)"
    r"|(?-i:[A-Z]{1,3})[ -]?\d{6,10}+[ -]?(?-i:[A-Z]{0,2})(?!\w)"
    r"|\d{3}-\d{2}-\d{4}(?!\w)"
    r"|\d{1,2}\.?\d{3}\.?\d{3}[ -]?(?-i:[A-Z])(?!\w)"
    r"|\d{16,30}+(?!\w))",
    re.IGNORECASE,
)
NUMBER_AFTER_WORD = re.compile(
    r"(?<!\w)(?:case|docket|file|receipt|passport|alien|inmate|booking|detainee|ssn|"
    r"social[ ]security|expediente|causa|caso|proceso|pasaporte|dni|nie|curp|c[eé]dula|"
    r"seguridad[ ]social)[ ]?"
    r"(?:[ ]?(?:no|nr|num|number|n[uú]mero|n[uú]m|n[.º°]{1,2}|id))?[ .:#º°]{0,4}"
    r"(?P<number>[a-z]{0,4}[ :/-]?\d[\w:/.-]{3,40}+)",
    re.IGNORECASE,
)
FEWEST_DIGITS_OF_NUMBER = 5

# Digits with what people put between them. Which of them is a phone is told after.
DIGITS = re.compile(r"(?<![\w])(?:\+[ ]?)?\(?\d(?:[ .\-–/()]{0,3}\d)*+")
DIGITS_AFTER_WORD = re.compile(
    r"(?<!\w)(?:tel|phone|mobile|cell|call|text|whats[ ]?app|tel[eé]fono|m[oó]vil|"
    r"celular|ll[aá]m\w{1,6}+)(?:[ ](?:me|us|at|on|al|a)){0,2}[ .:]{0,3}"
    r"(?P<number>\d(?:[ .-]?\d){4,14}+)",
    re.IGNORECASE,
)
FEWEST_DIGITS_OF_PHONE = 7
YEAR = r"(?:1[4-9]|20)\d\d"
DAY = (
    rf"(?:\d{{1,2}}[ ./-]\d{{1,2}}[ ./-](?:{YEAR}|\d\d)"
    rf"|{YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}})"
)
NO_PHONE = re.compile(
    rf"(?:{DAY}|{YEAR})(?:[ ./()–-]{{1,3}}(?:{DAY}|{YEAR}))*(?:[ ]\d{{1,2}})?"
    r"|\d{1,2}(?:[ .]\d{3})+"
    r"|\d{1,3}(?:[ .]000)+"
)


def _of_patterns(reason: str) -> Iterator[Flag]:
    for kind, pattern in [
        (FlagKind.EMAIL, EMAIL),
        (FlagKind.LINK, LINK),
        (FlagKind.STREET, STREET),
        (FlagKind.NUMBER, NUMBER),
    ]:
        for match in pattern.finditer(reason):
            yield Flag(kind, *match.span())
    for match in NUMBER_AFTER_WORD.finditer(reason):
        if _digits_in(match["number"]) >= FEWEST_DIGITS_OF_NUMBER:
            yield Flag(FlagKind.NUMBER, *match.span("number"))
    for match in DIGITS_AFTER_WORD.finditer(reason):
        yield Flag(FlagKind.PHONE, *match.span("number"))
    for match in DIGITS.finditer(reason):
        if _is_phone(match[0]):
            yield Flag(FlagKind.PHONE, *match.span())


def _is_phone(run: str) -> bool:
    """As many digits as a phone has, that are no days, years or counted thousands."""
    is_long = _digits_in(run) >= FEWEST_DIGITS_OF_PHONE
    return is_long and not NO_PHONE.fullmatch(run.strip("() "))


def _digits_in(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _blocked(reason: str, blocked_words: Iterable[str]) -> Iterator[Flag]:
    """Whole words, however they are written; several only beside each other."""
    wanted = {tuple(words) for one in blocked_words if (words := plain(one).split())}
    if not wanted:
        return
    found = list(_words(reason))
    words = [word for word, _start, _end in found]
    for length in sorted({len(one) for one in wanted}):
        for place in range(len(words) - length + 1):
            if tuple(words[place : place + length]) in wanted:
                start, end = found[place][1], found[place + length - 1][2]
                yield Flag(FlagKind.BLOCKED, start, end)


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word, made plain, and where it stands."""
    for is_word, signs in groupby(range(len(text)), lambda at: _is_in_word(text[at])):
        if is_word:
            places = list(signs)
            start, end = places[0], places[-1] + 1
            for word in plain(text[start:end]).split():
                yield word, start, end


def _is_in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")
