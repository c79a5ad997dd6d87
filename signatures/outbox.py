"""Mail that must leave: written down with what causes it, sent by a worker.

A row waits until it is due. A worker leases a batch, so that no other takes it at the
same time, and asks once for the batch what is to be sent. Then, one by one, it holds a
mail, which renews a lease that grows old, sends it and stamps it. When a worker dies,
its leases run out and another takes over: at most the mail that each of its connections
had in hand goes twice.
"""

from __future__ import annotations

import logging
import random
import traceback
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Self, TypeVar

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import (
    InterfaceError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatures.commits import quick_commits
from signatures.pace import Minute

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
WAITING = Q(sent_at__isnull=True, dead_at__isnull=True)

BATCH = 100
# With a slow mail server: what the batch was told must not grow old.
LONGEST_BATCH = timedelta(seconds=3)

Mail = TypeVar("Mail", bound="OutboxMail")


class OutboxQuerySet(models.QuerySet[Mail]):
    def waiting(self) -> Self:
        return self.filter(WAITING)

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def dead(self) -> Self:
        return self.filter(dead_at__isnull=False)

    def free(self) -> Self:
        """Waiting, and held by no worker that is still alive."""
        is_free = Q(leased_until__isnull=True) | Q(leased_until__lte=timezone.now())
        return self.waiting().filter(is_free)

    def due(self) -> Self:
        """Free, and to be sent by now."""
        may_leave = self.model.may_leave()
        return self.free().filter(may_leave, due_at__lte=timezone.now())

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

    def let_go(self, mails: Collection[OutboxMail]) -> None:
        """Give untouched mails back, for any worker to send at once."""
        leases = {mail.leased_until for mail in mails}
        still_ours = self.filter(
            pk__in=[mail.pk for mail in mails], leased_until__in=leases
        )
        still_ours.update(leased_until=None)


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
            models.Index(name="%(class)s_due", fields=["due_at"], condition=WAITING),
            # Staff: which were given up?
            models.Index(
                name="%(class)s_given_up",
                fields=["id"],
                condition=Q(dead_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    @classmethod
    def may_leave(cls) -> Q:
        """What has to be so of a mail before any worker takes it."""
        return Q()

    @property
    def message_id(self) -> str:
        """The same for each attempt, so that a mailbox may recognise a second copy."""
        host = settings.SITE_URL.split("//")[-1].split(":")[0]
        return f"<{type(self).__name__.lower()}-{self.pk}@{host}>"

    def hold(self) -> bool:
        """Begin an attempt; False if this worker's lease has run out.

        A lease that is nearly whole is not renewed: that saves a statement a mail.
        """
        self.attempts += 1
        leased_until = timezone.now() + settings.MAIL_LEASE
        old = self.leased_until
        if old and leased_until - old < settings.MAIL_LEASE / 10:
            return True
        still_ours = self._rows().filter(WAITING, leased_until=old)
        self.leased_until = leased_until
        return bool(still_ours.update(leased_until=leased_until))

    def mark_sent(self) -> None:
        """Stamp it, whoever has it by now: it has left.

        In plain SQL: the ORM would take longer than the database.
        """
        table = connection.ops.quote_name(self._meta.db_table)
        sent_at = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET sent_at = %s, attempts = %s, dead_at = NULL, "  # noqa: S608  # our own table
                "leased_until = NULL, last_error = '' WHERE id = %s",
                [sent_at, self.attempts, self.pk],
            )

    def mark_dead(self, error: str) -> None:
        """Give up. Staff see it in the admin and may try again."""
        self._stamp(dead_at=timezone.now(), last_error=error)
        logger.error("mail given up: %s error=%s", self, error)

    def wait_until(self, moment: datetime) -> None:
        """Give it back to be sent then. No attempt has been made."""
        still_ours = self._rows().filter(leased_until=self.leased_until)
        still_ours.update(leased_until=None, due_at=moment)

    def try_later(self, error: str) -> None:
        """Wait three times as long after each attempt, from a minute to six hours."""
        if self.attempts >= MOST_ATTEMPTS:
            self.mark_dead(error)
            return
        wait = min(FIRST_WAIT * 3 ** (self.attempts - 1), LONGEST_WAIT)
        wait *= random.uniform(0.8, 1.2)  # noqa: S311  # to spread, not to hide
        self._stamp(due_at=timezone.now() + wait, last_error=error)
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

    def _stamp(self, **what_became_of_it: object) -> None:
        """Unless another has taken it over: how it fares there is what counts."""
        still_ours = self._rows().filter(WAITING, leased_until=self.leased_until)
        still_ours.update(
            attempts=self.attempts, leased_until=None, **what_became_of_it
        )

    def _rows(self) -> OutboxQuerySet[Self]:
        return OutboxQuerySet(type(self)).filter(pk=self.pk)


class MailServerAway(Exception):
    """No connection to the mail server: all mails wait, and none has failed."""


def deliver(
    model: type[Mail],
    build: Callable[[list[Mail]], Iterator[EmailMessage | None]],
    *,
    limit: int = BATCH,
    stopping: Callable[[], bool] = lambda: False,
    can_wait: bool = False,
) -> int:
    """Send up to `limit` due mails over one connection; say how many were handled.

    `build` is given the batch and makes one message after the other; None where nothing
    is to be sent any more: the row is removed. What it asks the database, it asks once
    for the batch, which is sent within seconds. A mail that it cannot make is put off,
    and what follows is free for the next batch. Raises MailServerAway; what was not
    handled by then waits for the next worker. Of the site's pace, mail that can wait
    leaves some to mail that somebody waits for.
    """
    minute = Minute(can_wait=can_wait)
    mails: deque[Mail] = deque(_lease(model, limit, minute))
    leased = len(mails)
    if not mails:
        return 0
    try:
        with quick_commits(), closing(get_connection()) as server:
            _open(server)
            _send_some(mails, build(list(mails)), server, stopping, minute)
    finally:
        OutboxQuerySet(model).let_go(mails)
        minute.give_back()
    return leased - len(mails)


def _lease(model: type[Mail], limit: int, minute: Minute) -> list[Mail]:
    """As many as may leave in this minute."""
    outbox: OutboxQuerySet[Mail] = OutboxQuerySet(model)
    if not minute.is_limited:
        return outbox.lease(limit)
    if not outbox.due().exists():
        return []
    with transaction.atomic():
        mails = outbox.lease(minute.take(limit))
        minute.give_back(but=len(mails))
    return mails


def _open(server: BaseEmailBackend) -> None:
    """Connect, where the last mail has not left the connection open."""
    try:
        server.open()
    except OSError as error:  # so is every error of the SMTP client
        raise MailServerAway(_in_short(error)) from error


def _send_some(
    mails: deque[Mail],
    messages: Iterator[EmailMessage | None],
    server: BaseEmailBackend,
    stopping: Callable[[], bool],
    minute: Minute,
) -> None:
    """Take one mail after the other and send it, as many as there is time for."""
    latest = timezone.now() + LONGEST_BATCH
    if minute.is_limited:
        latest = min(latest, minute.ends_at)
    while mails and not stopping() and timezone.now() <= latest:
        _open(server)
        mail = mails.popleft()  # from now on in hand: not given back if anything fails
        try:
            message = next(messages)
        except (OperationalError, InterfaceError):
            raise  # the database is away: no mail has failed
        except Exception as error:  # noqa: BLE001  # whatever it is, others must get theirs
            _put_off(mail, error)
            return  # `messages` has ended with it
        if message and not minute.has_room_for(message):
            mail.wait_until(minute.ends_at)
        elif mail.hold():
            _send(mail, message, server, minute)


def _put_off(mail: Mail, error: Exception) -> None:
    """Count the attempt, and say where it failed: its words may hold an address."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("mail cannot be made: %s at\n%s", mail, where)
    if mail.hold():
        mail.try_later(type(error).__name__)


def _send(
    mail: Mail, message: EmailMessage | None, server: BaseEmailBackend, minute: Minute
) -> None:
    if message is None:
        mail.drop()
        return
    minute.use()
    message.extra_headers["Message-ID"] = mail.message_id
    try:
        server.send_messages([message])
    except OSError as error:
        server.close()  # the next mail opens a fresh one
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
