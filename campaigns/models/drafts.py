from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone

from petitions.models import Petition
from petitions.models.pictures import PictureField

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)  # untouched
LINK_WORKS_FOR = timedelta(days=14)
# A picture that has lain for so long is named by its draft, or never will be.
NAMED_WITHIN = timedelta(days=1)
MOST_SWEPT = 10_000
FOLDER = "drafts"


class DraftPictures(FileSystemStorage):
    """A folder that no address leads to: nobody has read these pictures yet."""

    @property
    def location(self) -> str:  # the setting of the moment
        return os.path.abspath(settings.DRAFTS_DIR)  # noqa: PTH100  # as Django has it

    def sweep(self) -> int:
        """Delete files that no draft names; say how many.

        They stay behind when a process dies between a file and its commit. Only for
        the site's own database: another one does not know whose pictures these are.
        """
        long_ago = timezone.now() - NAMED_WITHIN
        files = Path(self.location, FOLDER).glob("*.*")
        old = [file for file in files if _lies_since(file, long_ago)]
        drafts = Draft.objects.exclude(picture="")  # asked when the files are known
        named = set(map(_hex_of, drafts.values_list("picture", flat=True).iterator()))
        lost = [file for file in old if _hex_of(file.name) not in named][:MOST_SWEPT]
        for file in lost:
            try:
                file.unlink(missing_ok=True)
            except OSError:
                logger.exception("picture of no draft cannot be deleted: %s", file.name)
        return len(lost)


class DraftQuerySet(models.QuerySet["Draft"]):
    def unconfirmed(self) -> DraftQuerySet:
        return self.filter(confirmed_at__isnull=True)

    def untouched(self) -> DraftQuerySet:
        """That nobody has written in for so long that they are to be forgotten."""
        return self.filter(changed_at__lt=timezone.now() - KEPT_FOR)

    def forget(self) -> int:
        """Delete them with their pictures; say how many."""
        forgotten = 0
        for pk in self.values_list("pk", flat=True):
            with transaction.atomic():  # unless it was touched this moment
                draft = self.select_for_update().filter(pk=pk).first()
                forgotten += draft.discard() if draft else 0
        return forgotten


class Draft(models.Model):
    """A petition that somebody without an account is writing, step by step.

    The browser holds its key in a signed cookie. Nobody reads it before the address is
    confirmed: then it becomes a petition in review, and what it said is emptied. The
    mailed link is for what was sent to that address, and for nothing written since.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    link_key = models.UUIDField(default=uuid4, unique=True, editable=False)
    language = models.CharField(max_length=7)
    answers = models.JSONField(default=dict)  # what was typed, by the field of a step
    picture = PictureField(
        upload_to=FOLDER,
        blank=True,
        widths=[480, 960],
        is_shared=True,
        storage=DraftPictures(),
    )
    email = models.EmailField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    petition = models.OneToOneField(
        Petition, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_sent_with_address",
                condition=Q(sent_at__isnull=True)
                | Q(confirmed_at__isnull=False)
                | ~Q(email=""),
            ),
            models.CheckConstraint(
                name="draft_confirmed_is_a_petition",
                condition=Q(confirmed_at__isnull=True, petition__isnull=True)
                | Q(confirmed_at__isnull=False, petition__isnull=False),
            ),
        ]
        indexes = [
            # Forgetting: which has nobody touched for long?
            models.Index(name="draft_untouched", fields=["changed_at"])
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"

    @property
    def is_sent(self) -> bool:
        """Whether the link in a mail is for what stands here now."""
        return self.sent_at is not None and self.confirmed_at is None

    @property
    def is_link_too_old(self) -> bool:
        return self.sent_at is None or self.sent_at < timezone.now() - LINK_WORKS_FOR

    @property
    def shown_picture(self) -> str:
        """The name of its picture; empty where there is none, or its file has gone."""
        name = str(self.picture.name or "")
        return name if name and self.picture.storage.exists(name) else ""

    # What is done; each raises Draft.DoesNotExist once it is confirmed or discarded.

    def keep(self, typed: dict[str, Any], *, language: str) -> None:
        """Keep what was typed. A link that was mailed before is for other words."""
        with self._in_hand():
            before = self.answers, self.language
            self.answers, self.language = {**self.answers, **typed}, language
            if before != (self.answers, self.language):
                self._is_no_more_what_was_sent()

    def hang(self, picture: File[Any]) -> None:
        """Have this picture in the place of another."""
        self.picture.save("", picture, save=False)  # before the lock: it takes a while
        new = self.picture
        try:
            self._replace_picture(str(new.name))
        except (Draft.DoesNotExist, DatabaseError):
            new.remove_files()
            raise

    def take_down(self) -> None:
        """Have no picture any more."""
        self._replace_picture("")

    def send(self, email: str) -> bool:
        """Note that it is sent to be confirmed by whoever reads this address's mail.

        False if it was sent to another address before. Raises Draft.DoesNotExist, too,
        if another window has changed what was read here.
        """
        read = self.answers, self.picture.name
        with self._in_hand():
            if (self.answers, self.picture.name) != read:
                raise Draft.DoesNotExist
            is_the_same = self.email == email
            if self.sent_at is None or not is_the_same:
                self.link_key = uuid4()
            self.email, self.sent_at = email, timezone.now()
        return is_the_same

    def become(self, petition: Petition) -> None:
        """Hold nothing of it any more. Call it in the transaction that confirms."""
        with self._in_hand():
            self.petition, self.confirmed_at = petition, timezone.now()
            self.answers, self.email = {}, ""
            self._let_go_of_picture()

    def discard(self) -> int:
        """Delete it with the picture that it has now."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Draft.objects.select_for_update())
            self._let_go_of_picture()
            self.delete()
        return 1

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        """Lock it and read it anew: another window, or who confirms, may be at it."""
        unconfirmed = Draft.objects.unconfirmed()
        with transaction.atomic():
            self.refresh_from_db(
                from_queryset=unconfirmed.select_for_update(no_key=True)
            )
            self.changed_at = timezone.now()
            yield
            self.save()

    def _replace_picture(self, name: str) -> None:
        with self._in_hand():
            self._let_go_of_picture()
            self.picture = name
            self._is_no_more_what_was_sent()

    def _let_go_of_picture(self) -> None:
        if self.picture:
            transaction.on_commit(self.picture.remove_files, robust=True)
            self.picture = ""

    def _is_no_more_what_was_sent(self) -> None:
        self.sent_at, self.link_key = None, uuid4()


def _lies_since(file: Path, moment: datetime) -> bool:
    try:
        return file.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:  # another has taken it away this moment
        return False


def _hex_of(name: str) -> str:
    """What the names of one picture in all its sizes begin with."""
    return name.rpartition("/")[2].partition("-")[0]
