"""What a page tells machines about itself."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import to_locale

register = template.Library()

# Open Graph wants a territory; these are the ones that services know best.
TERRITORIES = {
    "ar": "AR",
    "ca": "ES",
    "de": "DE",
    "en": "US",
    "es": "ES",
    "fr": "FR",
    "it": "IT",
    "nl": "NL",
    "pl": "PL",
    "pt": "PT",
}
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def structured_data(data: dict[str, object] | None) -> SafeString:
    """Data for search engines as a block of JSON-LD, which runs nothing.

    No word in it can end the block: Django's own json_script escapes in the same way,
    but knows one type only.
    """
    if data is None:
        return SafeString()
    words = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    escaped = mark_safe(words.translate(ESCAPES))  # noqa: S308  # holds no < > &
    return format_html('<script type="application/ld+json">{}</script>', escaped)


@register.filter
def og_locale(language: str) -> str:
    """es_ES for es, pt_BR for pt-br; "" where no territory goes without saying."""
    if "-" in language:
        return to_locale(language)
    territory = TERRITORIES.get(language)
    return f"{language}_{territory}" if territory else ""
