"""Taking many signatures off the count at once, by a rule, with a way back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition, PetitionState, WrongState
from signatures.models.counting import CountChange
from signatures.models.finding import IS_CONFIRMED, SignatureQuerySet
from signatures.models.mails import SignatureMail
from signatures.models.signatures import Signature
from signatures.models.states import Origin, SignatureState

# In one transaction: so many signatures are moved, out of so many numbers.
MOVED_AT_ONCE = 1000
NUMBERS_AT_ONCE = 10_000
# All that it takes to move one. Its name and address are not read.
NEEDED = ["id", "state", "origin", "petition_id", "country", "confirmed_at"]
NEEDED += ["address_key", "held_at", "exclusion_id"]


class ExclusionState(models.TextChoices):
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


CONDITIONS = ["petition", "address_key", "domain", "network_key"]
CONDITIONS += ["since_at", "until_at", "name_pattern"]
NO_CONDITION = Q(petition=None, since_at=None, until_at=None) & Q(
    **dict.fromkeys(["address_key", "domain", "network_key", "name_pattern"], "")
)


AT_WORK = [ExclusionState.RUNNING, ExclusionState.UNDOING]


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def at_work(self) -> ExclusionQuerySet:
        return self.filter(state__in=AT_WORK)

    def claim(self) -> Exclusion | None:
        """The oldest to be worked on that nobody else has in hand, if there is one.

        It stays in hand until the transaction ends.
        """
        free = self.at_work().select_for_update(no_key=True, skip_locked=True)
        return free.order_by("pk").first()

    def of_chosen(
        self, signatures: Iterable[Signature], *, by: Account, reason: str
    ) -> Exclusion | None:
        """Take pending ones out that somebody has chosen; None if none is pending.

        What they have in common stands as its conditions, to be read by people.
        """
        numbers = [signature.pk for signature in signatures]
        with transaction.atomic():
            chosen = [one for one in _locked(numbers) if _is_waiting(one)]
            if not chosen:
                return None
            petitions = {one.petition_id for one in chosen}
            exclusion = self.create(
                petition_id=petitions.pop() if len(petitions) == 1 else None,
                since_at=min(one.started_at for one in chosen),
                until_at=max(one.started_at for one in chosen),
                reason=reason,
                made_by=by,
                state=ExclusionState.DONE,
            )
            exclusion.take(chosen)
        return exclusion


class Exclusion(models.Model):
    """Which signatures staff took off the count, why, and how far a worker is with it.

    All conditions that are given must hold for a signature.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    address_key = models.CharField(max_length=32, blank=True)
    domain = models.CharField(_("domain"), max_length=254, blank=True)
    network_key = models.CharField(_("network"), max_length=32, blank=True)
    since_at = models.DateTimeField(_("from"), null=True, blank=True)
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    name_pattern = models.CharField(_("name"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=400)

    state = models.CharField(
        _("state"),
        max_length=8,
        choices=ExclusionState,
        default=ExclusionState.RUNNING,
    )
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    # The worker goes through signatures by their numbers, and was here.
    last_number = models.BigIntegerField(default=0)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [
            models.CheckConstraint(
                name="exclusion_state_is_known",
                condition=Q(state__in=ExclusionState.values),
            ),
            models.CheckConstraint(
                name="exclusion_has_a_condition", condition=~NO_CONDITION
            ),
        ]
        indexes = [
            # The worker: what is to be done?
            models.Index(
                name="exclusion_at_work",
                fields=["id"],
                condition=Q(state__in=AT_WORK),
            )
        ]

    def __str__(self) -> str:
        return f"Exclusion {self.pk}"

    # What is so

    def matching(self) -> SignatureQuerySet:
        """Those that it takes off: what counts here, and what could still be confirmed.

        What was carried over has no signer here, and what came later is not meant.
        """
        counted = IS_CONFIRMED & ~Q(origin=Origin.CARRIED)
        pending = Q(state=SignatureState.PENDING, exclusion=None)
        return self._meant(counted | pending)

    def _taken_back(self) -> SignatureQuerySet:
        """Those that their signers withdrew: they are not to come back by an undo."""
        return self._meant(Q(state=SignatureState.WITHDRAWN, exclusion=None))

    def _meant(self, which: Q) -> SignatureQuerySet:
        until_at = min(self.until_at or self.made_at, self.made_at)
        found = Signature.objects.filter(which, started_at__lte=until_at)
        for condition in self._conditions():
            found = found.filter(condition)
        return found

    def _conditions(self) -> Iterable[Q]:
        if self.petition_id:
            yield Q(petition=self.petition_id)
        if self.address_key:
            yield Q(address_key=self.address_key)
        if self.domain:
            is_wide = self.domain.startswith("*.")
            end = self.domain.removeprefix("*") if is_wide else f"@{self.domain}"
            yield Q(email__iendswith=end)
        if self.network_key:
            yield Q(trace__network_key=self.network_key)
        if self.since_at:
            yield Q(started_at__gte=self.since_at)
        if self.name_pattern:
            yield Q(name__iregex=_as_regex(self.name_pattern))

    @property
    def share_done(self) -> int:
        """How far it is through all numbers, in percent."""
        if self.state in (ExclusionState.DONE, ExclusionState.UNDONE):
            return 100
        return min(99, 100 * self.last_number // max(_highest_number(), 1))

    # What is done

    def step(self) -> bool:
        """Do the next batch, in a transaction that has claimed it; True if all is done.

        A batch is done whole, with the number that it came to, or not at all: whoever
        is next begins behind it.
        """
        if self.state == ExclusionState.UNDOING:
            is_done, end = self._give_back_batch(), ExclusionState.UNDONE
        else:
            is_done, end = self._take_batch(), ExclusionState.DONE
        if is_done:
            self.state = end
        self.save(update_fields=["state", "last_number"])
        return is_done

    def stop(self) -> None:
        """What is taken off stays off. Raises WrongState if it is not running."""
        self._move(ExclusionState.STOPPED, out_of=[ExclusionState.RUNNING])

    def go_on(self) -> None:
        self._move(ExclusionState.RUNNING, out_of=[ExclusionState.STOPPED])

    def undo(self) -> None:
        """Have all counted again; a worker does it, from the first to the last."""
        ended = [ExclusionState.STOPPED, ExclusionState.DONE]
        self._move(ExclusionState.UNDOING, out_of=ended, last_number=0)

    def _move(
        self, to: ExclusionState, *, out_of: list[ExclusionState], **more: int
    ) -> None:
        rows = Exclusion.objects.filter(pk=self.pk, state__in=out_of)
        if not rows.update(state=to, **more):
            raise WrongState
        self.refresh_from_db()

    def _take_batch(self) -> bool:
        upto = self.last_number + NUMBERS_AT_ONCE
        between = Q(pk__gt=self.last_number, pk__lte=upto)
        found = self.matching().filter(between).order_by("pk").values_list("pk")
        numbers = [number for (number,) in found[:MOVED_AT_ONCE]]
        self.take(_locked(numbers))
        is_full = len(numbers) == MOVED_AT_ONCE
        self.last_number = numbers[-1] if is_full else upto
        passed = between & Q(pk__lte=self.last_number)
        self._taken_back().filter(passed).update(exclusion=self)
        return not is_full and upto >= _highest_number()

    def take(self, locked: Iterable[Signature]) -> None:
        """Take these off, as they are now that nobody else can move them."""
        counted = [one for one in locked if one.is_confirmed]
        pending = [one for one in locked if _is_waiting(one)]
        _rows(counted).update(state=SignatureState.EXCLUDED, exclusion=self)
        _rows(pending).update(
            held_at=Coalesce("held_at", timezone.now()), exclusion=self
        )
        CountChange.objects.write_all(counted, -1)
        self._add(counted, pending)

    def _give_back_batch(self) -> bool:
        taken = Signature.objects.filter(exclusion=self, pk__gt=self.last_number)
        found = taken.order_by("pk").only(*NEEDED).select_for_update(no_key=True)
        locked = list(found[:MOVED_AT_ONCE])
        excluded = [one for one in locked if one.state == SignatureState.EXCLUDED]
        counted = _counted_again(excluded)
        CountChange.objects.write_all(counted, +1)
        self._add(counted, self._released(locked), sign=-1)
        withdrawn = [one for one in locked if one.state == SignatureState.WITHDRAWN]
        _rows(withdrawn).update(exclusion=None)
        if locked:
            self.last_number = locked[-1].pk
        return len(locked) < MOVED_AT_ONCE

    def _released(self, locked: list[Signature]) -> list[Signature]:
        """Let pending ones be confirmed again where they still can; mail the links.

        Who was held before all this is held again.
        """
        open_ones = Petition.objects.filter(state=PetitionState.OPEN)
        pending = [one for one in locked if one.state == SignatureState.PENDING]
        still_open = open_ones.in_bulk({one.petition_id for one in pending})
        released = [one for one in pending if one.petition_id in still_open]
        free = [one for one in released if one.held_at and one.held_at >= self.made_at]
        _rows(released).update(exclusion=None)
        _rows(free).update(held_at=None)
        SignatureMail.objects.bulk_create(SignatureMail(signature=one) for one in free)
        return released

    def _add(
        self, counted: list[Signature], pending: list[Signature], *, sign: int = 1
    ) -> None:
        """Add to the numbers of each petition, or take off them."""
        of_counted = Counter(one.petition_id for one in counted)
        of_pending = Counter(one.petition_id for one in pending)
        for petition in sorted({*of_counted, *of_pending}):
            self.counts.get_or_create(petition_id=petition)
            self.counts.filter(petition=petition).update(
                counted=F("counted") + sign * of_counted[petition],
                pending=F("pending") + sign * of_pending[petition],
            )


def _locked(numbers: list[int]) -> list[Signature]:
    """As they are once nobody else has them in hand, in the order of all locks."""
    rows = Signature.objects.filter(pk__in=numbers).only(*NEEDED, "started_at")
    return list(rows.order_by("pk").select_for_update(no_key=True))


def _rows(signatures: Iterable[Signature]) -> models.QuerySet[Signature]:
    return Signature.objects.filter(pk__in=[one.pk for one in signatures])


def _is_waiting(signature: Signature) -> bool:
    return signature.state == SignatureState.PENDING and signature.exclusion_id is None


def _counted_again(excluded: list[Signature]) -> list[Signature]:
    """Confirm those again whose address has no other that counts; give them."""
    first: dict[tuple[int, str | int], Signature] = {}
    for signature in excluded:
        whose = signature.petition_id, signature.address_key or signature.pk
        first.setdefault(whose, signature)
    try:
        with transaction.atomic():
            return _confirmed_again(list(first.values()))
    except IntegrityError:  # somebody confirmed another one in this moment
        return [one for one in first.values() if _is_confirmed_again(one)]


def _confirmed_again(signatures: list[Signature]) -> list[Signature]:
    same = Signature.objects.confirmed().filter(
        petition=OuterRef("petition"), address_key=OuterRef("address_key")
    )
    alone = set(_rows(signatures).exclude(Exists(same)).values_list("pk", flat=True))
    counted = [one for one in signatures if one.pk in alone]
    _rows(counted).update(state=SignatureState.CONFIRMED, exclusion=None)
    return counted


def _is_confirmed_again(signature: Signature) -> bool:
    try:
        with transaction.atomic():
            return bool(_confirmed_again([signature]))
    except IntegrityError:
        return False


def _highest_number() -> int:
    return Signature.objects.aggregate(highest=Max("pk"))["highest"] or 0


def _as_regex(pattern: str) -> str:
    """A name with `*` for anything, in the words of the database's regular expressions.

    SQLite's go back to try anew at each `*`, unless they are told not to.
    """
    first, *others = map(re.escape, pattern.split("*"))
    if not others:
        return f"^{first}$"
    *middle, last = others
    piece = "(?>.*?{})" if connection.vendor == "sqlite" else ".*{}"
    pieces = "".join(piece.format(words) for words in middle if words)
    return f"^{first}{pieces}.*{last}$"


class ExclusionCountQuerySet(models.QuerySet["ExclusionCount"]):
    def shown_to_all(self) -> ExclusionCountQuerySet:
        """Of exclusions that stand as they are: neither on the way nor undone."""
        stands = [ExclusionState.DONE, ExclusionState.STOPPED]
        return self.filter(exclusion__state__in=stands, counted__gt=0)


class ExclusionCount(models.Model):
    """How many signatures of one petition an exclusion has taken off its count."""

    exclusion = models.ForeignKey(
        Exclusion, on_delete=models.PROTECT, related_name="counts", db_index=False
    )
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="+")
    counted = models.PositiveIntegerField(default=0)  # those that had counted
    pending = models.PositiveIntegerField(default=0)  # those whose links died

    objects = ExclusionCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="exclusion_counts_once_for_each_petition",
                fields=["exclusion", "petition"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.counted} on petition {self.petition_id}"
