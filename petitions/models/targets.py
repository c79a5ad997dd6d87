from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Target(models.Model):
    """Somebody who can decide what a petition asks."""

    name = models.CharField(_("name"), max_length=150, blank=True)
    office = models.CharField(_("office"), max_length=150, blank=True)
    organization = models.CharField(_("organization"), max_length=150, blank=True)
    slug = models.SlugField(_("address"), max_length=150, unique=True)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Never shown in public.")
    )
    wants_no_mail = models.BooleanField(
        _("wants no mail"),
        default=False,
        db_default=False,
        help_text=_("They have said so. Untick it only when they ask for it."),
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["name", "office", "organization"]
        constraints = [
            models.CheckConstraint(
                name="target_has_name_office_or_organization",
                violation_error_message=_("Give a name, an office or an organization."),
                condition=~Q(name="", office="", organization=""),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name, self.office, self.organization]))

    def get_absolute_url(self) -> str:
        return reverse("target", kwargs={"slug": self.slug})


class PetitionTarget(models.Model):
    """That a petition asks a target, and when it was handed over to them."""

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.CASCADE, related_name="deliveries"
    )
    target = models.ForeignKey(
        Target,
        verbose_name=_("target"),
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    delivered_as_written = models.CharField(max_length=7, blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta:
        verbose_name = _("target of the petition")
        verbose_name_plural = _("targets of the petition")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="target_asked_once_per_petition", fields=["petition", "target"]
            ),
            models.CheckConstraint(
                name="delivery_written_only_when_delivered",
                condition=Q(delivered_at__isnull=False) | Q(delivered_as_written=""),
            ),
            models.CheckConstraint(
                name="target_answered_only_when_asked",
                condition=Q(asked_at__isnull=False) | Q(answered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def unanswered_days(self) -> int | None:
        """For how many days it has been asked in vain; None if it is not waited for."""
        if self.asked_at is None or self.answered_at is not None:
            return None
        return (timezone.localdate() - timezone.localdate(self.asked_at)).days


class Topic(models.Model):
    """A subject that staff keep, to find petitions by."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", kwargs={"slug": self.slug})
