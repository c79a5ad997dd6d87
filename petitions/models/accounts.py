from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account may do, held as membership in the group of that name."""

    ORGANIZER = "Organizers", _("Organizer")
    MODERATOR = "Moderators", _("Moderator")
    STAFF = "Staff", _("Staff")
    OWNER = "Owners", _("Owner")


class AccountManager(BaseUserManager["Account"]):
    def create_user(
        self, email: str, password: str | None, name: str = ""
    ) -> "Account":
        account = self.model(email=email.lower(), name=name)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(
        self, email: str, password: str | None, name: str = ""
    ) -> "Account":
        account = self.create_user(email, password, name)
        account.is_superuser = True
        account.save(using=self._db, update_fields=["is_superuser"])
        return account

    def owners(self) -> models.QuerySet["Account"]:
        """Who says who else runs the site; superusers are owners."""
        members = Group.objects.filter(name=Role.OWNER).values("user")
        is_owner = Q(is_superuser=True) | Q(pk__in=members)
        return self.filter(is_owner, is_active=True)

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who may log in: an organizer or one of the staff. Signers have none."""

    email = models.EmailField(
        _("e-mail"),
        unique=True,
        error_messages={"unique": _("There is already an account with this address.")},
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    is_active = models.BooleanField(
        _("may log in"), default=True, help_text=_("Untick this instead of deleting.")
    )
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="account_email_is_lowercase", condition=Q(email=Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def _roles(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_owner(self) -> bool:
        """Runs the site, and says who else does."""
        return self.is_active and (self.is_superuser or Role.OWNER in self._roles)

    @property
    def runs_site(self) -> bool:
        """Sees and decides about every petition."""
        return self.is_owner or (self.is_active and Role.STAFF in self._roles)

    @property
    def moderates(self) -> bool:
        """Decides what of petitions and reasons may be read."""
        return self.runs_site or (self.is_active and Role.MODERATOR in self._roles)

    @property
    def is_organizer(self) -> bool:
        return self.is_active and Role.ORGANIZER in self._roles

    @property
    def is_staff(self) -> bool:
        """Django's word for: may come into the admin."""
        return self.moderates or self.is_organizer

    def give_role(self, role: Role) -> None:
        group, _created = Group.objects.get_or_create(name=role.value)
        self.groups.add(group)
        self.__dict__.pop("_roles", None)
