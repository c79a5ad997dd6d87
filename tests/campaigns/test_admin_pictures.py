"""Pictures that organizers and staff upload."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from petitions.models import Account
from tests.campaigns.admin_forms import change_url, petition_form
from tests.makers import make_petition, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> SimpleUploadedFile:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, "red").save(file, kind, exif=exif)
    return SimpleUploadedFile("me.jpg", file.getvalue(), "image/jpeg")


def test_a_picture_is_stored_without_what_the_camera_wrote(
    log_in: LogIn, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    petition = make_petition()
    form = petition_form(petition, picture=picture("JPEG"), picture_alt="A bridge")

    log_in(make_staff()).post(change_url(petition), form)

    petition.refresh_from_db()
    with petition.picture.open() as file:
        stored = file.read()
    assert b"taken at home" not in stored
    assert Image.open(BytesIO(stored)).size == (40, 20)
    assert "me" not in petition.picture.name


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("x.jpg", b"no picture at all", "image/jpeg"),
        SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        picture("GIF"),
    ],
    ids=["nonsense", "svg", "gif"],
)
def test_a_bad_picture_is_refused_at_its_field(
    log_in: LogIn, upload: SimpleUploadedFile
) -> None:
    petition = make_petition()
    form = petition_form(petition, picture=upload, picture_alt="A bridge")

    response = log_in(make_staff()).post(change_url(petition), form)

    assert response.context["adminform"].form.errors.keys() == {"picture"}


def test_a_picture_without_words_is_refused_at_its_field(log_in: LogIn) -> None:
    petition = make_petition()
    form = petition_form(petition, picture=picture("JPEG"), picture_alt="")

    response = log_in(make_staff()).post(change_url(petition), form)

    assert response.context["adminform"].form.errors
    petition.refresh_from_db()
    assert not petition.picture


def test_a_picture_that_was_cut_off_is_refused_at_its_field(log_in: LogIn) -> None:
    petition = make_petition()
    whole = picture("JPEG", (400, 300)).read()
    half = SimpleUploadedFile("x.jpg", whole[: len(whole) // 2], "image/jpeg")
    form = petition_form(petition, picture=half, picture_alt="A bridge")

    response = log_in(make_staff()).post(change_url(petition), form)

    assert response.context["adminform"].form.errors.keys() == {"picture"}


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_taken_away_is_gone(
    log_in: LogIn, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    petition = make_petition()
    client = log_in(make_staff())
    form = petition_form(petition, picture=picture("JPEG"), picture_alt="A bridge")
    client.post(change_url(petition), form)
    petition.refresh_from_db()
    assert Path(petition.picture.path).is_file()
    old = Path(petition.picture.path)

    client.post(change_url(petition), petition_form(petition) | {"picture-clear": "on"})

    petition.refresh_from_db()
    assert not petition.picture
    assert not old.exists()
