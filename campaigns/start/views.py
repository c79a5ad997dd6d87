"""Starting a petition: a page a step, then a mail, then a button.

Nobody needs an account for it, and nothing that was typed is lost: each step is kept as
it was sent, and what is wrong with it is said beside it.
"""

from __future__ import annotations

import math

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from campaigns.joining import AccountShut
from campaigns.models import Draft
from campaigns.models.drafts import LINK_WORKS_FOR
from campaigns.start import confirming, hints
from campaigns.start.forms import StepForm, shown_targets_of, targets_of
from campaigns.start.keeping import (
    draft_of,
    forget,
    remember,
    start_page,
    to_beginning,
    with_draft,
)
from campaigns.start.steps import NUMBER_OF_CHECK, STEPS, Step, step_called, unfinished
from campaigns.start.suggestions import asked_before
from petitions.pages import secret_page, see_other
from signatures import limits
from signatures.limits import TooManyRequests
from signatures.networks import client_network
from signatures.tokens import Purpose, read_token
from signatures.views import show_and_take

MINUTE = 60  # seconds


@start_page
def start(request: HttpRequest) -> HttpResponse:
    """The first question; or the way on, where this browser has begun before."""
    draft = draft_of(request)
    if request.method == "POST":
        if draft is None:
            return see_other("start")
        draft.discard()
        return forget(see_other("start"))
    if draft:
        to_do = unfinished(draft)
        context = {
            "draft": draft,
            "title": draft.answers.get("title"),
            "step": to_do[0] if to_do else None,
            "last_number": NUMBER_OF_CHECK,
        }
        return render(request, "campaigns/start.html", context)
    context = _about(request, STEPS[0], STEPS[0].to_fill_in(Draft()))
    context["is_lost"] = "lost" in request.GET
    return render(request, "campaigns/start.html", context)


@start_page
def start_step(request: HttpRequest, slug: str) -> HttpResponse:
    step, draft = step_called(slug), draft_of(request)
    if step is None:
        raise Http404
    if request.method == "POST":
        return _take(request, step, draft)
    if draft is None:
        return to_beginning()
    is_judged = "check" in request.GET
    form = step.judged(draft) if is_judged else step.to_fill_in(draft)
    return _page(request, step, form)


@with_draft
def start_check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """All answers on one page; sent when nothing is missing."""
    to_do = unfinished(draft)
    if request.method != "POST":
        return _check_page(request, draft, to_do)
    if to_do:
        return _check_page(request, draft, to_do, status=400)
    try:
        limits.check_starts(request, "sendings")
    except TooManyRequests as error:
        return _check_page(request, draft, [], wait=error.retry_after, status=429)
    confirming.send(draft, network=client_network(request))
    return remember(draft, see_other("start_sent"))


@with_draft
def start_sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What comes next, alike for every address, and the mail once more when asked."""
    if not draft.is_sent:
        return see_other("start_check")
    if request.method == "POST":
        limits.check_starts(request, "sendings")
        confirming.send(draft, network=client_network(request))
    context = {
        "email": draft.email,
        "from_email": settings.DEFAULT_FROM_EMAIL,
        "days": LINK_WORKS_FOR.days,
        "was_resent": request.method == "POST",
    }
    return render(request, "campaigns/start_sent.html", context)


@require_safe
@with_draft
def start_picture(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The picture of a draft, for the browser that writes it and for nobody else."""
    name = draft.shown_picture
    if not name:
        raise Http404
    with draft.picture.storage.open(name) as picture:
        return HttpResponse(picture.read(), content_type="image/webp")


