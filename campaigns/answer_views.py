"""What a target finds behind the link in the mail that asks for an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaigns import answers
from campaigns.models import Answer
from petitions.pages import posted_from_our_pages, secret_page, see_other
from signatures.forms import OneLineField, ReasonField
from signatures.tokens import Purpose, read_token

LONGEST_ANSWER = 5000
ABOUT_TEXT: Any = {
    "required": _("Write your answer."),
    "max_length": _(
        "Shorten your answer to %(limit_value)d characters at most. "
        "It has %(show_value)d now."
    ),
}
ABOUT_WHO: Any = {
    "required": _("Say who answers."),
    "max_length": _("Shorten this to %(limit_value)d characters at most."),
}


class AnswerForm(forms.Form):
    text = ReasonField(
        label=_("Your answer"), max_length=LONGEST_ANSWER, error_messages=ABOUT_TEXT
    )
    signed_as = OneLineField(
        label=_("Who answers"), max_length=200, error_messages=ABOUT_WHO
    )


@require_http_methods(["GET", "HEAD", "POST"])
@posted_from_our_pages
@secret_page
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the petition and one box, and take what is sent once."""
    asked = _asked_by(token)
    if asked is None:
        return link_unknown(request)
    petition = asked.delivery.petition
    is_shut = not (petition.is_public and (asked.is_wanted or asked.answered_at))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    is_taken = not is_shut and asked.answered_at is None
    if is_taken and form.is_valid():
        answers.receive(asked, **form.cleaned_data)
        return see_other("answer", token=token)
    context = {
        "petition": petition,
        "target": asked.delivery.target,
        "answer": asked,
        "is_shut": is_shut,
        "form": form if is_taken else None,
        "token": token,
    }
    status = 410 if is_shut else 400 if is_taken and form.is_bound else 200
    return render(request, "campaigns/answer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@posted_from_our_pages
@secret_page
def answer_no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and never mail this target again when it is pressed."""
    asked = _asked_by(token)
    if asked is None:
        return link_unknown(request)
    if request.method == "POST":
        answers.want_no_mail(asked)
        return see_other("answer_no_mail", token=token)
    target = asked.delivery.target
    context = {"target": target, "is_done": target.wants_no_mail, "token": token}
    return render(request, "campaigns/answer_no_mail.html", context)


def link_unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/link_unknown.html", status=404)


def _asked_by(token: str) -> Answer | None:
    asked = Answer.objects.filter(key=read_token(token, Purpose.ANSWER))
    with_all = asked.select_related("delivery__petition", "delivery__target", "update")
    return with_all.first()
