from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite, RelatedOnlyFieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from petitions.admin_fields import ChosenRowsField, PictureInput
from petitions.models import Account, Organizer, Target, Topic
from petitions.models.pictures import Picture, PictureField

# Roles are given on an account; what they may is written here, not in a table.
admin.site.unregister(Group)

# How a filter of the list may be spelt in the address.
LOOKUPS = {"", "exact", "id__exact", "isnull", "in", "gte", "lt"}


def rows_of_choice(
    site: AdminSite, model: type[models.Model], request: HttpRequest
) -> models.QuerySet[Any]:
    """What a select box may offer: what its own admin would list, else nothing."""
    model_admin = site._registry.get(model)
    if isinstance(model_admin, OwnedAdmin):
        return model_admin.get_queryset(request)
    return model._default_manager.none()


def account_of(request: HttpRequest) -> Account:
    """Who is at work: the admin lets nobody else in."""
    assert isinstance(request.user, Account)
    return request.user


def runs_site(request: HttpRequest) -> bool:
    return isinstance(request.user, Account) and request.user.runs_site


def moderates(request: HttpRequest) -> bool:
    return isinstance(request.user, Account) and request.user.moderates


def could_be_number(text: str) -> bool:
    """Of a row: every database can look for it."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class DayAndTime(forms.SplitDateTimeWidget):
    """The browser's own two fields; in the time zone of the site, as all times here."""

    supports_microseconds = False

    def __init__(self) -> None:
        day: dict[str, Any] = {"type": "date", "aria-label": _("day")}
        time: dict[str, Any] = {"type": "time", "aria-label": _("time")}
        super().__init__(
            date_attrs=day,
            date_format="%Y-%m-%d",
            time_attrs=time,
            time_format="%H:%M:%S",
        )


