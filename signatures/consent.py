"""The words that signers agree to: those beside the button, as the form shows them.

A signature holds their digest. The words themselves are kept once, by the worker.
"""

from functools import lru_cache
from hashlib import blake2b
from html import unescape
from typing import NamedTuple, TypedDict

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags

from petitions.languages import languages
from signatures.forms import SignForm
from signatures.models import Wording


class Words(NamedTuple):
    digest: str
    text: str


class Digests(TypedDict):
    consent: str
    consent_if_sensitive: str


def digests(language: str) -> Digests:
    """What `Signature.objects.start` takes: petitions that are sensitive say more."""
    return {
        "consent": _words(language, is_sensitive=False).digest,
        "consent_if_sensitive": _words(language, is_sensitive=True).digest,
    }


def remember_wordings() -> int:
    """Keep the words that are in use now, in each language; say how many are new."""
    before = Wording.objects.count()
    Wording.objects.bulk_create(
        [
            Wording(digest=words.digest, language=language, text=words.text)
            for language, _name in languages()
            for words in (
                _words(language, is_sensitive=False),
                _words(language, is_sensitive=True),
            )
        ],
        ignore_conflicts=True,
    )
    return Wording.objects.count() - before


def _words(language: str, *, is_sensitive: bool) -> Words:
    sensitive = settings.SENSITIVE_SIGNERS_KEPT
    kept = sensitive if is_sensitive else settings.SIGNERS_KEPT
    return _rendered(language, is_sensitive, kept.days)


@lru_cache
def _rendered(language: str, is_sensitive: bool, kept_days: int) -> Words:  # noqa: FBT001  # for the cache
    context = {
        "form": SignForm(),
        "is_sensitive": is_sensitive,
        "kept_days": kept_days,
    }
    with translation.override(language):
        shown = unescape(strip_tags(render_to_string("_sign_consent.html", context)))
    lines = (" ".join(line.split()) for line in shown.splitlines())
    text = "\n".join(filter(None, lines))
    marked = f"{language}\n{text}".encode()
    return Words(blake2b(marked, digest_size=8).hexdigest(), text)
