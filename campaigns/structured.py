"""What a page is, for search engines: schema.org's words, as JSON-LD.

schema.org has no petition, so it is a creative work that people endorse. Nothing is
told about a sensitive petition: whoever looks for it finds the page itself.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import Update
from petitions.dates import write_day
from petitions.models import Organizer, Petition, PetitionVersion

Data = dict[str, object]


def site() -> Data:
    return _graph({"@type": "WebSite", "name": settings.SITE_NAME, "url": _url("home")})


def petition_page(
    petition: Petition, version: PetitionVersion | None, *, is_paused: bool = False
) -> Data | None:
    if petition.sensitive or not petition.is_public:
        return None
    data = _petition(petition, version)
    if petition.is_open and not is_paused:
        data["potentialAction"] = _signing(petition)
    return _graph(data, _trail(petition))


def update_page(petition: Petition, update: Update) -> Data | None:
    if petition.sensitive:
        return None
    return _graph(_update(petition, update), _trail(petition, update))


def _petition(petition: Petition, version: PetitionVersion | None) -> Data:
    data: Data = {
        "@type": "CreativeWork",
        "@id": _of(petition),
        "url": _of(petition),
        "genre": "Petition",
        "name": petition.text.title,
        "abstract": petition.text.ask,
        "inLanguage": petition.text.language,
        "creativeWorkStatus": _status(petition),
        "author": [_organizer(one) for one in petition.organizer_list],
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/EndorseAction",
            "userInteractionCount": petition.signature_count,
        },
    }
    if petition.opened_at:
        data["datePublished"] = write_day(
            petition.opened_at, petition.opened_as_written
        )
    if version and version.number > 1:
        data["dateModified"] = write_day(version.made_at, "")
    return data


def _status(petition: Petition) -> str:
    if petition.is_won:
        return "Won"
    return "Open" if petition.is_open else "Closed"


def _signing(petition: Petition) -> Data:
    action: Data = {"@type": "EndorseAction", "target": f"{_of(petition)}#sign"}
    if petition.closes_at:
        action["endTime"] = petition.closes_at.isoformat()
    return action


def _organizer(organizer: Organizer) -> Data:
    is_person = organizer.kind == "person"
    return {
        "@type": "Person" if is_person else "Organization",
        "name": organizer.name,
        "url": _of(organizer),
    }


def _update(petition: Petition, update: Update) -> Data:
    return {
        "@type": "Article",
        "url": _of(update),
        "headline": update.title,
        "inLanguage": update.language,
        "datePublished": write_day(update.posted_at, update.posted_as_written),
        "about": {"@id": _of(petition), "name": petition.text.title},
    }


def _trail(petition: Petition, update: Update | None = None) -> Data:
    steps = [
        (settings.SITE_NAME, _url("home")),
        (_("Petitions"), _url("petitions")),
        (petition.text.title, _of(petition)),
    ]
    if update:
        steps.append((update.title, _of(update)))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _graph(*things: Data) -> Data:
    return {"@context": "https://schema.org", "@graph": list(things)}


def _of(thing: Petition | Organizer | Update) -> str:
    return settings.SITE_URL + thing.get_absolute_url()


def _url(name: str) -> str:
    return settings.SITE_URL + reverse(name)