class LongTextField(forms.CharField):
    """A text of several lines. Browsers send two signs for a break; one is kept."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


# What suits a thumb better than Django's own.
FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DateTimeField: {
        "form_class": forms.SplitDateTimeField,
        "widget": DayAndTime,
    },
    models.TextField: {"form_class": LongTextField},
    models.URLField: {"assume_scheme": "https"},
    PictureField: {"widget": PictureInput},
}
# For a choice among few: boxes to tick.
FIELDS_WITH_TICKS = {
    **FIELDS,
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
}


class LimitedChoices:
    """A form in the admin offers, and takes, only rows that its reader may see."""

    admin_site: AdminSite

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """No way to add one beside boxes to tick: it would not appear among them."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # the admin's
        wrapper: Any = getattr(field, "widget", None)
        if isinstance(getattr(wrapper, "widget", None), forms.CheckboxSelectMultiple):
            wrapper.can_add_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        model = db_field.remote_field.model
        kwargs["queryset"] = rows_of_choice(self.admin_site, model, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # the admin's

    def formfield_for_manytomany(
        self,
        db_field: models.ManyToManyField[Any, Any],
        request: HttpRequest,
        **kwargs: Any,
    ) -> Any:
        model = db_field.remote_field.model
        kwargs["queryset"] = rows_of_choice(self.admin_site, model, request)
        kwargs["form_class"] = ChosenRowsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # the admin's


class OwnRowsFilter(RelatedOnlyFieldListFilter):
    """By what stands in the reader's own rows; having none of it is said in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString(_("None of these"))


class OwnedAdmin(LimitedChoices, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """The base of every admin here: organizers meet only what is theirs.

    Staff see all rows, and so do moderators where they may do anything at all.
    Organizers see those that `rows_of` gives them. What each role may do is named
    below; who has several may do what any of them may, each to its own rows. Nobody
    deletes. Django's admin leaks in more places than its lists: select boxes, filters,
    lookups in the address, posted ids. Each is closed here, so that no subclass has
    to remember it.
    """

    organizers_may: frozenset[str] = frozenset()
    moderators_may: frozenset[str] = frozenset()
    staff_may: frozenset[str] = frozenset({"view", "add", "change"})
    owners_may: frozenset[str] = frozenset()  # besides what staff may
    more_lookups: frozenset[str] = frozenset()
    view_on_site = False
    formfield_overrides = FIELDS

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """The rows that an organizer may see."""
        return rows.none()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        account = request.user
        if not isinstance(account, Account):
            return rows.none()
        return rows if self._sees_all(account) else self.rows_of(account, rows)

    def _sees_all(self, account: Account) -> bool:
        return account.runs_site or (account.moderates and bool(self.moderators_may))

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        """Only the list's own filters: other lookups answer guesses, row by row."""
        if lookup in self.more_lookups:
            return True
        names = [
            one if isinstance(one, str) else getattr(one, "parameter_name", "")
            for one in self.list_filter
        ]
        return any(
            lookup.removeprefix(name).removeprefix("__") in LOOKUPS
            for name in filter(None, names)
            if lookup.startswith(name)
        )

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """A filter by a relation lists only what stands in the reader's own rows."""
        return [self._limited(one) for one in super().get_list_filter(request)]

    def _limited(self, list_filter: Any) -> Any:
        if not isinstance(list_filter, str):
            return list_filter
        field = self.model._meta.get_field(list_filter)
        if field.is_relation:
            return (list_filter, OwnRowsFilter)
        return list_filter

    def response_action(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """A posted number that no row can have is no row that was ticked."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        known = [one for one in ticked if could_be_number(one)]
        if known != ticked:
            posted = request.POST.copy()
            posted.setlist(ACTION_CHECKBOX_NAME, known)
            request.POST = posted  # type: ignore[assignment]  # Django reads it anew
        return super().response_action(request, *args, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Called what it lists, not "Select … to change"."""
        title = capfirst(self.opts.verbose_name_plural)
        context = {"title": title, **(extra_context or {})}
        return super().changelist_view(request, context)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """It names everybody by their address."""
        if not runs_site(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may(self, request: HttpRequest, what: str, row: Any = None) -> bool:
        """Whether one of the reader's roles allows it, to this row or to any at all."""
        account = request.user
        if not isinstance(account, Account):
            return False
        if (
            (account.is_owner and what in self.owners_may)
            or (account.runs_site and what in self.staff_may)
            or (account.moderates and what in self.moderators_may)
        ):
            return self._is_seen(request, row)
        may_with_own = account.is_organizer and what in self.organizers_may
        return may_with_own and self._is_own(request, account, row)

    def _is_own(self, request: HttpRequest, account: Account, row: Any) -> bool:
        """An organizer who moderates too sees others' rows, and does no more there."""
        if row is None or not self._sees_all(account):
            return self._is_seen(request, row)
        own = self.rows_of(account, self.model._default_manager.all())
        return own.filter(pk=row.pk).exists()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Notes for whom it was found: each permission would look for it again."""
        row = super().get_object(request, object_id, from_field or None)
        if row is not None:
            row.found_for = request
        return row

    def _is_seen(self, request: HttpRequest, row: Any) -> bool:
        if row is None or getattr(row, "found_for", None) is request:
            return True
        return self.get_queryset(request).filter(pk=row.pk).exists()

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Save what was edited and nothing else: counts and states move meanwhile."""
        if not change:
            obj.save()
            return
        edited = self.edited_columns(obj, form)
        if edited:
            obj.save(update_fields=edited)
        for name in edited:
            if isinstance(old := form.initial.get(name), Picture) and old.name:
                transaction.on_commit(old.remove_files, robust=True)

    def edited_columns(self, obj: Any, form: forms.ModelForm[Any]) -> list[str]:
        columns = {field.name for field in obj._meta.concrete_fields}
        return [name for name in form.changed_data if name in columns]


class OwnedInline(LimitedChoices, admin.StackedInline):  # type: ignore[type-arg]  # not generic when it runs
    """Rows inside the page of their petition; who may change that may change them."""

    extra = 0
    formfield_overrides = FIELDS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Organizer)
class OrganizerAdmin(OwnedAdmin):
    organizers_may = frozenset({"view", "change"})
    list_display = ["name", "kind", "place"]
    search_fields = ["name", "place"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["members"]

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows.filter(members=account)

    def get_fields(self, request: HttpRequest, obj: Organizer | None = None) -> Any:
        own = ["name", "kind", "place", "about", "picture", "picture_alt"]
        return [*own, "slug", "members"] if runs_site(request) else own

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Organizer | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ["name"]}

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Petitions are searched by its names."""
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            obj.petitions.to_index()


@admin.register(Target)
class TargetAdmin(OwnedAdmin):
    """Whom petitions ask. Everybody may name them; their address is for staff."""

    list_display = ["name", "office", "organization"]
    search_fields = ["name", "office", "organization"]
    prepopulated_fields = {"slug": ["name", "office"]}

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Petitions are searched by its names."""
        super().save_model(request, obj, form, change)
        if change and {"name", "office", "organization"} & set(form.changed_data):
            obj.petitions.to_index()


@admin.register(Topic)
class TopicAdmin(OwnedAdmin):
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows
