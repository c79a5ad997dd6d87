from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import lifecycle
from campaigns.admin import petition_ways
from campaigns.admin.acts import ActingAdmin
from campaigns.admin.mailings import lines_about_mail
from campaigns.admin.moderation import moderation_queue
from campaigns.admin.pauses import ACTS_OF_PAUSING, pause_of
from campaigns.admin.petition_acts import ACTS_OF_LIFE
from campaigns.admin.petition_forms import (
    FIELDSETS,
    AmendingForm,
    PetitionForm,
    fieldsets_with_amending,
)
from campaigns.admin.petition_pages import PAGES, PetitionPage
from campaigns.admin.petition_rows import (
    OrganizerInline,
    TargetInline,
    TranslationInline,
)
from campaigns.models import Event, EventKind
from petitions.admin import (
    FIELDS_WITH_TICKS,
    account_of,
    moderates,
    runs_site,
)
from petitions.models import (
    Account,
    Petition,
    PetitionState,
    PetitionTranslation,
)
from petitions.models.texts import FIELDS_OF_WORDS
from petitions.templatetags.petition_text import grouped

ABOUT_THE_EDIT = ["edit_reason", "seen_words", "tell_signers"]


@admin.register(Petition)
class PetitionAdmin(ActingAdmin):
    organizers_may = frozenset({"view", "add", "change"})
    moderators_may = frozenset({"view"})
    form = PetitionForm
    change_form_template = "admin/petition_change_form.html"
    formfield_overrides = FIELDS_WITH_TICKS
    inlines = [OrganizerInline, TargetInline, TranslationInline]
    list_display = ["to_overview", "state", "signatures", "opened_at", "closes_at"]
    list_display_links = None
    list_filter = ["state", "sensitive", "language", "topics"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["standing"]
    fieldsets = FIELDSETS
    acts = {
        **ACTS_OF_LIFE,
        **ACTS_OF_PAUSING,
    }

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:pk>/{page.path}",
                self.admin_site.admin_view(partial(self.page_view, page)),
                name=page.name,
            )
            for page in PAGES.values()
        ]
        queue = self.admin_site.admin_view(moderation_queue)
        pages.append(path("queue/", queue, name="moderation_queue"))
        return [*pages, *super().get_urls()]

    def page_view(
        self, page: PetitionPage, request: HttpRequest, pk: int, **rest: Any
    ) -> HttpResponseBase:
        """One of the pages about a petition, for those who may have it."""
        return page.view(request, self.row_for(request, pk, page), **rest)

    def page_of(self, row: Any) -> str:
        return reverse("admin:petition_overview", args=[row.pk])

    def ways_on(self, request: HttpRequest, petition: Petition) -> petition_ways.Ways:
        """The buttons of its own page: what the reader may do to it now."""
        pages = [
            {
                "name": page.name,
                "label": page.label,
                "url": reverse(f"admin:{page.name}", args=[petition.pk]),
            }
            for page in PAGES.values()
            if page.label
            and self._is_allowed(request, page, petition)
            and page.is_possible(petition)
        ]
        own = [
            petition_ways.to_words(
                petition, may_edit=self.has_change_permission(request, petition)
            )
        ]
        if petition.is_public and self._may(request, "change", petition):
            own.append(petition_ways.to_update(petition))
        acts = self._possible(request, petition)
        return petition_ways.explained([*own, *pages, *acts])

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows & Petition.objects.run_by(account)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Organizers change nothing that staff are reading or have taken down."""
        is_with_staff = obj is not None and obj.is_with_staff
        may_change = super().has_change_permission(request, obj)
        return may_change and (runs_site(request) or not is_with_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An organizer's petition needs an organizer to stand behind it."""
        account = request.user
        may_add = super().has_add_permission(request)
        return may_add and (runs_site(request) or account.organizers.exists())  # type: ignore[union-attr]  # an Account

    def get_readonly_fields(
        self, request: HttpRequest, obj: Petition | None = None
    ) -> list[str]:
        """The address stays once people have it, and a promise to signers too."""
        fields = ["standing"]
        if obj is not None and obj.opened_at is not None:
            fields.append("slug")
            if obj.sensitive:
                fields.append("sensitive")
        return fields

    def get_form(
        self,
        request: HttpRequest,
        obj: Petition | None = None,
        change: bool = False,  # noqa: FBT002  # as Django has it
        **kwargs: Any,
    ) -> Any:
        form = AmendingForm if _may_tell_signers(request, obj) else PetitionForm
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Petition | None = None) -> Any:
        if _may_tell_signers(request, obj):
            return fieldsets_with_amending()
        return super().get_fieldsets(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context["original"]
        if row and not self.has_change_permission(request, row):
            context["to_read"] = Petition.objects.with_page().get(pk=row.pk)
            context["now"] = _now(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Petition | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ["title"]}

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The whole site's through the index; an organizer has few, and reads them.

        The index finds only the newest, so it has to know the state that is asked for.
        """
        if not (search_term and moderates(request)):
            return super().get_search_results(request, queryset, search_term)
        state = request.GET.get("state__exact", "")
        state = state if state in PetitionState.values else ""
        found = Petition.objects.search(search_term, state=state).values("pk")
        return queryset.filter(Q(pk__in=found) | Q(slug=search_term)), False

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def to_overview(self, petition: Petition) -> str:
        return format_html(
            '<a href="{}" lang="{}">{}</a>',
            self.page_of(petition),
            petition.language,
            petition.title,
        )

    @admin.display(description=gettext_lazy("signatures"), ordering="-signature_count")
    def signatures(self, petition: Petition) -> str:
        return grouped(petition.signature_count)

    @admin.display(description=gettext_lazy("now"))
    def standing(self, petition: Petition) -> str:
        """State and count, ways on, and how far the mail about its end is."""
        if not petition.pk:
            return str(PetitionState.DRAFT.label)
        words = _now(petition)
        mailed = lines_about_mail(petition)
        if not petition.is_public:
            return format_html("{}{}", words, mailed)
        return format_html(
            '{} · <a href="{}">{}</a> · <a href="{}?petition={}">{}</a>{}',
            words,
            petition.get_absolute_url(),
            _("Public page"),
            reverse("admin:campaigns_update_add"),
            petition.pk,
            _("Post an update"),
            mailed,
        )

    def edited_columns(self, obj: Petition, form: Any) -> list[str]:
        """Words of an opened petition are not saved here but as a new version."""
        columns = super().edited_columns(obj, form)
        if obj.current_version_id is None:
            return columns
        return [name for name in columns if name not in FIELDS_OF_WORDS]

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        petition, by = form.instance, account_of(request)
        if not petition.organizers.exists() and not runs_site(request):
            petition.organizers.set(by.organizers.order_by("pk")[:1])
        fields = [name for name in form.changed_data if name not in ABOUT_THE_EDIT]
        edited = [*fields, *map(_what_changed, filter(_has_edits, formsets))]
        if not (change and edited):
            return
        translations = _translations_edited(formsets)
        if petition.current_version_id and (translations or form.edits_words):
            reason = form.cleaned_data["edit_reason"] or _("A translation was edited.")
            lifecycle.revise(petition, by=by, reason=reason)
            petition.translations.filter(pk__in=translations).update(
                version=petition.current_version
            )
            if form.cleaned_data.get("tell_signers") and petition.is_public:
                lifecycle.tell_signers(petition, by=by)
        else:
            note = ", ".join(edited)
            Event.objects.record(EventKind.EDITED, petition, by=by, note=note)
            edited_one = Petition.objects.filter(pk=petition.pk)
            edited_one.update(changed_at=timezone.now())
            edited_one.to_index()

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        """A day of delivery that was typed anew is known whole."""
        for one in formset.forms:
            if "delivered_at" in one.changed_data:
                one.instance.delivered_as_written = ""
        super().save_formset(request, form, formset, change)


def _may_tell_signers(request: HttpRequest, petition: Petition | None) -> bool:
    return runs_site(request) and petition is not None and petition.is_public


def _has_edits(formset: Any) -> bool:
    return bool(
        formset.new_objects or formset.changed_objects or formset.deleted_objects
    )


def _what_changed(formset: Any) -> str:
    return str(formset.model._meta.verbose_name_plural)


def _translations_edited(formsets: Any) -> list[int]:
    return [
        row.pk
        for formset in formsets
        if formset.model is PetitionTranslation
        for row in [*formset.new_objects, *(row for row, _ in formset.changed_objects)]
    ]


def _now(petition: Petition) -> str:
    """State and count, and whether signing is paused."""
    words = _("%(state)s, %(count)s signatures") % {
        "state": petition.get_state_display(),
        "count": grouped(petition.signature_count),
    }
    pause = pause_of(petition) if petition.is_open else None
    if pause:
        words += " · " + _("signing is paused: %(notice)s") % {"notice": pause.notice}
    return words
