from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models, transaction
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition, PetitionState, PetitionVersion
from petitions.sharing import LONGEST_CHANNEL
from signatures.models.constraints import CONSTRAINTS, INDEXES
from signatures.models.counting import CountChange
from signatures.models.finding import (
    HAS_REASON,
    SignatureQuerySet,
    confirmable_until,
    first_reason_state,
)
from signatures.models.held_data import data_about
from signatures.models.mails import SignatureMail
from signatures.models.records import Erasure, ReportCause
from signatures.models.states import (
    Confirmation,
    Origin,
    ReasonState,
    SignatureState,
)

CONSENTS_AFTER_SIGNING = ("name_for_delivery", "organizer_may_write")
RESEND_AFTER = timedelta(minutes=1)
UNDO_WITHIN = timedelta(hours=24)


class Signature(models.Model):
    """One person's name under one petition, and the only home of their data.

    There is no network address, browser or referrer here, and none may be added. Which
    link a signer followed is kept until the signature counts, and then no longer.
    """

    # No constraint: to check it, the database would lock the petition's row for each
    # who signs. An INSERT takes both keys from the petition itself, and neither a
    # petition that was opened nor a version of it is ever deleted.
    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    version = models.ForeignKey(
        PetitionVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address_key = models.CharField(max_length=32, null=True, editable=False)  # noqa: DJ001  # NULLs do not collide
    place = models.CharField(_("place"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    show_name = models.BooleanField(_("name shown"), default=False)
    wants_updates = models.BooleanField(_("wants updates"), default=False)
    # Given after signing: the name to those who are asked, the address to organizers.
    name_for_delivery = models.BooleanField(
        _("name may be handed over"), default=False, db_default=False
    )
    organizer_may_write = models.BooleanField(
        _("organizer may write"), default=False, db_default=False
    )
    consents_changed_at = models.DateTimeField(null=True)  # of these two
    language = models.CharField(max_length=7, default="en")
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin, default=Origin.ONLINE
    )

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SignatureState,
        default=SignatureState.PENDING,
    )
    reason_state = models.CharField(
        _("state of the reason"),
        max_length=10,
        choices=ReasonState,
        default=ReasonState.HELD,
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    signed_as_written = models.CharField(max_length=7, blank=True, editable=False)
    via = models.CharField(
        max_length=LONGEST_CHANNEL, blank=True, default="", db_default=""
    )
    # Waits for staff: one of a crowd from one network, or made by a machine, it seems.
    held_at = models.DateTimeField(_("held"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    forgotten_at = models.DateTimeField(null=True)
    # What its signer was promised and agreed to: for how long after the end all that is
    # personal is kept, and which words stood beside the button (`Wording`).
    kept_days = models.PositiveSmallIntegerField(default=183, db_default=183)
    consent = models.CharField(max_length=16, blank=True, default="", db_default="")
    # Links to it hold this number; the next number makes the earlier links useless.
    link_number = models.PositiveSmallIntegerField(default=0, db_default=0)
    # No constraint: adding it would read all rows while everybody waits, and an
    # exclusion is never deleted.
    exclusion = models.ForeignKey(
        "signatures.Exclusion",
        verbose_name=_("excluded with"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self) -> str:
        # No name or address: this ends up in logs.
        return gettext("Signature %(number)s") % {"number": self.pk}

    # What is so

    @property
    def is_confirmed(self) -> bool:
        return self.state == SignatureState.CONFIRMED

    @property
    def public_name(self) -> str:
        """The name that all may read, or ""; on a sensitive petition the first."""
        if not self.show_name:
            return ""
        first_name = self.name.strip().split(" ")[0]
        return first_name if self.petition.sensitive else self.name

    @property
    def public_place(self) -> str:
        """A place only beside a name, and none on a sensitive petition."""
        return self.place if self.show_name and not self.petition.sensitive else ""

    @property
    def public_reason(self) -> str:
        return self.reason if self.reason_state == ReasonState.SHOWN else ""

    @property
    def complaints(self) -> list[str]:
        """Why readers have reported its reason, each cause once."""
        causes = self.reports.order_by("cause").values_list("cause", flat=True)
        return [str(ReportCause(cause).label) for cause in causes.distinct()]

    @property
    def is_confirmable(self) -> bool:
        """Whether it waits for its signer alone, and the petition is open or closed
        less than a day ago.

        What confirms asks the same of the database (`statements.CONFIRMABLE`). Whether
        it was started in time is not asked again: what was taken then is not lost to a
        closing that was under way, or to a clock that is behind.
        """
        petition = self.petition
        is_in_time = (
            petition.state == PetitionState.OPEN
            or confirmable_until(petition) is not None
        )
        is_waiting = self.state == SignatureState.PENDING and self.held_at is None
        return is_waiting and is_in_time

    @property
    def is_counted_by_another(self) -> bool:
        """Whether the same address has another signature that is the counted one."""
        same = Signature.objects.of_address(str(self.address_key)).confirmed()
        return same.filter(petition=self.petition_id).exclude(pk=self.pk).exists()

    @property
    def is_changeable(self) -> bool:
        return self.state != SignatureState.WITHDRAWN and self.forgotten_at is None

    @property
    def may_give_more(self) -> bool:
        """Whether there is something left to allow. Nobody is asked in danger."""
        has_given_all = self.name_for_delivery and self.organizer_may_write
        return not has_given_all and not self.petition.sensitive

    @property
    def has_links_by_mail(self) -> bool:
        """Whether who asks for the links of its address gets one to it too."""
        return bool(self.address_key) and self.state != SignatureState.PENDING

    @property
    def undo_until_at(self) -> datetime | None:
        return self.withdrawn_at and self.withdrawn_at + UNDO_WITHIN

    @property
    def can_be_undone(self) -> bool:
        is_in_time = self.undo_until_at and self.undo_until_at > timezone.now()
        return bool(is_in_time) and self.exclusion_id is None

    @property
    def kept_for_days(self) -> int:
        """For how many days after the end: as promised, or less if that has changed."""
        return min(self.kept_days, self.petition.signers_kept_days)

    @property
    def kept_until_at(self) -> datetime | None:
        """When all that is personal in it goes, where the petition has ended."""
        ended_at = self.petition.closed_at
        if ended_at is None:
            return None
        return max(ended_at, self.started_at) + timedelta(days=self.kept_for_days)

    def as_data(self) -> dict[str, object]:
        return data_about(self)

    # What is done

    def ask_for_mail_again(self) -> None:
        """Queue the mail once more, unless the last is younger than a minute.

        How many are sent in a day is limited where they are sent.
        """
        just_now = timezone.now() - RESEND_AFTER
        rows = Signature.objects.filter(pk=self.pk)
        with transaction.atomic():
            is_there = rows.select_for_update(no_key=True).first()
            if is_there and not self.mails.filter(due_at__gt=just_now).exists():
                SignatureMail.objects.create(signature=self)

    def confirm(self) -> Confirmation:
        """Count this signature, once, however often and by however many it is pressed.

        Raises Signature.DoesNotExist if it has been withdrawn meanwhile.
        """
        confirmation = Signature.objects.confirm(self.key)
        self.refresh_from_db()
        if confirmation:
            return confirmation
        return Confirmation.AGAIN if self.is_confirmed else Confirmation.TOO_LATE

    def withdraw(self) -> bool:
        """Take it off the count and out of sight; a day later a worker erases it.

        One that does not count is erased at once: there is nothing to undo. False if
        either was done already.
        """
        with transaction.atomic():
            locked = self._locked()
            if locked is None or locked.state == SignatureState.WITHDRAWN:
                return False
            if not locked.is_confirmed:
                return locked.erase()
            CountChange.objects.write(locked, -1)
            Signature.objects.filter(pk=self.pk).update(
                state=SignatureState.WITHDRAWN, withdrawn_at=timezone.now()
            )
        return True

    def undo_withdrawal(self) -> bool:
        """Count it again as it was; False if it is not withdrawn or the day is over.

        Raises IntegrityError if the address has signed again in the meantime.
        """
        rows = Signature.objects.withdrawn().filter(pk=self.pk, exclusion=None)
        in_time = rows.filter(withdrawn_at__gt=timezone.now() - UNDO_WITHIN)
        with transaction.atomic():
            undone = in_time.update(state=SignatureState.CONFIRMED, withdrawn_at=None)
            if undone:
                CountChange.objects.write(Signature.objects.get(pk=self.pk), +1)
        return bool(undone)

    def erase(self) -> bool:
        """Delete the row, with all that is personal, and take it off the count.

        Its number is noted, for a restored backup to follow. False if it was gone.
        """
        with transaction.atomic():
            locked = self._locked()
            if locked is None:
                return False
            if locked.is_confirmed:
                CountChange.objects.write(locked, -1)
            Erasure.objects.note([locked.pk])
            locked.delete()
        return True

    def _locked(self) -> Signature | None:
        """The row as it is now, for this transaction alone to change."""
        return Signature.objects.select_for_update().filter(pk=self.pk).first()

    def release(self) -> bool:
        """Let its signer confirm it, with a mail as if just signed; False if not held.

        One that was excluded, or whose petition has ended, is not released.
        """
        petition = Petition.objects.filter(state=PetitionState.OPEN)
        held = Signature.objects.held().filter(pk=self.pk, petition__in=petition)
        with transaction.atomic():
            released = held.update(held_at=None)
            if released:
                SignatureMail.objects.create(signature=self)
        return bool(released)

    def exclude(self) -> bool:
        """Keep the row but count it no more; False if it did not count."""
        return self._recount(SignatureState.CONFIRMED, SignatureState.EXCLUDED, -1)

    def restore(self) -> bool:
        """Count an excluded signature again; False if it may not.

        Raises IntegrityError if the address has signed again in the meantime.
        """
        with transaction.atomic():
            restored = self._recount(
                SignatureState.EXCLUDED, SignatureState.CONFIRMED, +1
            )
            if restored and self.exclusion:  # it is one less that was taken off with it
                counts = self.exclusion.counts.filter(petition=self.petition_id)
                counts.update(counted=F("counted") - 1)
        return restored

    def _recount(self, old: SignatureState, new: SignatureState, change: int) -> bool:
        with transaction.atomic():
            rows = Signature.objects.filter(pk=self.pk, state=old)
            rows = rows.filter(exclusion=self.exclusion_id)
            changed = rows.update(state=new, exclusion=None)
            if changed:  # read anew: it may have moved to another country
                CountChange.objects.write(Signature.objects.get(pk=self.pk), change)
        return bool(changed)

    def release_reason(self) -> bool:
        """Let everybody read it; False if its signer has changed it meanwhile."""
        return self._move_reason(ReasonState.SHOWN, reason=self.reason)

    def hide_reason(self) -> bool:
        return self._move_reason(ReasonState.HIDDEN)

    def keep_reason(self) -> bool:
        """Let it stand as it is; False if nobody has reported it (any more)."""
        return bool(self.reports.settle())

    def _move_reason(self, to: ReasonState, **as_read: str) -> bool:
        """Somebody has decided: who has reported it is answered with that."""
        rows = Signature.objects.filter(HAS_REASON, pk=self.pk, **as_read)
        with transaction.atomic():
            moved = rows.exclude(reason_state=to).update(reason_state=to)
            if moved:
                self.reports.settle()
        return bool(moved)

    def change(self, fields: list[str]) -> None:
        """Save what the signer edited; a new reason waits for its review again.

        Where reasons are shown at once, so does one in the place of a hidden or held.
        """
        changes = {field: getattr(self, field) for field in fields}
        if not set(fields).isdisjoint(CONSENTS_AFTER_SIGNING):
            changes["consents_changed_at"] = timezone.now()
        if "reason" in changes:
            first_state = first_reason_state(
                self.reason,
                sensitive=self.petition.sensitive,
                blocked_words=self.petition.blocked_words,
            )
            changes["reason_state"] = models.Case(
                models.When(reason_state=ReasonState.SHOWN, then=Value(first_state)),
                default=Value(ReasonState.HELD),
            )
        with transaction.atomic():
            locked = self._locked()
            if not changes or locked is None or not locked.is_changeable:
                return
            country = str(changes.get("country", locked.country))
            if locked.is_confirmed and country != locked.country:
                CountChange.objects.move(locked, to_country=country)
            Signature.objects.filter(pk=self.pk).update(**changes)

    def stop_updates(self) -> None:
        Signature.objects.filter(pk=self.pk).update(wants_updates=False)
