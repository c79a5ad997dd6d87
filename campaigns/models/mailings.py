"""What signers are told by mail: written down in batches, once each, followed, stopped.

How it goes: due, queued (all mails are written down), done (each was sent or given up).
It may be stopped anywhere between. Workers take no mail of one that is stopped, and
what waits is removed; going on writes down anew what is missing. Who has got it stays
known meanwhile, so that nobody gets it twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.events import Event, EventKind
from petitions.models import Account, Petition
from signatures.models import Signature
from signatures.outbox import OutboxMail, OutboxQuerySet
from signatures.retention import DONE_MAIL_KEPT

Told = TypeVar("Told", bound="Mailing")
Letter = TypeVar("Letter", bound="MailingMail")

AT_ONCE = 1000
LOOKED_AT_EVERY = timedelta(seconds=5)
RESUMED_WITHIN = timedelta(days=7)
# After a stop, what workers had in hand then is sent, or its lease has run out.
SETTLES_WITHIN = timedelta(hours=1)


class MailingQuerySet(models.QuerySet[Told]):
    def on_public_petitions(self) -> Self:
        return self.filter(petition__in=Petition.objects.public())

    def unfinished(self) -> Self:
        return self.filter(mail_due_at__lte=timezone.now(), mail_done_at__isnull=True)

    def unmailed(self) -> Self:
        """To be mailed, and not all of their mails are written down yet."""
        waiting = self.filter(mail_queued_at__isnull=True, mail_stopped_at__isnull=True)
        return waiting.unfinished()

    def moving(self) -> Self:
        """Those whose numbers may have changed since the last look."""
        now = timezone.now()
        return self.unfinished().filter(
            Q(mail_stopped_at__isnull=True)
            | Q(mail_stopped_at__gt=now - SETTLES_WITHIN)
            | Q(mail_stopped_at__lte=now - RESUMED_WITHIN)
        )

    def follow(self, *, every: timedelta = LOOKED_AT_EVERY) -> None:
        """See how far each is, not more often than that, and clear what was stopped.

        Any number of workers may do it: one of them looks.
        """
        before = timezone.now() - every
        not_lately = Q(mail_seen_at__isnull=True) | Q(mail_seen_at__lte=before)
        for mailing in self.moving().filter(not_lately):
            mine = self.filter(not_lately, pk=mailing.pk)
            if mine.update(mail_seen_at=timezone.now()):
                mailing.see_how_far()
                while mailing.clear():
                    pass


class Mailing(models.Model):
    """Something about a petition that goes to many of its signers.

    `mail_due_at` stays empty where it is not to be mailed. Who is confirmed by that
    moment gets it. Each child has an outbox model of its own, with one row a signer.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    mail_due_at = models.DateTimeField(null=True, editable=False)
    mail_queued_at = models.DateTimeField(null=True, editable=False)
    mail_stopped_at = models.DateTimeField(null=True, editable=False)
    mail_stops = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False
    )
    # How far it is, as the worker last saw: so that no page ever counts mails.
    mail_total = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    mail_sent = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    mail_failed = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    mail_seen_at = models.DateTimeField(null=True, editable=False)
    mail_done_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_mail_queued_only_when_due",
                condition=Q(mail_queued_at__isnull=True) | Q(mail_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_mail_stopped_or_done_only_when_due",
                condition=Q(mail_stopped_at__isnull=True, mail_done_at__isnull=True)
                | Q(mail_due_at__isnull=False),
            ),
        ]
        indexes = [
            # The worker: which are not done?
            models.Index(
                name="%(class)s_unfinished",
                fields=["mail_due_at"],
                condition=Q(mail_due_at__isnull=False, mail_done_at__isnull=True),
            )
        ]

    @property
    def mails(self) -> MailingMailQuerySet[Any]:
        raise NotImplementedError

    def mail_to(self, signer: int) -> OutboxMail:
        """The mail to the signature of that number, not yet saved."""
        raise NotImplementedError

    def receivers(self) -> models.QuerySet[Signature]:
        """Whom it goes to, if they had signed by then."""
        return Signature.objects.wanting_updates().for_petition(self.petition)

    @property
    def mails_left(self) -> int:
        return max(self.mail_total - self.mail_sent - self.mail_failed, 0)

    @property
    def is_stopped(self) -> bool:
        return self.mail_stopped_at is not None

    @property
    def may_be_stopped(self) -> bool:
        is_to_go = self.mail_due_at is not None and self.mail_done_at is None
        return is_to_go and not self.is_stopped

    @property
    def resumable_until(self) -> datetime | None:
        if self.mail_stopped_at is None or self.mail_done_at is not None:
            return None
        until = self.mail_stopped_at + RESUMED_WITHIN
        return until if until > timezone.now() else None

    @property
    def mail_left_out(self) -> bool:
        """Posted without the mail that was wished for: too many had gone that week."""
        return self.is_stopped and self.mail_stopped_at == self.mail_done_at

    @property
    def mails_forgotten(self) -> bool:
        """Whether its mails were gone before anybody looked how many they were."""
        if not (self.mail_queued_at and self.mail_done_at) or self.mail_total:
            return False
        return self.mail_done_at - self.mail_queued_at > DONE_MAIL_KEPT

    def stop_mail(self, *, by: Account) -> bool:
        """Let no more of its mails go, but what workers have in hand.

        False, and nothing done, if it is stopped or done already.
        """
        now = timezone.now()
        running = self.row().filter(
            mail_due_at__isnull=False, mail_done_at=None, mail_stopped_at=None
        )
        with transaction.atomic():
            if not running.update(
                mail_stopped_at=now, mail_stops=F("mail_stops") + 1, mail_seen_at=None
            ):
                return False
            self._record(EventKind.MAIL_STOPPED, by=by)
        return True

    def resume_mail(self, *, by: Account) -> bool:
        """Go on with those who have not got it; False if too late, or not stopped."""
        stopped = self.row().filter(
            mail_done_at=None, mail_stopped_at__gt=timezone.now() - RESUMED_WITHIN
        )
        with transaction.atomic():
            if not stopped.update(
                mail_stopped_at=None, mail_queued_at=None, mail_seen_at=None
            ):
                return False
            self._record(EventKind.MAIL_RESUMED, by=by)
        return True

    def _record(self, kind: EventKind, *, by: Account) -> None:
        note = f"{self._meta.verbose_name}: {self}"
        Event.objects.record(kind, self.petition, by=by, note=note)

    def queue_mails(
        self, *, batch: int = AT_ONCE, stopping: Callable[[], bool] = lambda: False
    ) -> int:
        """Write down a mail for each who is to get one and had signed by then.

        Can be stopped anywhere and begun again: nobody is written down twice.
        """
        queued, last = 0, 0
        while signers := self._queue_some(batch, after=last):
            queued += len(signers)
            last = signers[-1]
            if stopping():
                return queued
        self._as_found().update(mail_queued_at=timezone.now())
        return queued

    def _queue_some(self, most: int, *, after: int) -> list[int]:
        """The signers stay locked meanwhile, so that none is withdrawn under a mail.

        Onwards only: a mail that was found needless and dropped is not written anew.
        Nothing once the mailing was stopped, even if it has been resumed since: what
        was written then is removed, and who resumed it begins anew.
        """
        with transaction.atomic():
            waiting = self._signers_without_mail().filter(pk__gt=after)
            signers = list(waiting.select_for_update(no_key=True)[:most])
            if not _locked(self._as_found()):
                return []
            mails = [self.mail_to(signer) for signer in signers]
            self.mails.bulk_create(mails, ignore_conflicts=True)
        return signers

    def _signers_without_mail(self) -> models.QuerySet[Signature, int]:
        mailed = self.mails.filter(signature=OuterRef("pk"))
        return (
            self.receivers()
            .filter(~Exists(mailed), confirmed_at__lte=self.mail_due_at)
            .order_by("pk")
            .values_list("pk", flat=True)
        )

    def clear(self, *, most: int = AT_ONCE) -> int:
        """Remove some mails of a stopped one that wait and that no worker holds."""
        if not self.is_stopped:
            return 0
        with transaction.atomic():
            if not _locked(self._as_found()):
                return 0
            free = self.mails.free().select_for_update(skip_locked=True)
            numbers = list(free.values_list("pk", flat=True)[:most])
            self.mails.filter(pk__in=numbers).delete()
        return len(numbers)

    def see_how_far(self) -> None:
        """Note how many are sent, given up and left, and whether all is done."""
        if self._stands_still():
            return
        sent = Count("pk", filter=Q(sent_at__isnull=False))
        failed = Count("pk", filter=Q(dead_at__isnull=False))
        seen = self.mails.aggregate(sent=sent, failed=failed, total=Count("pk"))
        now, total = timezone.now(), seen["total"]
        is_done = total == seen["sent"] + seen["failed"]
        if self.mail_stopped_at is None:
            is_done &= self.mail_queued_at is not None
        else:
            is_done &= self.mail_stopped_at <= now - RESUMED_WITHIN
            total = max(total, self.mail_total)  # what waited is removed
        self._as_found().update(
            mail_total=total,
            mail_sent=seen["sent"],
            mail_failed=seen["failed"],
            mail_done_at=now if is_done else None,
        )

    def _stands_still(self) -> bool:
        """Whether as many wait as at the last look, and few: they are tried again.

        What waits has an index of its own; so what has been sent is not counted anew.
        """
        queued, seen, left = self.mail_queued_at, self.mail_seen_at, self.mails_left
        is_known = bool(queued and seen and seen > queued) and not self.is_stopped
        if not (is_known and 0 < left <= AT_ONCE):
            return False
        return self.mails.waiting().count() == left

    def _as_found(self) -> models.QuerySet[Self]:
        """This row, unless it was stopped or resumed since it was read."""
        return self.row().filter(
            mail_stops=self.mail_stops,
            mail_stopped_at__isnull=not self.is_stopped,
            mail_done_at=None,
        )

    def row(self) -> models.QuerySet[Self]:
        """To be changed in the database, whatever it is here."""
        return type(self)._default_manager.filter(pk=self.pk)


