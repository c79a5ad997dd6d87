from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.accounts import Account
from petitions.models.petitions import Petition
from petitions.models.states import WrongState


class SigningPauseQuerySet(models.QuerySet["SigningPause"]):
    def running(self) -> SigningPauseQuerySet:
        return self.filter(ended_at=None)

    def of_site(self) -> SigningPauseQuerySet:
        return self.filter(petition=None)

    def of_petitions(self) -> SigningPauseQuerySet:
        return self.exclude(petition=None)

    def meeting(self, petition: object) -> SigningPauseQuerySet:
        """Those that keep people from signing it now; its own before the site's."""
        concerned = self.running().filter(Q(petition=petition) | Q(petition=None))
        return concerned.order_by(F("petition").asc(nulls_last=True))

    def begin(
        self, petition: Petition | None, *, by: Account, notice: str
    ) -> SigningPause:
        """Raises WrongState if the petition, or the site, is paused already."""
        try:
            with transaction.atomic():
                return self.create(petition=petition, by=by, notice=notice)
        except IntegrityError as error:
            raise WrongState from error

    def end(self) -> None:
        """Raises WrongState if there is none to end, or it has ended already."""
        if not self.running().update(ended_at=timezone.now()):
            raise WrongState


class SigningPause(models.Model):
    """That nobody can sign for now: one petition, or, without one, any on the site."""

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    notice = models.CharField(
        _("what readers are told"),
        max_length=300,
        help_text=_("Stands where the form stood."),
    )
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = SigningPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of signing")
        verbose_name_plural = _("pauses of signing")
        constraints = [
            models.UniqueConstraint(
                name="pause_once_at_a_time_for_a_petition",
                fields=["petition"],
                condition=Q(ended_at__isnull=True),
            ),
            # NULLs do not collide: two without a petition would both be let in. Also
            # answers the page, and whoever signs: is the whole site paused?
            models.UniqueConstraint(
                Coalesce("petition", Value(0)),
                name="pause_once_at_a_time_for_the_site",
                condition=Q(ended_at__isnull=True, petition__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Pause {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None
