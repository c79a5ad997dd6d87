"""Was it kept? Organizers and staff say so of what was promised."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import promises
from campaigns.admin.petition_pages import petition_page, show
from campaigns.models import Promise, PromiseAnswer
from petitions.admin import account_of
from petitions.models import Petition, WrongState
from petitions.models.states import ENDED


class PromiseForm(forms.Form):
    promise = forms.ModelChoiceField(Promise.objects.none(), widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=gettext_lazy("Was it kept?"),
        choices=[("", gettext_lazy("Choose an answer")), *PromiseAnswer.choices],
        error_messages={"required": gettext_lazy("Say whether it was kept.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In a sentence or two"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("What has happened, and how one can see it. Markdown."),
        error_messages={"required": gettext_lazy("Say what has happened.")},
    )

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_petition = Promise.objects.for_petition(petition)
        self.fields["promise"].queryset = of_petition  # type: ignore[attr-defined]  # a choice of rows


def _waits(petition: Petition) -> bool:
    """Whether the day of a promise has come, and nobody has said what came of it."""
    if petition.state not in ENDED:
        return False
    unanswered = Promise.objects.for_petition(petition).unanswered()
    return unanswered.filter(due_on__lte=timezone.localdate()).exists()


@petition_page(
    "promise/",
    "petition_promise",
    gettext_lazy("Say whether the promise was kept"),
    is_possible=_waits,
    organizers_may=True,
)
def petition_promise(request: HttpRequest, petition: Petition) -> HttpResponse:
    """One promise after the other, the one that is due first."""
    typed = request.POST if request.method == "POST" else None
    waiting = Promise.objects.for_petition(petition).unanswered().first()
    form = PromiseForm(typed, petition=petition, initial={"promise": waiting})
    if form.is_valid() and petition.is_public:
        _answer(request, form)
        return redirect("admin:petition_overview", petition.pk)
    template, title = "admin/petition_promise.html", _("Promise")
    return show(request, petition, template, title=title, form=form, promise=waiting)


def _answer(request: HttpRequest, form: PromiseForm) -> None:
    promise, words = form.cleaned_data["promise"], form.cleaned_data["words"]
    answer = PromiseAnswer(form.cleaned_data["answer"])
    try:
        promises.answer(promise, by=account_of(request), answer=answer, words=words)
    except WrongState:
        messages.error(request, _("That was said already."))
    else:
        messages.success(request, _("It is on the page now, and on the timeline."))
