"""A backup holds the site as it was at one moment, and nobody else can read it."""

import json
import os
import resource
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from campaigns import tally
from campaigns.backup import back_up
from signatures.models import Signature
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
)
from tests.races.threads import in_threads_amid

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def pictures(tmp_path: Path, settings: object) -> Path:
    folder = tmp_path / "media"
    (folder / "petitions").mkdir(parents=True)
    (folder / "petitions" / "bridge-640x480.webp").write_bytes(os.urandom(3_000_000))
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site.backup"


@pytest.fixture
def disk_for_little() -> Iterator[None]:
    """No file of this process gets larger than two megabytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def manifest_of(file: Path) -> dict:
    with ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def test_it_holds_database_pictures_and_what_was_counted(
    file: Path, pictures: Path
) -> None:
    petition = make_petition(slug="keep-the-mill")
    make_counted_signature(petition=petition)
    make_confirmed_signature(petition=petition)
    make_signature(petition=petition)

    call_command("backup", file, verbosity=0)

    manifest = manifest_of(file)
    figures = {"shown": 1, "confirmed": 2, "pending": 1, "waiting": 1}
    assert manifest["petitions"] == [{"slug": "keep-the-mill", **figures}]
    assert manifest["database"] == connection.vendor
    assert "signatures.0001_initial" in manifest["migrations"]
    with ZipFile(file) as archive:
        picture = archive.read("media/petitions/bridge-640x480.webp")
    assert picture == (pictures / "petitions" / "bridge-640x480.webp").read_bytes()


def test_only_its_owner_may_read_it(file: Path) -> None:
    call_command("backup", file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_left_alone(file: Path) -> None:
    file.write_text("the backup of yesterday")

    with pytest.raises(CommandError, match="--overwrite"):
        call_command("backup", file)

    assert file.read_text() == "the backup of yesterday"


def test_a_file_that_is_there_is_replaced_when_asked(file: Path) -> None:
    file.write_text("the backup of yesterday")

    call_command("backup", file, "--overwrite")

    assert manifest_of(file)["format"] == "undersigned-backup/1"


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_what_cannot_be_finished_leaves_nothing(
    tmp_path: Path, disk_for_little: None, is_encrypted: bool
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    key = str(pyrage.x25519.Identity.generate().to_public()) if is_encrypted else ""

    with (
        override_settings(BACKUP_KEY=key),
        pytest.raises(CommandError, match="File too large"),
    ):
        call_command("backup", folder / "site.backup")

    assert list(folder.iterdir()) == []


def test_with_a_key_only_its_owner_can_open_it(file: Path, tmp_path: Path) -> None:
    make_signature(name="Ada Lovelace", email="ada@example.org")
    identity = pyrage.x25519.Identity.generate()

    with override_settings(BACKUP_KEY=str(identity.to_public())):
        call_command("backup", file)

    content = file.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"ada@example.org" not in content
    plain = tmp_path / "plain"
    plain.write_bytes(pyrage.decrypt(content, [identity]))
    assert manifest_of(plain)["database"] == connection.vendor


@pytest.mark.parametrize("key", ["age1nonsense", "AGE-SECRET-KEY-1", "x"])
def test_a_key_that_is_none_makes_no_backup(file: Path, key: str) -> None:
    with (
        override_settings(BACKUP_KEY=key),
        pytest.raises(CommandError, match="BACKUP_KEY"),
    ):
        call_command("backup", file)

    assert not file.exists()


@pytest.mark.race
def test_whoever_signs_meanwhile_is_in_it_or_not_but_never_by_halves(
    file: Path,
) -> None:
    petition = make_petition(slug="keep-the-mill")
    for _ in range(5):
        make_counted_signature(petition=petition)
    number = iter(range(100_000))
    lock = threading.Lock()

    def sign() -> None:
        with lock:
            email = f"crowd{next(number)}@example.org"
        make_confirmed_signature(petition=petition, email=email)

    def make() -> None:
        back_up(file, overwrite=False, progress=lambda _what, _size: None)

    in_threads_amid([make], [sign, sign, tally.fold])

    [counted] = manifest_of(file)["petitions"]
    assert counted["shown"] + counted["waiting"] == counted["confirmed"]
    assert 5 <= counted["confirmed"] <= Signature.objects.confirmed().count()


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which PostgreSQL is not installed."""
    monkeypatch.setattr("campaigns.dumps.postgresql._places", lambda _name: [])
    return


def test_without_pg_dump_it_is_said_what_to_install(
    file: Path, no_programs: None
) -> None:
    if connection.vendor == "postgresql":
        with pytest.raises(CommandError, match="apt install postgresql-client-"):
            call_command("backup", file)

        assert not file.exists()
    else:
        call_command("backup", file)

        assert file.exists()
