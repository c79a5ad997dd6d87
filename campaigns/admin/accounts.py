from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import accounts
from campaigns.admin.acts import Act, ActingAdmin, Allowed, SureForm
from petitions.admin import FIELDS_WITH_TICKS, OwnedAdmin, account_of
from petitions.models import Account, Role

# allauth's own pages for these stand on no hardened base, and nobody needs them.
for _model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(_model)

# Not for oneself: who may say what others may could else stay for ever.
OF_OTHERS = ("is_active", "groups")


class AccountCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = Account
        fields = ["email", "name"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


class AccountChangeForm(UserChangeForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = Account
        fields = ["email", "name", "password", "is_active", "groups"]
        field_classes: dict[str, type[forms.Field]] = {}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def clean(self) -> dict[str, Any]:
        """One owner stays. Two who demote each other at once: `note_change` refuses."""
        cleaned = super().clean() or {}
        roles = cleaned.get("groups")
        stays = self.instance.is_superuser or (
            roles is not None and roles.filter(name=Role.OWNER).exists()
        )
        others = Account.objects.owners().exclude(pk=self.instance.pk)
        is_asked = roles is not None and "is_active" in cleaned
        if is_asked and not (stays and cleaned["is_active"]) and not others.exists():
            self.add_error(None, _("One owner has to stay who can log in."))
        return cleaned


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Role.choices)

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Account]
    ) -> models.QuerySet[Account]:
        role = self.value()
        return queryset.filter(groups__name=role) if role else queryset


@admin.register(Account)
class AccountAdmin(ActingAdmin, UserAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """Who may come in, and as what. Staff see it, owners say it.

    Superusers are made on the command line, and seen by each other alone.
    """

    staff_may = frozenset({"view"})
    owners_may = frozenset({"add", "change"})
    form = AccountChangeForm
    add_form = AccountCreationForm
    formfield_overrides = FIELDS_WITH_TICKS
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (gettext_lazy("Role"), {"fields": OF_OTHERS}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]
    filter_horizontal = []
    list_display = ["email", "name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter]
    search_fields = ["email", "name"]
    ordering = ["email"]
    acts = {
        "remove-factor": Act(
            gettext_lazy("Remove the second factor"),
            gettext_lazy(
                "For somebody who has lost phone and recovery codes. Make sure that "
                "they ask for it themselves. They are logged out and get a mail."
            ),
            accounts.has_factors,
            accounts.remove_factors,
            SureForm,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Account]:
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows if request.user.is_superuser else rows.filter(is_superuser=False)

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        return OwnedAdmin.lookup_allowed(self, lookup, value, request)

    def get_fieldsets(self, request: HttpRequest, obj: Account | None = None) -> Any:
        """Who may not change it needs not know how the password is kept."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [(None, {"fields": ["email", "name", *OF_OTHERS]})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Account | None = None
    ) -> list[str]:
        return list(OF_OTHERS) if obj is not None and obj == request.user else []

    def formfield_for_manytomany(
        self,
        db_field: models.ManyToManyField[Any, Any],
        request: HttpRequest,
        **kwargs: Any,
    ) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.queryset = Group.objects.filter(name__in=Role.values).order_by(
                Case(*[When(name=role, then=n) for n, role in enumerate(Role)])
            )
            field.label, field.help_text = _("Role"), ""
            field.label_from_instance = lambda group: Role(group.name).label
        return field

    @admin.display(description=gettext_lazy("role"))
    def roles(self, account: Account) -> str:
        names = {group.name for group in account.groups.all()}
        return ", ".join(str(role.label) for role in Role if role in names)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        account: Account = form.instance
        before = list(account.groups.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        if change and set(form.changed_data) & set(OF_OTHERS):
            accounts.note_change(account, by=account_of(request), roles_before=before)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """A new password ends what the old one has opened. One's own: elsewhere."""
        if id == str(request.user.pk):
            return redirect("account_change_password")
        own_key = request.session.session_key
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if (
            own_key != request.session.session_key
        ):  # Django's way to say that it is done
            own = UserSession.objects.filter(session_key=own_key)
            own.update(session_key=request.session.session_key)
            accounts.end_sessions(Account.objects.get(pk=id))
        return response

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """One's own second factor is changed elsewhere, and nobody's in passing."""
        if pk == account_of(request).pk:
            return redirect("mfa_index")
        ask_first = reauthentication_required(app="allauth.mfa")
        response: HttpResponse = ask_first(super().act_view)(request, pk, act)
        return response

    def _is_allowed(self, request: HttpRequest, act: Allowed, row: Any) -> bool:
        return self.has_change_permission(request, row) and row != request.user
