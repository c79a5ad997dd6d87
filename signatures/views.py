from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from petitions.models import Petition, SigningPause
from petitions.pages import posted_from_our_pages, public_page, secret_page, see_other
from petitions.sharing import Share
from signatures import consent, mail
from signatures.forms import ChangeForm, SignForm
from signatures.links import link_unknown, opened_by
from signatures.models import Signature, SignatureState
from signatures.models.sources import UNKNOWN, Source
from signatures.sources import source_of
from signatures.tokens import Purpose, make_token, read_token

RETRY_WHEN_PAUSED = 3600  # seconds
show_and_take = require_http_methods(["GET", "HEAD", "POST"])


@show_and_take
@public_page
@posted_from_our_pages
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a signature: the same work and the same answer, whoever has signed before.

    It is written first, and the petition read only to say why it could not be: one
    journey to the database less for each of those who sign.
    """
    form = SignForm(request.POST if request.method == "POST" else None)
    source = UNKNOWN
    if form.is_valid():
        language, source = get_language() or "en", source_of(request, form)
        key = Signature.objects.start(
            slug,
            language=language,
            source=source,
            **consent.digests(language),
            **form.cleaned_data,
        )
        if key:
            return see_other("check_your_email", key=key)
    return _sign_page(request, slug, form, source)


def _sign_page(
    request: HttpRequest, slug: str, form: SignForm, source: Source
) -> HttpResponse:
    """The form, or why there is none; what was typed stays in it."""
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    if not petition.is_open:
        return _too_late(request, petition)
    pause = SigningPause.objects.meeting(petition.pk).first()
    if pause:
        return _paused(request, petition, form, pause)
    wait = source.wait if form.is_valid() and source.is_refused else 0
    if wait:
        form.say_that_too_many_came(wait=wait)
    elif form.is_valid():  # all is well, and still it could not be written
        form.say_that_words_changed()
    context = {"petition": petition, "form": form}
    status = 429 if wait else 400 if form.is_bound else 200
    response = render(request, "signatures/sign.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@show_and_take
@secret_page
def check_your_email(request: HttpRequest, key: str) -> HttpResponse:
    """Say what comes next, alike for everybody, and send the mail again when asked."""
    signature = Signature.objects.select_related("petition").filter(key=key).first()
    if request.method == "POST" and signature:
        signature.ask_for_mail_again()
    context = {
        "key": key,
        "petition": signature.petition if signature else None,
        "from_email": settings.DEFAULT_FROM_EMAIL,
        "was_resent": request.method == "POST",
    }
    return render(request, "signatures/check_your_email.html", context)


@show_and_take
@secret_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and count when it is pressed.

    Mail scanners follow links; they don't press buttons. The signature is counted
    first, and read only to say why it was not.
    """
    key = read_token(token, Purpose.CONFIRM)
    if request.method == "POST" and Signature.objects.confirm(key):
        return _to_thanks(key)
    return _confirm_page(request, token)


@opened_by(Purpose.CONFIRM)
def _confirm_page(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    if signature.state != SignatureState.PENDING:
        return _to_thanks(signature.key)
    context = {"signature": signature, "petition": signature.petition, "token": token}
    if signature.held_at:
        return render(request, "signatures/being_checked.html", context, status=409)
    if request.method == "POST" or not signature.is_confirmable:
        return _too_late(request, signature.petition)
    return render(request, "signatures/confirm.html", context)


@require_safe
@opened_by(Purpose.SIGNED)
def signed(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    """Thanks, and the way on to the signature, unless new links were asked for."""
    has_gone_on = signature.state in (SignatureState.EXCLUDED, SignatureState.WITHDRAWN)
    if has_gone_on or signature.forgotten_at:
        way_on = _way_on(signature).get("manage_url")
        return redirect(way_on) if way_on else link_unknown(request)
    stage = "counted" if signature.is_confirmed else "counted_before"
    if stage == "counted_before" and not signature.is_counted_by_another:
        return redirect("confirm", token=make_token(signature.key, Purpose.CONFIRM))
    context = {
        "signature": signature,
        "petition": signature.petition,
        "stage": stage,
        **_way_on(signature),
        "share": Share(signature.petition, has_signed=True),
        "form": ChangeForm(instance=signature),
        "may_give_more": signature.may_give_more,
        "was_changed": "changed" in request.GET,
        "related": Petition.objects.related_to(signature.petition).first,
    }
    return render(request, "signatures/signed.html", context)


def _paused(
    request: HttpRequest, petition: Petition, form: SignForm, pause: SigningPause
) -> HttpResponse:
    """The notice. Whoever has typed gets it all back below, to be sent later."""
    context = {"petition": petition, "form": form, "pause": pause}
    status = 409 if form.is_bound else 200
    page = render(request, "signatures/sign.html", context, status=status)
    if form.is_bound:
        page["Retry-After"] = str(RETRY_WHEN_PAUSED)
    return page


def _too_late(request: HttpRequest, petition: Petition) -> HttpResponse:
    context = {"petition": petition}
    return render(request, "signatures/too_late.html", context, status=409)


def _to_thanks(key: UUID) -> HttpResponse:
    return see_other("signed", token=make_token(key, Purpose.SIGNED))


def _way_on(signature: Signature) -> dict[str, str]:
    """Where it is managed and changed; not from here once new links were asked for.

    An old mail also leads to the thanks: it must not get at what newer ones are for.
    """
    if signature.link_number:
        return {}
    token = make_token(signature.key, Purpose.MANAGE)
    return {
        "manage_url": mail.manage_url(signature),
        "change_url": reverse("change_signature", args=[token]),
    }
