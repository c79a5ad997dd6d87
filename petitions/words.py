"""Words as they are searched: what is indexed and what is asked are made alike."""

import re
import unicodedata

LONGEST_QUERY = 100
MOST_WORDS = 8  # each is looked up in the index, which takes its time

# Accents, but on letters that are others without them the mark stays, as in «й».
ACCENTS = re.compile(r"(?<=[a-z\u0370-\u03ff])[\u0300-\u036f]+")
# Written without spaces: each sign is a word, so that a part of a title finds it.
UNPARTED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def plain(text: str) -> str:
    """In small letters, without accents and signs, its words parted by a space.

    Nothing in it is syntax to a database.
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = unicodedata.normalize("NFC", ACCENTS.sub("", letters))
    letters = UNPARTED.sub(r" \g<0> ", letters)
    signs = (sign if _is_in_word(sign) else " " for sign in letters)
    words = "".join(signs).split()
    return " ".join(word for word in words if any(map(str.isalnum, word)))


def asked(text: str) -> list[str]:
    """The words of a query, of which there is an end."""
    words = plain(text[:LONGEST_QUERY]).split()
    return list(dict.fromkeys(words))[:MOST_WORDS]


def _is_in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")
