"""The picture that other sites show beside a link to a petition."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageChops

from petitions.models import Petition
from petitions.pictures import UploadField
from petitions.share_image import share_image
from tests.makers import make_draft, make_petition, make_translation

pytestmark = pytest.mark.django_db


def drawn(client: Client, petition: Petition, prefix: str = "") -> Image.Image:
    response = client.get(f"{prefix}/petitions/{petition.slug}/share.png")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    return Image.open(BytesIO(response.content)).convert("RGB")


def title_part(image: Image.Image) -> Image.Image:
    """Where the title stands, and no signature reaches."""
    return image.crop((0, 0, 500, 230))


def is_empty(image: Image.Image) -> bool:
    return len(image.getcolors() or []) == 1


def test_it_is_a_picture_of_the_size_that_others_ask_for(client: Client) -> None:
    petition = make_petition(title="Keep the bridge open")

    image = drawn(client, petition)

    assert image.size == (1200, 630)
    assert not is_empty(title_part(image))
    assert petition.share_image_url == f"/petitions/{petition.slug}/share.png"


def test_it_may_be_kept_for_a_day_and_sets_no_cookie(client: Client) -> None:
    response = client.get(f"/petitions/{make_petition().slug}/share.png")

    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies


def test_the_title_is_in_the_language_of_the_link(client: Client) -> None:
    petition = make_petition(title="Keep it")
    make_translation(petition, language="es", title="Que siga")

    images = drawn(client, petition), drawn(client, petition, "/es")

    assert ImageChops.difference(*map(title_part, images)).getbbox()


def test_a_sensitive_petition_is_not_named(client: Client) -> None:
    petition = make_petition(title="Keep the bridge open", sensitive=True)

    assert is_empty(title_part(drawn(client, petition)))


@pytest.mark.parametrize(
    "title", ["Сохраните мост", "橋を残そう", "Ødelæg ikke broen", "\u0301"]
)
def test_letters_that_the_font_has_not_are_left_out(title: str) -> None:
    image = Image.open(BytesIO(share_image(slug="a-bridge", title=title)))

    assert is_empty(title_part(image.convert("RGB")))


@pytest.mark.parametrize("letters", ["aá", "nñ", "ií", "uü", "AÀ", "oô", "cč"])
def test_accents_are_drawn(letters: str) -> None:
    without, with_accent = (
        Image.open(BytesIO(share_image(slug="a-bridge", title=f"M{letter}m")))
        for letter in letters
    )

    difference = ImageChops.difference(
        with_accent.convert("RGB"), without.convert("RGB")
    ).getbbox()

    assert difference
    assert difference[3] < 150  # above the letters, and nowhere else


def test_even_the_longest_title_leaves_room_for_the_signature() -> None:
    short = share_image(slug="a-bridge", title="W")
    long = share_image(slug="a-bridge", title="Wwww wwwwww " * 12)

    below = (0, 400, 1200, 630)
    images = [
        Image.open(BytesIO(one)).convert("RGB").crop(below) for one in (short, long)
    ]

    assert ImageChops.difference(*images).getbbox() is None


def test_what_is_not_public_has_none(client: Client) -> None:
    draft = make_draft()
    hidden = make_petition()
    hidden.hide(reason="It names a private person.")

    for petition in (draft, hidden):
        response = client.get(f"/petitions/{petition.slug}/share.png")
        assert response.status_code == 404


@pytest.mark.slow
def test_a_petition_with_a_picture_is_shared_with_it(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = BytesIO()
    Image.new("RGB", (900, 900), "green").save(file, "PNG")
    upload = SimpleUploadedFile("x.png", file.getvalue(), "image/png")
    picture = UploadField().clean(upload)

    petition = make_petition(picture=picture, picture_alt="A bridge")

    with Image.open(tmp_path / petition.share_image_url[len("/media/") :]) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 630))
    petition.sensitive = True
    assert petition.share_image_url.endswith("/share.png")
