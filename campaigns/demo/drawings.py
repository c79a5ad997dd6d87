"""Pictures for some of the demo petitions, attached as an upload would be."""

from collections.abc import Iterable
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from petitions.models import Petition
from petitions.pictures import UploadField

FOLDER = Path(__file__).parent / "pictures"
CREDIT = "Drawn for this demo"
SHOWN = {
    "keep-the-library-open-on-saturdays": (
        "A small library at dusk. Light and rows of books show in its tall windows."
    ),
    "bring-back-the-winter-ferry": (
        "A small white ferry with lit windows crosses a cold sea in light snow."
    ),
    "keep-the-night-bus": (
        "At night, a red bus comes to a lit stop where one person is waiting."
    ),
    "tell-us-what-is-in-the-wenna": (
        "A heron stands in a calm river. Behind it, gray water runs out of a pipe."
    ),
}


def hang_drawings(petitions: Iterable[Petition]) -> None:
    for petition in petitions:
        if petition.slug not in SHOWN:
            continue
        drawing = (FOLDER / f"{petition.slug}.webp").read_bytes()
        upload = SimpleUploadedFile("drawing.webp", drawing, "image/webp")
        petition.picture = UploadField().clean(upload)
        petition.picture_alt = SHOWN[petition.slug]
        petition.picture_credit = CREDIT
        petition.save(update_fields=["picture", "picture_alt", "picture_credit"])
