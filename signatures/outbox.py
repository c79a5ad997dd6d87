"""Mail that must leave: written down with what causes it, sent by a worker.

A row waits until it is due. A worker leases some, so that no other takes them at the
same time; it holds each anew before sending and stamps it after. When a worker dies,
its leases run out and another takes over: at most the mail in its hand goes twice.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Self, TypeVar

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
WAITING = Q(sent_at__isnull=True, dead_at__isnull=True)


Mail = TypeVar("Mail", bound="OutboxMail")


class OutboxQuerySet(models.QuerySet[Mail]):
    def waiting(self) -> Self:
        return self.filter(WAITING)

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def dead(self) -> Self:
        return self.filter(dead_at__isnull=False)

    def due(self) -> Self:
        """Waiting, and held by no worker that is still alive."""
        now = timezone.now()
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now)

    def lease(self, limit: int) -> list[Mail]:
        """Take up to `limit` due mails for this worker alone."""
        if not self.due().exists():
            return []
        leased_until = timezone.now() + settings.MAIL_LEASE
        with transaction.atomic():
            unlocked = self.due().select_for_update(skip_locked=True)
            mails = list(unlocked.order_by("due_at", "pk")[:limit])
            self.model._default_manager.filter(
                pk__in=[mail.pk for mail in mails]
            ).update(leased_until=leased_until)
        for mail in mails:
            mail.leased_until = leased_until
        return mails


class OutboxMail(models.Model):
    """One mail to one person. Holds no address and no text: it is built when sent."""

    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_sent_or_dead_not_both",
                condition=Q(sent_at__isnull=True) | Q(dead_at__isnull=True),
            )
        ]
        indexes = [
            # The worker's question: what is due?
            models.Index(name="%(class)s_due", fields=["due_at"], condition=WAITING)
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    @property
    def message_id(self) -> str:
        """The same for each attempt, so that a mailbox may recognise a second copy."""
        host = settings.SITE_URL.split("//")[-1].split(":")[0]
        return f"<{type(self).__name__.lower()}-{self.pk}@{host}>"

    def hold(self) -> bool:
        """Renew this worker's lease and count an attempt; False if it has run out."""
        leased_until = timezone.now() + settings.MAIL_LEASE
        still_ours = self._rows().filter(WAITING, leased_until=self.leased_until)
        held = still_ours.update(leased_until=leased_until, attempts=F("attempts") + 1)
        self.leased_until = leased_until
        self.attempts += 1
        return bool(held)

    def let_go(self) -> None:
        """Give an untouched mail back, for another worker to send at once."""
        self._rows().filter(leased_until=self.leased_until).update(leased_until=None)

    def mark_sent(self) -> None:
        self._rows().update(sent_at=timezone.now(), leased_until=None, last_error="")

    def mark_dead(self, error: str) -> None:
        """Give up. Staff see it in the admin and may try again."""
        self._rows().update(dead_at=timezone.now(), leased_until=None, last_error=error)
        logger.error("mail given up: %s error=%s", self, error)

    def try_later(self, error: str) -> None:
        """Wait three times as long after each attempt, from a minute to six hours."""
        if self.attempts >= MOST_ATTEMPTS:
            self.mark_dead(error)
            return
        wait = min(FIRST_WAIT * 3 ** (self.attempts - 1), LONGEST_WAIT)
        wait *= random.uniform(0.8, 1.2)  # noqa: S311  # to spread, not to hide
        self._rows().update(
            due_at=timezone.now() + wait, leased_until=None, last_error=error
        )
        logger.warning("mail put off: %s error=%s", self, error)

    def drop(self) -> None:
        """Forget a mail that nobody needs any more."""
        self._rows().delete()
        logger.info("mail not needed: %s", self)

    def revive(self) -> None:
        """Try a dead mail again, as if only its first attempt had failed."""
        self._rows().filter(dead_at__isnull=False).update(
            dead_at=None, attempts=1, due_at=timezone.now()
        )

    def _rows(self) -> OutboxQuerySet[Self]:
        return OutboxQuerySet(type(self)).filter(pk=self.pk)


class MailServerAway(Exception):
    """No connection to the mail server: all mails wait, and none has failed."""


def deliver(
    model: type[Mail],
    build: Callable[[Mail], EmailMessage | None],
    *,
    limit: int = 50,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send up to `limit` due mails over one connection; say how many were handled.

    `build` answers None where nothing is to be sent any more: the row is removed.
    Raises MailServerAway; what was not sent by then waits for the next worker.
    """
    mails: list[Mail] = OutboxQuerySet(model).lease(limit)
    if not mails:
        return 0
    handled = 0
    with closing(get_connection()) as connection:
        for mail in mails:
            if stopping():
                break
            _open(connection, mails[handled:])
            if mail.hold():
                _send(mail, build, connection)
            handled += 1
    _let_go(mails[handled:])
    return handled


def _open(connection: BaseEmailBackend, unsent: list[Mail]) -> None:
    """Connect, where the last mail has not left the connection open."""
    try:
        connection.open()
    except OSError as error:  # so is every error of the SMTP client
        _let_go(unsent)
        raise MailServerAway(_in_short(error)) from error


def _let_go(mails: list[Mail]) -> None:
    for mail in mails:
        mail.let_go()


def _send(
    mail: Mail,
    build: Callable[[Mail], EmailMessage | None],
    connection: BaseEmailBackend,
) -> None:
    message = build(mail)
    if message is None:
        mail.drop()
        return
    message.extra_headers["Message-ID"] = mail.message_id
    try:
        connection.send_messages([message])
    except OSError as error:
        connection.close()  # the next mail opens a fresh one
        if _is_permanent(error):
            mail.mark_dead(_in_short(error))
        else:
            mail.try_later(_in_short(error))
    except (ValueError, TypeError) as error:  # an address that no mail can carry
        mail.mark_dead(_in_short(error))
    else:
        mail.mark_sent()


def _is_permanent(error: Exception) -> bool:
    """Whether the server refused this mail for good (5xx), not just for now."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _in_short(error: Exception) -> str:
    """The kind and code of an error: its words may hold an address."""
    code = getattr(error, "smtp_code", "")
    if isinstance(error, SMTPRecipientsRefused):
        code = min(code for code, _reply in error.recipients.values())
    return f"{type(error).__name__} {code}".strip()
