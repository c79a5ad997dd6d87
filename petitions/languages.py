"""The languages in which petitions may be written."""

from django.conf import settings
from django.utils.functional import Promise


def languages() -> list[tuple[str, str | Promise]]:
    """Asked when a form is made, so that one more language is no migration."""
    return list(settings.LANGUAGES)
