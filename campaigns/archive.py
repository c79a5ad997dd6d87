"""The file of a backup: a ZIP of database, pictures and manifest, encrypted with age.

It is written and read as a stream, so that a large site needs no more memory than a
small one. What is in it is named in the manifest, with its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import pyrage
from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST = "manifest.json"
DATABASE = "database"
MEDIA = "media"
AGE = b"age-encryption.org/"
CHUNK = 1024 * 1024  # bytes
LARGEST_MANIFEST = 256 * 1024 * 1024  # bytes

Progress = Callable[[str, int], None]  # what, and how many bytes of it so far


class BackupFailed(Exception):
    """It could not be made, or not be restored; the words are for who asked for it."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Content(Strict):
    """A file in the archive."""

    sha256: str
    size: int


class Counted(Strict):
    """What a petition had when the backup was made."""

    slug: str
    shown: int  # the count on its page
    confirmed: int
    pending: int
    waiting: int  # changes that the worker has not yet added to the count


class Manifest(Strict):
    format: Literal["undersigned-backup/1"] = "undersigned-backup/1"
    made_at: datetime
    database: str
    versions: dict[str, str]
    migrations: list[str]
    petitions: list[Counted]
    contents: dict[str, Content]


class Archive:
    """A backup that is being written."""

    def __init__(self, zip_file: ZipFile, progress: Progress) -> None:
        self._zip = zip_file
        self._progress = progress
        self.contents: dict[str, Content] = {}

    def add(self, name: str, source: IO[bytes], *, is_packed: bool) -> None:
        """Copy it in, to its end."""
        member = ZipInfo(name)
        member.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(member, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                self._progress(name, size)
        self.contents[name] = Content(sha256=digest.hexdigest(), size=size)

    def seal(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def new_archive(file: Path, *, recipient: str, progress: Progress) -> Iterator[Archive]:
    """A file that appears whole when all went well, and not at all when not."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    key = _recipient(recipient)
    try:
        with _new_file(unfinished) as out:
            with _encrypted(out, key) as plain, ZipFile(plain, "w") as zip_file:
                yield Archive(zip_file, progress)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise BackupFailed(f"{file}: {error.strerror or error}") from error
    except pyrage.EncryptError as error:
        raise BackupFailed(f"{file}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(file: Path, *, identity: Path | None, into: Path) -> Manifest:
    """Put all that is in the archive into a folder; give its manifest.

    Raises BackupFailed if anything is missing, too much or not as the manifest says.
    """
    try:
        plain = _decrypted(file, identity, into=into)
        with ZipFile(plain) as zip_file:
            manifest = _manifest(zip_file)
            for name, content in manifest.contents.items():
                _extract(zip_file, name, content, into=into)
    except (BadZipFile, zlib.error, EOFError) as error:
        raise BackupFailed(f"{file} is damaged, or no backup: {error}") from error
    except OSError as error:
        raise BackupFailed(
            f"{error.filename or file}: {error.strerror or error}"
        ) from error
    return manifest


def _new_file(file: Path) -> IO[bytes]:
    """One that nobody else may read."""
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(number, "wb")


def _recipient(key: str) -> object:
    """What to encrypt to; None without a key."""
    if not key:
        return None
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise BackupFailed(
            "BACKUP_KEY is no public key of age: those begin with age1."
        ) from error


@contextmanager
def _encrypted(out: IO[bytes], recipient: object) -> Iterator[IO[bytes]]:
    """A stream whose bytes reach the file encrypted, if there is somebody to do so for.

    A thread encrypts what comes through a pipe.
    """
    if recipient is None:
        yield out
        return
    reading, writing = os.pipe()

    def encrypt() -> None:
        with os.fdopen(reading, "rb") as plain:  # closed, it stops who writes
            pyrage.encrypt_io(plain, out, [recipient])

    with ThreadPoolExecutor(1) as pool:
        encrypting = pool.submit(encrypt)
        try:
            with os.fdopen(writing, "wb") as plain:
                yield plain
        except BrokenPipeError:
            encrypting.result()  # says why
            raise
        encrypting.result()


def _decrypted(file: Path, identity: Path | None, *, into: Path) -> Path:
    with file.open("rb") as source:
        if source.read(len(AGE)) != AGE:
            return file
        if identity is None:
            raise BackupFailed(f"{file} is encrypted: name the key with --identity.")
        source.seek(0)
        plain = into / "archive"
        with _new_file(plain) as target:
            try:
                pyrage.decrypt_io(source, target, _identities(identity))
            except pyrage.DecryptError as error:
                raise BackupFailed(
                    f"{file} does not open with this key, or is damaged: {error}"
                ) from error
    return plain


def _identities(file: Path) -> list[object]:
    """The secret keys in a file as `age-keygen` writes it."""
    lines = [line.strip() for line in file.read_text().splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    try:
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError as error:
        raise BackupFailed(f"{file} holds something else than keys of age.") from error
    if not found:
        raise BackupFailed(f"{file} holds no key.")
    return found


def _manifest(zip_file: ZipFile) -> Manifest:
    names = sorted(zip_file.namelist())
    if MANIFEST not in names or zip_file.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise BackupFailed("The archive has no manifest: it is no backup of a site.")
    try:
        manifest = Manifest.model_validate_json(zip_file.read(MANIFEST))
    except ValidationError as error:
        raise BackupFailed(f"The manifest cannot be read: {error}") from error
    if names != sorted([MANIFEST, *manifest.contents]):
        raise BackupFailed("The archive does not hold what its manifest says.")
    if DATABASE not in names or not all(map(_is_safe, manifest.contents)):
        raise BackupFailed("The archive holds what is neither database nor picture.")
    return manifest


def _is_safe(name: str) -> bool:
    """Whether it lands where it belongs."""
    path = PurePosixPath(name)
    is_picture = path.parts[:1] == (MEDIA,) and len(path.parts) > 1
    is_plain = str(path) == name and ".." not in path.parts and "\0" not in name
    return name == DATABASE or (is_picture and is_plain)


def _extract(zip_file: ZipFile, name: str, content: Content, *, into: Path) -> None:
    file = into / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if zip_file.getinfo(name).file_size != content.size:
        raise BackupFailed(f"{name} in the archive has not the size it should have.")
    with zip_file.open(name) as source, _new_file(file) as target:
        shutil.copyfileobj(source, target, CHUNK)
    with file.open("rb") as written:
        if hashlib.file_digest(written, "sha256").hexdigest() != content.sha256:
            raise BackupFailed(f"{name} in the archive is not what it was.")
