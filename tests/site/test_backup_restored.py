"""A backup becomes the site that it was made of, whole or not at all."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from campaigns import tally
from campaigns.backup import back_up
from campaigns.dumps.rows import working_on
from petitions.models import Petition
from signatures.models import Erasure, Signature
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
    folder.mkdir()
    (folder / "bridge.webp").write_bytes(b"a bridge")
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site.backup"


@pytest.fixture
def other_machine(tmp_path: Path, settings: object) -> Iterator[Callable[[], None]]:
    """From when it is called, this is another machine with an empty database."""
    name = str(connection.settings_dict["NAME"])
    is_sqlite = connection.vendor == "sqlite"
    other = str(tmp_path / "other.sqlite3") if is_sqlite else f"{name}_other"
    entered = working_on(other)
    moved = []

    def move() -> None:
        if not is_sqlite:
            with connection.cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{other}" TEMPLATE template0')
        settings.MEDIA_ROOT = tmp_path / "other-media"
        entered.__enter__()
        moved.append(other)

    yield move
    if moved:
        entered.__exit__(None, None, None)
        if not is_sqlite:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')


def words_of(capsys: pytest.CaptureFixture[str]) -> str:
    return "\n".join(capsys.readouterr())


def test_an_empty_machine_becomes_the_site(
    file: Path,
    other_machine: Callable[[], None],
    settings: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    petition = make_petition(slug="keep-the-mill")
    make_counted_signature(petition=petition, name="Ada Lovelace")
    make_confirmed_signature(petition=petition)
    make_signature(petition=petition)
    before = list(Signature.objects.order_by("pk").values())
    call_command("backup", file)
    other_machine()

    call_command("restore", file)

    assert list(Signature.objects.order_by("pk").values()) == before
    assert Petition.objects.get().signature_count == 2  # the change was folded
    assert (settings.MEDIA_ROOT / "bridge.webp").read_bytes() == b"a bridge"
    make_counted_signature(petition=Petition.objects.get())  # it goes on
    assert Petition.objects.get().signature_count == 3
    words = words_of(capsys)
    assert "1          2          1  keep-the-mill" in words
    assert "Every count is right.\nRestored." in words


def test_an_encrypted_one_opens_with_its_key_alone(
    file: Path, tmp_path: Path, other_machine: Callable[[], None]
) -> None:
    make_signature()
    identity, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    keys = tmp_path / "keys"
    with override_settings(BACKUP_KEY=str(identity.to_public())):
        call_command("backup", file)
    other_machine()

    with pytest.raises(CommandError, match="--identity"):
        call_command("restore", file)
    keys.write_text(f"{other}\n")
    with pytest.raises(CommandError, match="does not open with this key"):
        call_command("restore", file, identity=keys)
    keys.write_text(f"# created: 2026-03-01\n{identity}\n")
    call_command("restore", file, identity=keys)

    assert Signature.objects.count() == 1


def test_a_site_that_holds_something_is_left_as_it_is(file: Path) -> None:
    make_signature()
    call_command("backup", file)

    with pytest.raises(
        CommandError, match=r"empty site only.*petition: 1.*bridge|media"
    ):
        call_command("restore", file)

    assert Signature.objects.count() == 1


def test_a_check_restores_beside_the_site_and_leaves_nothing(
    file: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signature = make_signature()
    call_command("backup", file)
    signature.erase()

    call_command("restore", file, check=True)

    assert not Signature.objects.exists()
    assert [one.name for one in pictures.iterdir()] == ["bridge.webp"]
    assert "The backup is good" in words_of(capsys)
    assert len(databases()) == 1


def databases() -> list[str]:
    if connection.vendor == "sqlite":
        return [connection.settings_dict["NAME"]]
    with connection.cursor() as cursor:
        name = connection.settings_dict["NAME"]
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name]
        )
        return cursor.fetchall()


# What is damaged


def rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """The same archive with some members changed, or left out."""
    changed = file.with_name("changed")
    with ZipFile(file) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    changed.replace(file)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda name, old: old[:-1] + b"!" if name == "database" else old,
            "is not what",
        ),
        (lambda name, old: None if name == "database" else old, "does not hold"),
        (lambda name, old: old + b"!" if "media" in name else old, "not the size"),
        (lambda name, old: None if "manifest" in name else old, "no manifest"),
        (
            lambda name, old: old.replace(b'"pending": 1', b'"pending": 2'),
            "counts are not those|is not what",
        ),
        (
            lambda name, old: old.replace(b'"signatures.0001', b'"signatures.9999'),
            "newer than this code|is not what",
        ),
        (
            lambda name, old: old.replace(b"undersigned-backup/1", b"something/else"),
            "cannot be read|is not what",
        ),
    ],
)
def test_what_is_not_as_it_was_is_not_restored(
    file: Path,
    other_machine: Callable[[], None],
    settings: object,
    change: Callable[[str, bytes], bytes | None],
    words: str,
) -> None:
    make_signature()
    call_command("backup", file)
    rewritten(file, change)
    other_machine()

    with pytest.raises(CommandError, match=f"Nothing was restored.*({words})"):
        call_command("restore", file)

    assert connection.introspection.table_names() == []
    folder = settings.MEDIA_ROOT
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize("part", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_file_that_was_cut_off_is_not_restored(
    file: Path,
    tmp_path: Path,
    other_machine: Callable[[], None],
    part: float,
    is_encrypted: bool,
) -> None:
    identity = pyrage.x25519.Identity.generate()
    keys = tmp_path / "keys"
    keys.write_text(str(identity))
    key = str(identity.to_public()) if is_encrypted else ""
    with override_settings(BACKUP_KEY=key):
        call_command("backup", file)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])
    other_machine()

    with pytest.raises(CommandError, match="Nothing was restored"):
        call_command("restore", file, identity=keys)

    assert connection.introspection.table_names() == []


def test_no_member_of_an_archive_leaves_its_folder(
    file: Path, tmp_path: Path, other_machine: Callable[[], None]
) -> None:
    call_command("backup", file)
    outside = "media/../../outside"
    with ZipFile(file) as old, ZipFile(tmp_path / "moved", "w") as new:
        for name in old.namelist():
            place = name.replace("media/bridge.webp", outside)
            content = old.read(name).replace(b"media/bridge.webp", outside.encode())
            new.writestr(place, content)
    other_machine()

    with pytest.raises(CommandError, match="neither database nor picture"):
        call_command("restore", tmp_path / "moved")


def test_an_empty_site_that_could_not_be_restored_is_one_again(
    file: Path, other_machine: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_signature()
    call_command("backup", file)
    other_machine()
    call_command("migrate", verbosity=0)

    def fail(_erased: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("campaigns.backup.erasures.apply", fail)
    with pytest.raises(KeyboardInterrupt):
        call_command("restore", file)

    assert not Signature.objects.exists()
    monkeypatch.undo()
    call_command("restore", file)
    assert Signature.objects.count() == 1


# Who was erased


@pytest.fixture
def kept_apart(tmp_path: Path, settings: object) -> Path:
    settings.ERASURES_FILE = str(tmp_path / "erasures")
    return tmp_path / "erasures"


@pytest.mark.race
def test_the_drill_under_load_brings_back_what_was_and_nobody_who_was_erased(
    file: Path, kept_apart: Path, other_machine: Callable[[], None]
) -> None:
    petition = make_petition(slug="keep-the-mill")
    gone = [make_counted_signature(petition=petition) for _ in range(3)]
    pending = make_signature(petition=petition)

    def make() -> object:
        return back_up(file, overwrite=False, progress=lambda _what, _size: None)

    def sign() -> None:
        make_confirmed_signature(petition=petition)

    [manifest], _signed = in_threads_amid([make], [sign, sign, tally.fold])
    for signature in [*gone, pending]:
        signature.erase()
    call_command("work", once=True)
    other_machine()

    call_command("restore", file)

    [counted] = manifest.petitions
    numbers = [one.pk for one in [*gone, pending]]
    assert not Signature.objects.filter(pk__in=numbers).exists()
    assert Signature.objects.confirmed().count() == counted.confirmed - 3
    assert Petition.objects.get().signature_count == counted.confirmed - 3
    assert set(Erasure.objects.values_list("pk", flat=True)) >= set(numbers)


def test_what_ran_out_since_the_backup_is_forgotten_on_the_way(
    file: Path, other_machine: Callable[[], None]
) -> None:
    pending = make_signature()
    long_ago = timezone.now() - timedelta(days=15)
    Signature.objects.filter(pk=pending.pk).update(started_at=long_ago)
    call_command("backup", file)
    other_machine()

    call_command("restore", file)

    assert not Signature.objects.exists()


def test_a_count_that_was_wrong_before_is_told(
    file: Path, other_machine: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    petition = make_petition(slug="keep-the-mill")
    make_counted_signature(petition=petition)
    Petition.objects.update(signature_count=7)
    call_command("backup", file)
    other_machine()

    call_command("restore", file)

    words = words_of(capsys)
    assert "Every count is right" not in words
    assert "keep-the-mill" in words


def test_a_new_signature_with_the_number_of_an_erased_one_stays(
    file: Path, tmp_path: Path, other_machine: Callable[[], None]
) -> None:
    signature = make_signature()
    listed = tmp_path / "erasures"
    before = signature.started_at - timedelta(hours=1)
    listed.write_text(f"{signature.pk} {before.isoformat()}\n")
    call_command("backup", file)
    other_machine()

    call_command("restore", file, erasures=listed)

    assert Signature.objects.filter(pk=signature.pk).exists()


def test_who_was_forgotten_when_the_time_was_over_still_counts(
    file: Path, tmp_path: Path, other_machine: Callable[[], None]
) -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition)
    petition.close(outcome="partly", reason="The council has agreed to talk.")
    call_command("backup", file)
    listed = tmp_path / "erasures"
    over = timezone.now() + timedelta(days=signature.kept_days + 1)
    listed.write_text(f"{signature.pk} {over.isoformat()}\n")
    other_machine()

    call_command("restore", file, erasures=listed)

    assert Petition.objects.get().signature_count == 1


@pytest.mark.parametrize("words", ["x\n", "1 yesterday\n", "1 2026-03-01T00:00:00\n"])
def test_a_list_that_is_none_restores_nothing(
    file: Path, tmp_path: Path, other_machine: Callable[[], None], words: str
) -> None:
    call_command("backup", file)
    listed = tmp_path / "erasures"
    listed.write_text(words)
    other_machine()

    with pytest.raises(CommandError, match="line 1"):
        call_command("restore", file, erasures=listed)

    assert connection.introspection.table_names() == []
