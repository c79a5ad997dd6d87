"""Pictures that organizers and staff upload."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from campaigns import lifecycle
from petitions.models import Account, Petition
from tests.campaigns.admin_forms import change_url, petition_form
from tests.html import Page
from tests.makers import make_organizer, make_petition, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
Upload = Callable[..., Petition]

BESIDE = ["-480.webp", "-960.webp", "-share.jpg", ".webp"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def upload(log_in: LogIn) -> Upload:
    """Gives a petition a picture, as staff do; the petition as it is then."""
    client = None

    def upload_to(petition: Petition, file: SimpleUploadedFile) -> Petition:
        nonlocal client
        client = client or log_in(make_staff())
        form = petition_form(petition, picture=file, picture_alt="A bridge")
        assert client.post(change_url(petition), form).status_code == 302
        petition.refresh_from_db()
        return petition

    return upload_to


def names(folder: Path) -> list[str]:
    """The files of a picture, by what follows the number that nobody can guess."""
    files = [path.name for path in folder.rglob("*") if path.is_file()]
    assert len({name[:32] for name in files}) <= 1
    return sorted(name[32:] for name in files)


def picture(kind: str, size: tuple[int, int] = (400, 200)) -> SimpleUploadedFile:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, "red").save(file, kind, exif=exif)
    return SimpleUploadedFile("me.jpg", file.getvalue(), "image/jpeg")


def losing_events(execute: Callable, sql: str, *others: object) -> object:
    """The plug is pulled after the picture is saved, before the commit."""
    if "INSERT INTO" in sql and "campaigns_event" in sql:
        raise InterruptedError
    return execute(sql, *others)


def test_a_picture_is_stored_without_what_the_camera_wrote(
    upload: Upload, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))

    assert names(folder) == [f"-1000x500{ending}" for ending in BESIDE]
    for path in folder.rglob("*.*"):
        assert b"taken at home" not in path.read_bytes()
        with Image.open(path) as image:
            assert not image.getexif()
    assert "me" not in petition.picture.name


@pytest.mark.slow
def test_a_picture_is_kept_in_the_sizes_that_screens_need(
    upload: Upload, folder: Path
) -> None:
    upload(make_petition(), picture("JPEG", (3200, 1800)))

    sizes = []
    for path in sorted(folder.rglob("*.*")):
        with Image.open(path) as image:
            sizes.append(image.size)
    assert names(folder) == [f"-1600x900{ending}" for ending in BESIDE]
    assert sizes == [(480, 270), (960, 540), (1200, 630), (1600, 900)]


def test_a_small_picture_is_not_enlarged(upload: Upload, folder: Path) -> None:
    petition = upload(make_petition(), picture("PNG", (600, 800)))

    assert names(folder) == ["-600x800-480.webp", "-600x800-share.jpg", "-600x800.webp"]
    assert [int(width) for width in re.findall(r"(\d+)w", petition.picture.srcset)] == [
        480,
        600,
    ]


def test_a_grey_picture_of_16_bits_keeps_its_greys(
    upload: Upload, folder: Path
) -> None:
    file = BytesIO()
    Image.new("I;16", (400, 400), 0x8000).save(file, "PNG")

    upload(make_petition(), SimpleUploadedFile("x.png", file.getvalue()))

    with Image.open(next(folder.rglob("*-400x400.webp"))) as image:
        assert all(abs(grey - 0x80) < 4 for grey in image.getpixel((200, 200)))


@pytest.mark.slow
def test_even_a_busy_picture_is_light_on_a_telephone(
    upload: Upload, folder: Path
) -> None:
    noise = Image.effect_noise((400, 225), 30).resize((1600, 900)).convert("RGB")
    file = BytesIO()
    noise.save(file, "JPEG", quality=95)

    upload(make_petition(), SimpleUploadedFile("x.jpg", file.getvalue()))

    (for_phones,) = folder.rglob("*-960.webp")
    assert for_phones.stat().st_size <= 90_000


def test_an_organizer_has_a_small_picture(log_in: LogIn, folder: Path) -> None:
    organizer = make_organizer()
    form = {
        "name": organizer.name,
        "slug": organizer.slug,
        "kind": "person",
        "picture": picture("PNG", (700, 700)),
        "picture_alt": "Rosa",
    }

    log_in(make_staff()).post(
        f"/admin/petitions/organizer/{organizer.pk}/change/", form
    )

    assert names(folder) == [
        f"-700x700{end}" for end in ("-160.webp", "-480.webp", ".webp")
    ]


def test_the_page_lets_the_browser_choose_and_never_shifts(
    upload: Upload, client: Client, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))

    page = client.get(petition.get_absolute_url()).content.decode()

    (tag,) = re.findall(r'<img class="cover__picture".*?>', page, re.DOTALL)
    stem = petition.picture.url.removesuffix(".webp")
    assert (
        f'srcset="{stem}-480.webp 480w, {stem}-960.webp 960w, {stem}.webp 1000w"' in tag
    )
    assert 'width="1000" height="500"' in tag
    assert 'alt="A bridge"' in tag
    for url in re.findall(r"/media/[^\s\",]+", tag):
        assert (folder / url.removeprefix("/media/")).is_file()


def test_a_picture_from_before_there_were_sizes_is_shown(
    client: Client, folder: Path
) -> None:
    petition = make_petition(picture="petitions/old.webp", picture_alt="A bridge")

    page = client.get(petition.get_absolute_url()).content.decode()

    (tag,) = re.findall(r'<img class="cover__picture".*?>', page, re.DOTALL)
    assert 'src="/media/petitions/old.webp"' in tag
    assert "srcset" not in tag
    assert petition.share_image_url == f"/petitions/{petition.slug}/share.png"
    assert petition.picture.url in client.get("/petitions/").content.decode()


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("x.jpg", b"no picture at all", "image/jpeg"),
        SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        picture("GIF"),
        picture("PNG", (1600, 1)),
    ],
    ids=["nonsense", "svg", "gif", "thin"],
)
def test_a_bad_picture_is_refused_at_its_field(
    log_in: LogIn, file: SimpleUploadedFile, folder: Path
) -> None:
    petition = make_petition()
    form = petition_form(petition, picture=file, picture_alt="A bridge")

    response = log_in(make_staff()).post(change_url(petition), form)

    assert response.context["adminform"].form.errors.keys() == {"picture"}
    assert names(folder) == []


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


def test_the_form_shows_the_picture_and_not_where_it_is_stored(
    upload: Upload, client: Client
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))

    form = Page.of(client.get(change_url(petition))).one("form", id="petition_form")

    shown = form.one("div", class_="picture-input")
    image = shown.one("img")
    assert image.attributes["src"] == petition.picture.url
    assert image.attributes["alt"] == "A bridge"
    assert petition.picture.name not in form.words
    assert shown.words == "Remove the picture Another picture:"
    assert [one.attributes["name"] for one in shown.all("input")] == [
        "picture-clear",
        "picture",
    ]
    assert shown.one("input", type="file").attributes["id"] == "id_picture"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_taken_away_is_gone_in_every_size(
    upload: Upload, client: Client, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))
    assert len(names(folder)) == 4

    client.post(change_url(petition), petition_form(petition) | {"picture-clear": "on"})

    petition.refresh_from_db()
    assert not petition.picture
    assert names(folder) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_replaced_is_gone_in_every_size(
    upload: Upload, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))

    upload(petition, picture("PNG", (1000, 800)))

    assert names(folder) == [f"-1000x800{ending}" for ending in BESIDE]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_picture_stays_when_its_replacement_is_not_saved(
    upload: Upload, client: Client, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))
    old = {path.name for path in folder.rglob("*.*")}
    form = petition_form(petition, picture=picture("PNG"), picture_alt="A bridge")

    with connection.execute_wrapper(losing_events), pytest.raises(InterruptedError):
        client.post(change_url(petition), form)

    petition.refresh_from_db()
    assert petition.picture.storage.exists(petition.picture.name)
    assert old <= {path.name for path in folder.rglob("*.*")}


def test_other_fields_are_saved_without_touching_the_picture(
    upload: Upload, client: Client, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (500, 500)))
    old = {path.name for path in folder.rglob("*.*")}

    client.post(
        change_url(petition), petition_form(petition, goal=90, picture_alt="A bridge")
    )

    petition.refresh_from_db()
    assert petition.goal == 90
    assert {path.name for path in folder.rglob("*.*")} == old


@pytest.mark.django_db(transaction=True)
def test_the_picture_of_a_hidden_petition_is_no_longer_where_it_was(
    upload: Upload, folder: Path
) -> None:
    petition = upload(make_petition(), picture("JPEG", (1000, 500)))
    known = {path.name for path in folder.rglob("*.*")}

    lifecycle.hide(petition, by=make_staff(), reason="It shows a child.")

    assert known & {path.name for path in folder.rglob("*.*")} == set()
    petition.refresh_from_db()
    lifecycle.restore(petition, by=make_staff(), reason="She agreed.")
    assert Path(petition.picture.path).exists()
    assert sorted(names(folder)) == sorted(name[32:] for name in known)