class MailingMailQuerySet(OutboxQuerySet[Letter]):
    def sent_and_done(self, *, before: datetime) -> Self:
        """Sent so long ago, of mailings that need not know any more who has got one."""
        is_done = {f"{self.model.about}__mail_done_at__isnull": False}
        return self.filter(sent_at__lt=before, **is_done)


class MailingMail(OutboxMail):
    """The mail of a mailing to one signer. `about` names the key to the mailing."""

    about = ""

    class Meta(OutboxMail.Meta):
        abstract = True

    @classmethod
    def may_leave(cls) -> Q:
        """Asked by number and not by a join, which would change the database's way."""
        key = cls._meta.get_field(cls.about)
        mailings: MailingQuerySet[Any] = MailingQuerySet(key.related_model)
        stopped = mailings.unfinished().filter(mail_stopped_at__isnull=False)
        return ~Q(**{f"{cls.about}__in": stopped.values("pk")})

    def revive(self) -> None:
        """Its mailing goes on then, if all of its mails are still there to be seen."""
        super().revive()
        kept_since = timezone.now() - DONE_MAIL_KEPT
        mailing: Mailing = getattr(self, self.about)
        mailing.row().filter(mail_due_at__gt=kept_since).update(
            mail_done_at=None, mail_seen_at=None
        )


def _locked(rows: models.QuerySet[Any]) -> bool:
    """Whether there is such a row, which stays as it is until the transaction ends."""
    locked = rows.select_for_update(no_key=True)
    return bool(list(locked.values_list("pk", flat=True)))
