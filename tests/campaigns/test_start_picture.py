"""A picture for a petition that is being written."""

import os
import shutil
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from campaigns import worker
from campaigns.models import Draft
from petitions.models import Petition
from tests.campaigns.drafts import picture, post, send, write
from tests.html import Page

pytestmark = pytest.mark.django_db(transaction=True)  # files go after the commit


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> tuple[Path, Path]:
    settings.DRAFTS_DIR = tmp_path / "drafts"
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.DRAFTS_DIR, settings.MEDIA_ROOT


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def lost_files(folder: Path, *, hours: int) -> list[Path]:
    """As if a process had died between a file and its commit, so many hours ago."""
    moment = time.time() - hours * 3600
    lost = []
    for file in files(folder):
        lost.append(file.with_name(f"{hours:032x}{file.name[32:]}"))
        shutil.copyfile(file, lost[-1])
        os.utime(lost[-1], (moment, moment))
        os.utime(file, (1, 1))
    return lost


def test_a_good_picture_is_kept_though_its_description_is_missing(
    client: Client,
) -> None:
    write(client)

    refused = post(client, "picture", picture=picture(), picture_credit="Bo")

    assert refused.status_code == 400
    assert "Say what the picture shows" in Page.of(refused).one(role="alert").words
    assert Page.of(refused).one("img", class_="start-picture")
    mended = post(client, "picture", picture_alt="A mill", picture_credit="Bo")
    assert mended.headers["Location"] == "/start/goal/"
    assert Draft.objects.get().shown_picture


def test_only_the_browser_that_writes_sees_it(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})

    own = client.get("/start/picture.webp")

    assert (own.status_code, own["Content-Type"]) == (200, "image/webp")
    assert Image.open(BytesIO(own.content)).size == (1200, 700)
    assert "no-store" in own["Cache-Control"]
    assert Client().get("/start/picture.webp").status_code == 303
    name = Draft.objects.get().picture.name
    for path in [name, f"../drafts/{name}", f"./../drafts/{name}"]:
        assert client.get(f"/media/{path}").status_code in (400, 404)
    assert files(folders[1]) == []


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg"),
        SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        picture((20, 20)),
    ],
)
def test_what_is_no_good_picture_is_refused(
    client: Client, file: SimpleUploadedFile, folders: tuple[Path, Path]
) -> None:
    write(client)

    refused = post(client, "picture", picture=file, picture_alt="A mill")

    assert refused.status_code == 400
    assert Draft.objects.get().answers["picture_alt"] == "A mill"
    assert files(folders[0]) == []


def test_it_can_be_replaced_and_removed(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})
    first = Draft.objects.get().picture.name

    post(client, "picture", picture=picture((900, 600)), picture_alt="Another")
    second = Draft.objects.get().picture.name

    assert first != second
    stem = second.removesuffix(".webp")
    assert all(stem in str(file) for file in files(folders[0]))
    assert post(client, "picture", do="remove", picture_alt="A").status_code == 303
    assert files(folders[0]) == []
    assert client.get("/start/picture.webp").status_code == 404
    assert post(client, "picture", picture_alt="").status_code == 303


def test_a_file_that_has_gone_breaks_nothing(
    client: Client, folders: tuple[Path, Path]
) -> None:
    link = send(client, picture={"picture": picture(), "picture_alt": "A mill"})
    for file in files(folders[0]):
        file.unlink()

    assert client.get("/start/check/").status_code == 200
    assert client.get("/start/picture.webp").status_code == 404
    assert client.post(link).status_code == 303
    assert not Petition.objects.get().picture


def test_it_goes_over_to_the_petition_in_all_its_sizes(
    client: Client, folders: tuple[Path, Path]
) -> None:
    link = send(client, picture={"picture": picture(), "picture_alt": "A mill"})
    before = Draft.objects.get().picture.name

    client.post(link)

    petition = Petition.objects.get()
    assert petition.picture_alt == "A mill"
    assert Path(before).name not in petition.picture.name
    assert sorted(file.name[32:] for file in files(folders[1])) == [
        "-1200x700-480.webp",
        "-1200x700-960.webp",
        "-1200x700-share.jpg",
        "-1200x700.webp",
    ]
    assert petition.picture.dimensions == (1200, 700)
    assert files(folders[0]) == []
    assert not Draft.objects.get().picture


def test_a_deleted_draft_takes_its_picture_along(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})

    client.post("/start/")

    assert files(folders[0]) == []


def test_a_draft_deleted_in_another_window_takes_a_new_picture_along(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client)
    other_window = Draft.objects.get()
    post(client, "picture", picture=picture(), picture_alt="A mill")

    other_window.discard()

    assert not Draft.objects.exists()
    assert files(folders[0]) == []


def test_a_phone_s_picture_of_two_and_one_without_an_ending_are_pictures(
    client: Client,
) -> None:
    write(client)
    file, flat = BytesIO(), Image.new("RGB", (900, 600), "teal")
    flat.save(file, "MPO", save_all=True, append_images=[flat])
    double = SimpleUploadedFile("a.jpg", file.getvalue(), "image/jpeg")

    for chosen in [double, picture(name="image")]:
        answer = post(client, "picture", picture=chosen, picture_alt="A mill")
        assert answer.status_code == 303


@pytest.mark.slow
def test_a_large_file_may_come_to_its_step_and_to_no_other(client: Client) -> None:
    write(client)
    large = b"x" * 8_000_000

    statuses = [
        post(client, step, picture=SimpleUploadedFile("a.jpg", large)).status_code
        for step in ["picture", "why", "what"]
    ]

    assert statuses == [400, 413, 413]


# Files that no draft names


def test_after_a_day_they_are_swept_and_what_a_draft_names_stays(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})
    named = files(folders[0])
    lost = lost_files(folders[0], hours=25)

    worker.do_daily()

    assert len(lost) == 4
    assert sorted(files(folders[0])) == sorted(named)
    assert client.get("/start/picture.webp").status_code == 200


def test_the_young_stay_for_who_is_about_to_name_them(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})
    young = lost_files(folders[0], hours=23)

    worker.do_daily()

    assert set(young) < set(files(folders[0]))


def test_a_picture_whose_draft_has_gone_goes_too(
    client: Client, folders: tuple[Path, Path]
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})
    lost_files(folders[0], hours=25)
    Draft.objects.all().delete()  # as the worker does, but without its last step

    worker.do_daily()

    assert files(folders[0]) == []


def test_what_cannot_be_deleted_keeps_no_other(
    client: Client, folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})
    lost = lost_files(folders[0], hours=25)
    lost[0].unlink()
    lost[0].mkdir()
    os.utime(lost[0], (1, 1))

    worker.do_daily()

    assert not any(file.exists() for file in lost[1:])
    assert f"cannot be deleted: {lost[0].name}" in caplog.text


@pytest.mark.slow
def test_trying_a_backup_deletes_no_picture_of_the_site(
    client: Client, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    """There its draft has run out; here somebody has gone on writing meanwhile."""
    write(client, picture={"picture": picture(), "picture_alt": "A mill"})
    named, lost = files(folders[0]), lost_files(folders[0], hours=25)
    Draft.objects.update(changed_at=timezone.now() - timedelta(days=31))
    call_command("backup", tmp_path / "site.backup")
    Draft.objects.update(changed_at=timezone.now())

    call_command("restore", tmp_path / "site.backup", check=True)

    assert all(file.exists() for file in [*named, *lost])
