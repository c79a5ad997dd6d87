from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition, PetitionState, PetitionVersion
from petitions.models.states import ENDED
from petitions.sharing import LONGEST_CHANNEL
from signatures.models.counting import CountChange
from signatures.models.finding import (
    HAS_REASON,
    IS_CONFIRMED,
    IS_EXCLUDED,
    LATE_CONFIRMATION,
    SHOWS_REASON,
    WAS_CONFIRMED,
    SignatureQuerySet,
    first_reason_state,
)
from signatures.models.mails import SignatureMail
from signatures.models.states import (
    Confirmation,
    Origin,
    ReasonState,
    SignatureState,
)

RESEND_AFTER = timedelta(minutes=1)


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
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.CheckConstraint(
                name="signature_state_is_known",
                condition=Q(state__in=SignatureState.values),
            ),
            models.CheckConstraint(
                name="signature_reason_state_is_known",
                condition=Q(reason_state__in=ReasonState.values),
            ),
            models.CheckConstraint(
                name="signature_origin_is_known", condition=Q(origin__in=Origin.values)
            ),
            models.CheckConstraint(
                name="signature_confirmed_at_unless_pending",
                condition=Q(state=SignatureState.PENDING, confirmed_at__isnull=True)
                | ~Q(state=SignatureState.PENDING) & Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signature_online_has_name_and_address",
                condition=~Q(origin=Origin.ONLINE)
                | ~Q(name="") & ~Q(email="") & Q(address_key__isnull=False),
            ),
            models.CheckConstraint(
                name="signature_carried_is_confirmed_without_address",
                condition=~Q(origin=Origin.CARRIED)
                | ~Q(state=SignatureState.PENDING)
                & Q(email="", address_key__isnull=True, wants_updates=False),
            ),
            models.CheckConstraint(
                name="signature_via_only_while_pending",
                condition=Q(via="") | Q(state=SignatureState.PENDING),
            ),
            # Also answers: which signatures has this address?
            models.UniqueConstraint(
                name="signature_confirmed_once_per_address",
                fields=["address_key", "petition"],
                condition=IS_CONFIRMED,
            ),
        ]
        indexes = [
            # The petition page: who signed last, with a name or a reason to show?
            models.Index(
                name="signature_seen_in_public",
                fields=["petition", "-confirmed_at", "-id"],
                condition=IS_CONFIRMED & (Q(show_name=True) | SHOWS_REASON),
            ),
            # The page of all reasons: which are shown, the newest first?
            models.Index(
                name="signature_reason_shown",
                fields=["petition", "-confirmed_at", "-id"],
                condition=IS_CONFIRMED & SHOWS_REASON,
            ),
            # Staff: which reasons wait for review, which are shown, which hidden?
            models.Index(
                name="signature_reason",
                fields=["reason_state", "id"],
                condition=IS_CONFIRMED & HAS_REASON,
            ),
            # Staff: the same of one petition.
            models.Index(
                name="signature_reason_of_petition",
                fields=["petition", "reason_state", "id"],
                condition=IS_CONFIRMED & HAS_REASON,
            ),
            # Staff: which did we exclude?
            models.Index(
                name="signature_excluded",
                fields=["id"],
                condition=IS_EXCLUDED,
            ),
            # A request for links: which that we excluded has this address?
            models.Index(
                name="signature_excluded_by_address",
                fields=["address_key"],
                condition=IS_EXCLUDED,
            ),
            # Staff: which has this petition? Recounting: how many? Nobody asks it of
            # pending ones, so that signing does not have to write here.
            models.Index(
                name="signature_of_petition",
                fields=["petition", "id"],
                condition=WAS_CONFIRMED,
            ),
            # An update: who asked for it?
            models.Index(
                name="signature_wants_updates",
                fields=["petition", "id"],
                condition=IS_CONFIRMED & Q(wants_updates=True),
            ),
            # Forgetting: which are still pending, and since when?
            models.Index(
                name="signature_pending",
                fields=["started_at"],
                condition=Q(state=SignatureState.PENDING),
            ),
        ]

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
    def is_confirmable(self) -> bool:
        """Whether it waits, and the petition is open or closed less than a day ago.

        What confirms asks the same of the database (`statements.CONFIRMABLE`).
        """
        petition = self.petition
        is_in_time = petition.state == PetitionState.OPEN or (
            petition.state in ENDED
            and petition.closed_at is not None
            and petition.closed_at > timezone.now() - LATE_CONFIRMATION
            and petition.closed_at >= self.started_at
        )
        return self.state == SignatureState.PENDING and is_in_time

    @property
    def is_counted_by_another(self) -> bool:
        """Whether the same address has another signature that is the counted one."""
        same = Signature.objects.of_address(str(self.address_key)).confirmed()
        return same.filter(petition=self.petition_id).exclude(pk=self.pk).exists()

    def as_data(self) -> dict[str, object]:
        """What is stored about this signature, in words for its signer."""
        return {
            "petition": self.petition.title,
            "version_signed": self.version.number,
            "name": self.name,
            "email": self.email,
            "place": self.place,
            "country": self.country,
            "reason": self.reason,
            "reason_state": self.reason_state,
            "show_name": self.show_name,
            "wants_updates": self.wants_updates,
            "language": self.language,
            "origin": self.origin,
            "state": self.state,
            "started_at": self.started_at.isoformat(),
            "confirmed_at": self.confirmed_at and self.confirmed_at.isoformat(),
            "via": self.via,
        }

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
        """Delete the row, with all that is personal, and take it off the count.

        False if it was gone already.
        """
        with transaction.atomic():
            locked = Signature.objects.select_for_update().filter(pk=self.pk).first()
            if locked is None:
                return False
            if locked.is_confirmed:
                CountChange.objects.write(locked, -1)
            locked.delete()
        return True

    def exclude(self) -> bool:
        """Keep the row but count it no more; False if it did not count."""
        return self._recount(SignatureState.CONFIRMED, SignatureState.EXCLUDED, -1)

    def restore(self) -> bool:
        """Count an excluded signature again; False if it may not.

        Raises IntegrityError if the address has signed again in the meantime.
        """
        return self._recount(SignatureState.EXCLUDED, SignatureState.CONFIRMED, +1)

    def _recount(self, old: SignatureState, new: SignatureState, change: int) -> bool:
        with transaction.atomic():
            rows = Signature.objects.filter(pk=self.pk, state=old)
            changed = rows.update(state=new)
            if changed:
                CountChange.objects.write(self, change)
        return bool(changed)

    def release_reason(self) -> bool:
        return self._move_reason(ReasonState.SHOWN)

    def hide_reason(self) -> bool:
        return self._move_reason(ReasonState.HIDDEN)

    def _move_reason(self, to: ReasonState) -> bool:
        rows = Signature.objects.filter(HAS_REASON, pk=self.pk)
        return bool(rows.exclude(reason_state=to).update(reason_state=to))

    def change(self, fields: list[str]) -> None:
        """Save what the signer edited; a new reason waits for its review again."""
        changes = {field: getattr(self, field) for field in fields}
        if "reason" in changes:
            was_hidden = self.reason_state == ReasonState.HIDDEN
            first_state = first_reason_state(sensitive=self.petition.sensitive)
            changes["reason_state"] = ReasonState.HELD if was_hidden else first_state
        if changes:
            Signature.objects.filter(pk=self.pk).update(**changes)

    def stop_updates(self) -> None:
        Signature.objects.filter(pk=self.pk).update(wants_updates=False)
