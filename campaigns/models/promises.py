from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition


class PromiseAnswer(models.TextChoices):
    KEPT = "kept", _("Kept")
    PARTLY = "partly", _("Kept in part")
    BROKEN = "broken", _("Not kept")


class PromiseQuerySet(models.QuerySet["Promise"]):
    def record(
        self, petition: Petition, text: str, *, due_on: date | None
    ) -> Promise | None:
        """Write it down, if there is one, while the petition that ends is locked."""
        if not (text and due_on):
            return None
        promise, _is_new = self.get_or_create(
            petition=petition, text=text, due_on=due_on
        )
        return promise

    def for_petition(self, petition: Petition) -> PromiseQuerySet:
        return self.filter(petition=petition)

    def unanswered(self) -> PromiseQuerySet:
        return self.filter(answer="")

    def to_ask(self) -> PromiseQuerySet:
        """Whose day has come, and whose organizers have not been asked yet."""
        due = self.unanswered().filter(due_on__lte=timezone.localdate())
        petitions = Petition.objects.public()
        return due.filter(asked_at__isnull=True, petition__in=petitions)


class Promise(models.Model):
    """What was promised when a petition ended, and by when; was it kept?"""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("what was promised"), max_length=300)
    due_on = models.DateField(_("by when"))
    asked_at = models.DateTimeField(null=True)
    answer = models.CharField(
        _("was it kept?"), max_length=10, choices=PromiseAnswer, blank=True
    )
    answered_at = models.DateTimeField(null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="promise_answer_is_known",
                condition=Q(answer__in=[*PromiseAnswer.values, ""]),
            ),
            models.CheckConstraint(
                name="promise_answered_at_when_answered",
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            # The worker: whose organizers are to be asked?
            models.Index(
                name="promise_due",
                fields=["due_on"],
                condition=Q(asked_at__isnull=True, answer=""),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def correct(self, text: str, due_on: date, answer: str | None = None) -> None:
        """Its organizers are asked anew if its day is still to come.

        Without an answer it keeps what it has; with "", they can answer it again.
        """
        corrected: dict[str, object] = {"text": text, "due_on": due_on}
        if due_on > timezone.localdate():
            corrected["asked_at"] = None
        if answer is not None:
            corrected["answer"] = answer
            corrected["answered_at"] = self.answered_at if answer else None
        Promise.objects.filter(pk=self.pk).update(**corrected)
