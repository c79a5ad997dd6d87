from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from petitions.models.accounts import Account
from petitions.models.pictures import PictureField

NO_ALT = _("Say what the picture shows, for those who cannot see it.")


class OrganizerKind(models.TextChoices):
    PERSON = "person", _("Person")
    GROUP = "group", _("Group")


class Organizer(models.Model):
    """The public face of those who run a petition."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=OrganizerKind,
        default=OrganizerKind.PERSON,
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    about = models.TextField(_("about"), blank=True, help_text=_("Markdown."))
    picture = PictureField(
        _("picture"), upload_to="organizers", blank=True, widths=[160, 480]
    )
    picture_alt = models.CharField(
        _("what the picture shows"), max_length=200, blank=True
    )
    members = models.ManyToManyField(
        Account,
        verbose_name=_("members"),
        related_name="organizers",
        blank=True,
        help_text=_("The accounts that may write in this organizer's name."),
    )

    class Meta:
        verbose_name = _("organizer")
        verbose_name_plural = _("organizers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organizer_kind_is_known",
                condition=Q(kind__in=OrganizerKind.values),
            ),
            models.CheckConstraint(
                name="organizer_picture_has_alt",
                violation_error_message=NO_ALT,
                condition=Q(picture="") | ~Q(picture_alt=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizer", kwargs={"slug": self.slug})


class PetitionOrganizer(models.Model):
    """That an organizer stands behind a petition, and in which place."""

    petition = models.ForeignKey("petitions.Petition", on_delete=models.CASCADE)
    organizer = models.ForeignKey(
        Organizer, verbose_name=_("organizer"), on_delete=models.PROTECT
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("organizer of the petition")
        verbose_name_plural = _("organizers of the petition")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizer_once_per_petition", fields=["petition", "organizer"]
            )
        ]

    def __str__(self) -> str:
        return str(self.organizer)
