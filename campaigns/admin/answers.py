"""Targets' answers in the admin: asking for one, and deciding about those that came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import answers
from campaigns.admin.acts import Act, ActForm, ActingAdmin, ReasonForm
from campaigns.admin.mailings import number_asking
from campaigns.admin.petition_pages import petition_page, show
from campaigns.models import Answer
from petitions.admin import account_of
from petitions.languages import languages
from petitions.models import Petition, WrongState


@petition_page(
    "ask/",
    "ask_target",
    gettext_lazy("Ask a target"),
    is_possible=lambda petition: petition.is_public,
)
def ask_target(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Its targets, when each was asked, and a button to ask each who may be asked."""
    askings = answers.askings(petition)
    if request.method == "POST":
        chosen = request.POST.get("target", "")
        found = [one for one in askings if str(one.delivery.pk) == chosen]
        if not found:
            raise Http404
        _do(request, found[0], is_taken_back="take_back" in request.POST)
        return redirect("admin:ask_target", petition.pk)
    title = _("Ask a target")
    template = "admin/ask_target.html"
    return show(request, petition, template, title=title, askings=askings)


def _do(request: HttpRequest, asking: answers.Asking, *, is_taken_back: bool) -> None:
    by, target = account_of(request), asking.delivery.target
    try:
        if is_taken_back:
            answers.take_back(asking, by=by)
            done = _("The page says no more that %(target)s was asked.")
        else:
            answers.ask(asking.delivery, by=by)
            done = _("%(target)s gets a mail with a link to answer.")
    except WrongState:
        messages.error(request, _("This is not possible now: look at its state."))
    else:
        messages.success(request, done % {"target": target})


class PublishForm(ActForm):
    """Shows the answer as it came; nobody changes a target's words."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"), choices=languages
    )
    with_mail = forms.BooleanField(required=False)

    def __init__(self, *args: Any, row: Answer, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        petition = row.delivery.petition
        self.about = words_of(row)
        self.initial["title"] = answers.title_of(row)
        self.initial["language"] = petition.language
        number = number_asking(petition)
        if not number:
            del self.fields["with_mail"]
            return
        words = ngettext(
            "Mail it to the %(number)s person who asked for updates",
            "Mail it to the %(number)s people who asked for updates",
            number.number,
        )
        self.fields["with_mail"].label = words % {"number": number}


class TurnDownForm(ReasonForm):
    def __init__(self, *args: Any, row: Answer, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.about = words_of(row)


class Which(admin.SimpleListFilter):
    title = gettext_lazy("answers")
    parameter_name = "which"
    rows: dict[str, tuple[Any, Callable[[], models.QuerySet[Answer]]]] = {
        "waiting": (gettext_lazy("To be checked"), Answer.objects.to_check),
        "published": (gettext_lazy("Published"), Answer.objects.published),
        "turned_down": (gettext_lazy("Turned down"), Answer.objects.turned_down),
        "wanted": (gettext_lazy("No answer yet"), Answer.objects.wanted),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _rows) in self.rows.items()]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Answer]
    ) -> models.QuerySet[Answer]:
        """What waits longest comes first."""
        chosen = self.value() or ""
        if chosen not in self.rows:
            return queryset
        found = queryset & self.rows[chosen][1]()
        return found.order_by("answered_at") if chosen == "waiting" else found


@admin.register(Answer)
class AnswerAdmin(ActingAdmin):
    """What targets were asked and have answered. Staff decide what is published."""

    staff_may = moderators_may = frozenset({"view"})
    list_display = ["target", "petition", "asked_at", "answered_at", "standing"]
    list_filter = [Which]
    list_select_related = ["delivery__petition", "delivery__target", "update"]
    fields = ["petition", "target", "asked_at", "answered_at", "words", "standing"]
    readonly_fields = ["petition", "target", "words", "standing"]
    acts = {
        "publish": Act(
            gettext_lazy("Publish the answer"),
            gettext_lazy("It becomes an update in the target's name, as it stands."),
            lambda answer: answer.is_to_check and answer.delivery.petition.is_public,
            answers.publish,
            PublishForm,
            moderators_may=True,
        ),
        "turn-down": Act(
            gettext_lazy("Turn the answer down"),
            gettext_lazy(
                "Nobody will read it. Use this for what is forged or unlawful."
            ),
            lambda answer: answer.is_to_check,
            answers.turn_down,
            TurnDownForm,
            moderators_may=True,
        ),
    }

    def get_urls(self) -> list[URLPattern]:
        """With the list of those that wait, under a name of its own."""
        view = self.admin_site.admin_view(self.waiting_view)
        return [path("to-check/", view, name="answers"), *super().get_urls()]

    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        answers_url = reverse("admin:campaigns_answer_changelist")
        return redirect(f"{answers_url}?which=waiting")

    @admin.display(description=gettext_lazy("petition"))
    def petition(self, answer: Answer) -> str:
        return str(answer.delivery.petition)

    @admin.display(description=gettext_lazy("target"))
    def target(self, answer: Answer) -> str:
        return str(answer.delivery.target)

    @admin.display(description=gettext_lazy("answer"))
    def words(self, answer: Answer) -> str:
        return words_of(answer) if answer.answered_at else "–"

    @admin.display(description=gettext_lazy("now"))
    def standing(self, answer: Answer) -> str:
        if answer.update:
            url = answer.update.get_absolute_url()
            return format_html('<a href="{}">{}</a>', url, _("Published"))
        if answer.turned_down_at:
            return _("Turned down")
        return _("To be checked") if answer.answered_at else _("No answer yet")


def words_of(answer: Answer) -> Any:
    """Who answers, and what, as it was sent."""
    return format_html(
        '<blockquote class="reason-read"><p><strong>{}</strong></p>'
        "<p>{}</p></blockquote>",
        answer.signed_as,
        answer.text,
    )
