"""How a petition is passed on: plain links, and no code of any service on our pages.

Each link says by `?via=…` which way it went. What is counted by it is a sum for each
petition, never who sent a link or who followed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.marks import mark
from petitions.models import Petition


class Channel(models.TextChoices):
    WHATSAPP = "wa", "WhatsApp"
    EMAIL = "em", gettext_lazy("E-mail")
    TEXT_MESSAGE = "sms", gettext_lazy("Text message")
    FACEBOOK = "fb", "Facebook"
    BLUESKY = "bs", "Bluesky"
    MASTODON = "ma", "Mastodon"
    DEVICE = "sh", gettext_lazy("Share button of the device")
    QR_CODE = "qr", gettext_lazy("QR code")
    PAPER = "paper", gettext_lazy("Paper sheet")


LONGEST_CHANNEL = 5
MARKS = frozenset(Channel.values)  # `values` makes its list anew each time


def known_channel(via: object) -> str:
    """The channel of that mark, or "" for anything else that stands in an address."""
    return str(via) if via in MARKS else ""


@dataclass(frozen=True)
class ShareLink:
    label: str
    url: str


class Share:
    """What one passes on about a petition, in the language of the page.

    On a sensitive petition nothing is written for the person who shares, no service is
    offered and no way is counted: there is a bare link.
    """

    def __init__(self, petition: Petition, *, has_signed: bool = False) -> None:
        self.petition = petition
        self.has_signed = has_signed

    @property
    def mark(self) -> str:
        """All that is shown of it, in short."""
        petition = self.petition
        words = petition.slug, petition.text.title, petition.sensitive
        return mark(self.has_signed, petition.is_won, petition.is_open, *words)

    @property
    def url(self) -> str:
        """The petition at its public address, without any mark."""
        return settings.SITE_URL + self.petition.get_absolute_url()

    @property
    def device_url(self) -> str:
        return self.url_by(Channel.DEVICE)

    @property
    def qr_url(self) -> str:
        return reverse("petition_qr", kwargs={"slug": self.petition.slug})

    @property
    def title(self) -> str:
        if self.petition.sensitive:
            return _("A petition")
        return " ".join(self.petition.text.title.split())

    @property
    def text(self) -> str:
        """A sentence to begin with; whoever shares can change it."""
        if self.petition.sensitive:
            return ""
        words = {"title": self.title}
        if self.petition.is_won:
            return _("“%(title)s”: this petition has won.") % words
        if not self.petition.is_open:
            return _("“%(title)s”: read what has become of it.") % words
        if self.has_signed:
            return _("I signed “%(title)s”. Will you sign it too?") % words
        return _("“%(title)s”: read it, and sign if you agree.") % words

    @property
    def links(self) -> list[ShareLink]:
        if self.petition.sensitive:
            return []
        return [
            ShareLink(str(channel.label), address(self, channel))
            for channel, address in ADDRESSES.items()
        ]

    def url_by(self, channel: str) -> str:
        return self.url if self.petition.sensitive else f"{self.url}?via={channel}"


def _whatsapp(share: Share, channel: Channel) -> str:
    return f"https://wa.me/?text={_text_and_link(share, channel)}"


def _email(share: Share, channel: Channel) -> str:
    body = quote(f"{share.text}\r\n\r\n{share.url_by(channel)}", safe="")
    return f"mailto:?subject={quote(share.title, safe='')}&body={body}"


def _text_message(share: Share, channel: Channel) -> str:
    """Some telephones want `?` before the text and some `&`; all take both."""
    return f"sms:?&body={_text_and_link(share, channel)}"


def _facebook(share: Share, channel: Channel) -> str:
    link = quote(share.url_by(channel), safe="")
    return f"https://www.facebook.com/sharer/sharer.php?u={link}"


def _bluesky(share: Share, channel: Channel) -> str:
    return f"https://bsky.app/intent/compose?text={_text_and_link(share, channel)}"


def _mastodon(share: Share, channel: Channel) -> str:
    """Mastodon's own page asks which server one is on.

    What stands behind the # is not sent to it: the page reads it in the browser.
    """
    return f"https://share.joinmastodon.org/#text={_text_and_link(share, channel)}"


def _text_and_link(share: Share, channel: Channel) -> str:
    """On two lines, so that a title written to the left leaves the link alone."""
    return quote(f"{share.text}\n{share.url_by(channel)}", safe="")


ADDRESSES = {
    Channel.WHATSAPP: _whatsapp,
    Channel.EMAIL: _email,
    Channel.TEXT_MESSAGE: _text_message,
    Channel.FACEBOOK: _facebook,
    Channel.BLUESKY: _bluesky,
    Channel.MASTODON: _mastodon,
}
