"""The last public pages on disk, read only when Django cannot make them."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from pathlib import Path

from config.stored_page import Address, Page

BETWEEN_WRITES = 60  # seconds
KEPT_FOR = 24 * 3600  # seconds, as the pages' own `stale-if-error` says
MOST_FILES = 1000

logger = logging.getLogger(__name__)


class KeptPages:
    """A file for each page; its date is that on which Django last said the same.

    Pages with a query are not kept, because anybody can invent those. Processes may
    share the folder: a file is whole or not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept_at = 0.0
        self._failed_at = 0.0

    def keep(self, address: Address, page: Page) -> None:
        """Have this page on disk, as it was at most a minute ago."""
        if address.query or abs(page.made_at - self._failed_at) < BETWEEN_WRITES:
            return
        file = self._file(address)
        try:
            if abs(page.made_at - _date(file)) >= BETWEEN_WRITES:
                self._write(file, page)
                self._sweep(page.made_at)
        except OSError as error:
            self._failed_at = page.made_at
            logger.warning("page not kept: %s", error)

    def read(self, address: Address) -> Page | None:
        """The page, however old; for a shared link the one without `via`."""
        if address.query and not _is_shared_link(address.query):
            return None
        file = self._file(address)
        try:
            made_at = _date(file)
            head, _newline, body = file.read_bytes().partition(b"\n")
            headers = [(str(name), str(text)) for name, text in json.loads(head)]
        except (OSError, ValueError):  # not there, or cut off when the power went
            return None
        page = Page(headers, body, made_at)
        return page if ("Content-Length", str(len(body))) in headers else None

    def forget(self, address: Address) -> None:
        """Keep it no longer: it has gone from the site."""
        try:
            for coding in ("gzip", "identity"):
                self._file(address._replace(coding=coding)).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("page not forgotten: %s", error)

    def _file(self, address: Address) -> Path:
        words = "\n".join(address._replace(query=""))
        return self._folder / hashlib.sha256(words.encode()).hexdigest()[:40]

    def _write(self, file: Path, page: Page) -> None:
        """Write the page unless it is there, and date it, in one step for readers."""
        content = json.dumps(page.headers).encode() + b"\n" + page.body
        if file.exists() and file.read_bytes() == content:
            os.utime(file, (page.made_at, page.made_at))
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "wb") as unfinished:
            unfinished.write(content)
        os.utime(name, (page.made_at, page.made_at))
        Path(name).replace(file)

    def _sweep(self, now: float) -> None:
        """Once in a while delete what is too old, and the oldest of too many."""
        if abs(now - self._swept_at) < BETWEEN_WRITES:
            return
        self._swept_at = now
        files = sorted(self._folder.iterdir(), key=_date, reverse=True)
        for place, file in enumerate(files):
            if place >= MOST_FILES or now - _date(file) > KEPT_FOR:
                file.unlink(missing_ok=True)


def _date(file: Path) -> float:
    """When Django last gave this page; long ago if it is not there."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _is_shared_link(query: str) -> bool:
    return query.startswith("via=") and "&" not in query