@show_and_take
@secret_page
def start_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it proves the address, and sends it to be reviewed."""
    link = read_token(token, Purpose.START)
    draft = Draft.objects.select_related("petition").filter(link_key=link).first()
    if draft is None or (draft.is_link_too_old and not draft.confirmed_at):
        return _no_such_link(request, "old" if draft else "unknown", status=404)
    if request.method == "POST":
        try:
            confirming.confirm(draft)
        except AccountShut:
            return _no_such_link(request, "shut", status=403)
        except Draft.DoesNotExist:  # it was pressed before, or changed this moment
            pass
        return see_other("start_confirm", token=token)
    answers = {} if draft.confirmed_at else confirming.answers_of(draft)
    context = {
        "token": token,
        "petition_in_review": draft.petition,
        "answers": answers,
        "targets": shown_targets_of(draft),
        "language": draft.language,
    }
    return render(request, "campaigns/start_confirm.html", context)


def _take(request: HttpRequest, step: Step, draft: Draft | None) -> HttpResponse:
    """Keep what was typed; go on if nothing is amiss and nothing else was asked."""
    form = step.form(request.POST, request.FILES, draft=draft or Draft())
    try:
        if request.FILES:  # before anybody looks at it, which takes a while
            limits.check_starts(request, "pictures")
        if draft is None:
            if not form.is_valid():
                return _page(request, step, form, status=400)
            limits.check_starts(request, "drafts")
            form.draft.save()
    except TooManyRequests as error:
        form = step.form(request.POST, draft=form.draft)
        form.add_error(None, _too_many(error.retry_after))
        return _page(request, step, form, wait=error.retry_after, status=429)
    answer = _obeyed(request, step, form) or _kept(request, step, form)
    return remember(form.draft, answer)


def _obeyed(request: HttpRequest, step: Step, form: StepForm) -> HttpResponse | None:
    """The answer to a button that does something else than to go on."""
    act, language = request.POST.get("do", ""), get_language() or "en"
    sought = request.POST.get("find", "")
    is_enter = not act and sought != request.POST.get("sought", "")
    if act == "find" or is_enter:
        typed = step.form(initial=request.POST.dict(), draft=form.draft)
        return _page(request, step, typed)
    return _again(request, step) if form.obey(act, language=language) else None


def _kept(request: HttpRequest, step: Step, form: StepForm) -> HttpResponse:
    is_good = form.is_valid()
    form.keep(language=get_language() or "en")
    if not is_good:
        return _page(request, step, form, status=400)
    if request.POST.get("do") == "preview" or _wants_a_second_look(request, form):
        return _page(request, step, form)
    if request.POST.get("do") == "add":
        return _again(request, step)
    if step.after and "check" not in request.POST:
        return see_other("start_step", slug=step.after.slug)
    return see_other("start_check")


def _again(request: HttpRequest, step: Step) -> HttpResponse:
    response = see_other("start_step", slug=step.slug)
    response["Location"] += "?check" if "check" in request.POST else ""
    return response


def _wants_a_second_look(request: HttpRequest, form: StepForm) -> bool:
    """Whether there is advice about a title, and it was not shown for this one."""
    title = form.cleaned_data.get("title", "")
    if not title or request.POST.get("advised") == title:
        return False
    return bool(hints.about(title) or hints.similar(title))


def _page(
    request: HttpRequest,
    step: Step,
    form: StepForm,
    *,
    status: int = 200,
    wait: int = 0,
) -> HttpResponse:
    context = _about(request, step, form)
    response = render(request, "campaigns/start_step.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _about(request: HttpRequest, step: Step, form: StepForm) -> dict[str, object]:
    """What the page of a step shows beside its questions."""
    draft, posted = form.draft, request.POST
    context: dict[str, object] = {
        "step": step,
        "last_number": NUMBER_OF_CHECK,
        "form": form,
        "draft": draft,
        "comes_from_check": "check" in request.GET or "check" in posted,
    }
    if step.slug == "what" and form.is_bound and form.is_valid():
        title = form.cleaned_data["title"]
        context |= {"advice": hints.about(title), "similar": hints.similar(title)}
        context["advised"] = title
    if step.slug == "who":
        sought = posted.get("find", "")[:100]
        context |= {"targets": shown_targets_of(draft), "sought": sought}
        context["suggested"] = asked_before(sought, but=targets_of(draft))
    if step.slug == "why" and posted.get("do") == "preview" and form.is_valid():
        context["preview"] = form.cleaned_data
    return context


def _check_page(
    request: HttpRequest,
    draft: Draft,
    to_do: list[Step],
    *,
    status: int = 200,
    wait: int = 0,
) -> HttpResponse:
    context = {
        "draft": draft,
        "answers": confirming.answers_of(draft),
        "targets": shown_targets_of(draft),
        "to_do": [(step, step.judged(draft)) for step in to_do],
        "last_number": NUMBER_OF_CHECK,
        "too_many": _too_many(wait) if wait else "",
    }
    response = render(request, "campaigns/start_check.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _too_many(wait: int) -> str:
    minutes = math.ceil(wait / MINUTE)
    return ngettext(
        "Too much was sent from your network. What you wrote is still here: send it "
        "again in %(minutes)d minute.",
        "Too much was sent from your network. What you wrote is still here: send it "
        "again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _no_such_link(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    context = {"why": why}
    return render(request, "campaigns/start_link_unknown.html", context, status=status)
