from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin.mailings import number_asking, progress
from campaigns.models import Event, EventKind, Update, UpdateMail
from petitions.admin import OwnedAdmin, account_of, rows_of_choice, runs_site
from petitions.admin_lists import OfPetition
from petitions.models import Account, Organizer, Petition
from signatures.admin import OutboxAdmin


class UpdateWordsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("body") and not cleaned.get("url"):
            self.add_error("body", _("Write a text, or give a link."))
        return cleaned


class UpdateForm(UpdateWordsForm):
    """A new update; its select boxes hold only what the writer runs."""

    url = forms.URLField(
        label=gettext_lazy("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)  # the same when it is sent twice
    with_mail = forms.BooleanField(
        label=gettext_lazy("E-mail it to those who asked for updates"),
        required=False,
        initial=True,
    )

    class Meta:
        model = Update
        fields = [
            *("petition", "organizer", "kind", "title", "body"),
            *("url", "source", "language"),
        ]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
            "source": forms.TextInput(attrs={"class": "vTextField"}),
        }
        error_messages = {
            "petition": {"required": gettext_lazy("Choose a petition.")},
            "organizer": {"required": gettext_lazy("Choose in whose name you write.")},
            "title": {"required": gettext_lazy("Write a title.")},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        petition, organizer = cleaned.get("petition"), cleaned.get("organizer")
        if petition and organizer and organizer not in petition.organizers.all():
            self.add_error("organizer", _("This organizer does not run the petition."))
        return cleaned


@admin.register(Update)
class UpdateAdmin(OwnedAdmin):
    organizers_may = frozenset({"view", "add", "change"})
    form = UpdateWordsForm
    list_display = ["title", "petition", "kind", "posted_at"]
    list_select_related = ["petition"]
    list_filter = ["kind", OfPetition]
    search_fields = ["title"]
    fields = ["kind", "title", "body", "url", "source", "language", "posted", "mailed"]
    readonly_fields = ["posted", "mailed"]

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows & Update.objects.run_by(account)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Write, look at it as it will be, see whom it will reach, post."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._form(request)
        is_previewed = form.is_valid()
        if is_previewed and "post" in request.POST:
            update = self._post_once(form, account_of(request))
            messages.success(request, _posted(update))
            return redirect("admin:campaigns_update_change", update.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Post an update"),
            "opts": self.opts,
            "form": form,
            "preview": form.instance if is_previewed else None,
            "recipients": _recipients(form) if is_previewed else "",
        }
        return render(request, "admin/campaigns/update/post.html", context)

    def _post_once(self, form: UpdateForm, by: Account) -> Update:
        """Post it, or give what the first of two presses has posted."""
        update: Update = form.save(commit=False)
        update.key = form.cleaned_data["key"]
        try:
            update.post(by=by, with_mail=form.cleaned_data["with_mail"])
        except IntegrityError:
            return Update.objects.get(key=update.key)
        return update

    def _form(self, request: HttpRequest) -> UpdateForm:
        petitions = rows_of_choice(self.admin_site, Petition, request)
        organizers = rows_of_choice(self.admin_site, Organizer, request)
        wanted = request.GET.get("petition", "")
        petition = petitions.filter(pk=wanted).first() if wanted.isdecimal() else None
        form = UpdateForm(
            request.POST if request.method == "POST" else None,
            initial={
                "key": uuid4(),
                "petition": petition,
                "organizer": petition and organizers.filter(petitions=petition).first(),
                "language": petition.language if petition else request.LANGUAGE_CODE,
            },
        )
        form.fields["petition"].queryset = petitions.public()  # type: ignore[attr-defined]  # a choice of rows
        form.fields["organizer"].required = not runs_site(request)
        form.fields["organizer"].queryset = organizers  # type: ignore[attr-defined]  # a choice of rows
        return form

    @admin.display(description=gettext_lazy("posted"))
    def posted(self, update: Update) -> str:
        return (
            f"{timezone.localtime(update.posted_at):%Y-%m-%d %H:%M} · {update.author}"
        )

    @admin.display(description=gettext_lazy("mailed"))
    def mailed(self, update: Update) -> str:
        return progress(update)

    def save_model(
        self, request: HttpRequest, obj: Update, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        note = _("Update: %(title)s") % {"title": obj.title}
        by = account_of(request)
        Event.objects.record(EventKind.EDITED, obj.petition, by=by, note=note)


def _posted(update: Update) -> SafeString:
    """That it is done, and the way to see it."""
    words, way = _("Posted. It is on the page now."), _("See it")
    return format_html('{} <a href="{}">{}</a>', words, update.get_absolute_url(), way)


def _recipients(form: UpdateForm) -> str:
    """Whom it will reach, in words."""
    if not form.cleaned_data["with_mail"]:
        return _("It will not be mailed.")
    number = number_asking(form.cleaned_data["petition"])
    words = ngettext(
        "It will be mailed to %(number)s person.",
        "It will be mailed to %(number)s people.",
        number.number,
    )
    return words % {"number": number}


@admin.register(UpdateMail)
class UpdateMailAdmin(OutboxAdmin):
    fields = ["update", "due_at", "attempts", "sent_at", "dead_at", "last_error"]
