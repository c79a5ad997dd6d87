"""How the link to a page looks where somebody shares it: Open Graph's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Update
from petitions.models import Petition

LONGEST_DESCRIPTION = 200


@dataclass(frozen=True)
class Preview:
    kind: str
    title: str
    description: str
    url: str
    language: str
    other_languages: tuple[str, ...] = ()
    image_url: str = ""
    image_alt: str = ""


def of_site(page: str, title: str) -> Preview:
    words = _(
        "Read what is asked and of whom, sign without an account, and take your name "
        "back whenever you like."
    )
    url = settings.SITE_URL + reverse(page)
    return Preview("website", title, words, url, get_language() or "en")


def of_petition(petition: Petition) -> Preview:
    if petition.sensitive:
        return _neutral(petition)
    text = petition.text
    description = Truncator(text.ask).chars(LONGEST_DESCRIPTION)
    return _of(petition, petition, text.title, description, text.language)


def of_update(petition: Petition, update: Update) -> Preview:
    if petition.sensitive:
        return _neutral(update)
    description = _("News about the petition “%(title)s”") % {
        "title": petition.text.title
    }
    return _of(petition, update, update.title, description, update.language)


def _of(
    petition: Petition,
    page: Petition | Update,
    title: str,
    description: str,
    language: str,
) -> Preview:
    translated = [one.language for one in petition.translation_list]
    languages = [petition.language, *translated]
    return Preview(
        "article",
        " ".join(title.split()),
        description,
        settings.SITE_URL + page.get_absolute_url(),
        language,
        other_languages=tuple(one for one in languages if one != language),
        image_url=settings.SITE_URL + petition.share_image_url,
        image_alt=petition.picture_alt or petition.text.title,
    )


def _neutral(page: Petition | Update) -> Preview:
    """What a locked telephone may show of a message with this link: nothing."""
    return Preview(
        "website",
        _("A petition"),
        _("Open the link to read it."),
        settings.SITE_URL + page.get_absolute_url(),
        get_language() or "en",
    )
