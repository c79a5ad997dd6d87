from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from petitions.models import Petition
from petitions.pages import (
    View,
    posted_from_our_pages,
    public_page,
    secret_page,
    see_other,
)
from petitions.sharing import Share
from signatures import limits, mail
from signatures.addresses import address_key
from signatures.forms import ChangeForm, FindForm, SignForm
from signatures.models import LinkRequest, Signature, SignatureState, Suppression
from signatures.tokens import Purpose, make_token, read_token

show_and_take = require_http_methods(["GET", "HEAD", "POST"])


def opened_by(purpose: Purpose) -> Callable[[View], View]:
    """A page behind a mailed link. The view gets the signature that the link is for.

    A wrong, forged, foreign or outlived link all get one answer.
    """

    def decorate(view: View) -> View:
        @secret_page
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            key = read_token(token, purpose)
            signatures = Signature.objects.select_related("petition")
            try:
                return view(request, signatures.get(key=key), token)
            except Signature.DoesNotExist:  # never did, or was withdrawn this moment
                return render(request, "signatures/link_unknown.html", status=404)

        return wrapped

    return decorate


@show_and_take
@public_page
@posted_from_our_pages
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a signature: two inserts and the same answer, whoever has signed before.

    It is written first, and the petition read only to say why it could not be: one
    journey to the database less for each of those who sign.
    """
    form = SignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        language = get_language() or "en"
        key = Signature.objects.start(slug, language=language, **form.cleaned_data)
        if key:
            return see_other("check_your_email", key=key)
    return _sign_page(request, slug, form)


def _sign_page(request: HttpRequest, slug: str, form: SignForm) -> HttpResponse:
    """The form, or why there is none; what was typed stays in it."""
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    if not petition.is_open:
        return _too_late(request, petition)
    if form.is_valid():  # all is well, and still it could not be written
        form.say_that_words_changed()
    context = {"petition": petition, "form": form}
    status = 400 if form.is_bound else 200
    return render(request, "signatures/sign.html", context, status=status)


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
    if request.method == "POST" or not signature.is_confirmable:
        return _too_late(request, signature.petition)
    context = {"signature": signature, "petition": signature.petition, "token": token}
    return render(request, "signatures/confirm.html", context)


@require_safe
@opened_by(Purpose.SIGNED)
def signed(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    if signature.state == SignatureState.EXCLUDED:
        return redirect(mail.manage_url(signature))
    stage = "counted" if signature.is_confirmed else "counted_before"
    if stage == "counted_before" and not signature.is_counted_by_another:
        return redirect("confirm", token=make_token(signature.key, Purpose.CONFIRM))
    context = {
        "signature": signature,
        "petition": signature.petition,
        "stage": stage,
        "manage_url": mail.manage_url(signature),
        "change_url": _change_url(signature),
        "share": Share(signature.petition, has_signed=True),
        "form": ChangeForm(instance=signature),
        "was_changed": "changed" in request.GET,
        "related": Petition.objects.related_to(signature.petition).first,
    }
    return render(request, "signatures/signed.html", context)


@require_safe
@opened_by(Purpose.MANAGE)
def my_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    form = ChangeForm(instance=signature)
    return _show_my_signature(request, signature, form, token)


@require_http_methods(["POST"])
@opened_by(Purpose.MANAGE)
def change_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    form = ChangeForm(request.POST, instance=signature)
    if form.is_valid():
        signature.change(form.changed_data)
        if "thanks" in request.POST:
            return _to_thanks(signature.key, was_changed=True)
        return see_other(f"{reverse('my_signature', args=[token])}?changed")
    return _show_my_signature(request, signature, form, token)


@show_and_take
@opened_by(Purpose.MANAGE)
def withdraw_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    """Say what it means, and delete everything when the button is pressed."""
    if request.method == "POST":
        signature.withdraw()
        way_out = "?exit" if signature.petition.sensitive else ""
        return see_other(reverse("signature_removed") + way_out)
    context = {"signature": signature, "petition": signature.petition, "token": token}
    return render(request, "signatures/withdraw_signature.html", context)


@require_safe
@public_page
def signature_removed(request: HttpRequest) -> HttpResponse:
    """Nothing is known here any more but whether a way out is to be offered."""
    context = {"petition": {"sensitive": "exit" in request.GET}}
    return render(request, "signatures/signature_removed.html", context)


@show_and_take
@opened_by(Purpose.MANAGE)
def unsubscribe(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    """Stop the updates. Mailbox providers post here by themselves (RFC 8058)."""
    if request.method == "POST":
        signature.stop_updates()
    context = {
        "petition": signature.petition,
        "token": token,
        "is_done": request.method == "POST" or not signature.wants_updates,
    }
    return render(request, "signatures/unsubscribe.html", context)


@require_safe
@opened_by(Purpose.MANAGE)
def download_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    """All that is stored about one signature, for the person who signed."""
    response = JsonResponse(
        signature.as_data(), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-signature.json"'
    return response


@show_and_take
@opened_by(Purpose.NOT_ME)
def not_me(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    """Never mail this address again, or allow it again."""
    key = str(signature.address_key)
    if request.method == "POST" and "allow" in request.POST:
        Suppression.objects.filter(address_key=key).delete()
    elif request.method == "POST":
        Suppression.objects.get_or_create(address_key=key)
    is_suppressed = Suppression.objects.filter(address_key=key).exists()
    context = {
        "petition": signature.petition,
        "token": token,
        "is_suppressed": is_suppressed,
    }
    return render(request, "signatures/not_me.html", context)


@show_and_take
@public_page
@posted_from_our_pages
def find_my_signature(request: HttpRequest) -> HttpResponse:
    """Mail the links to an address's signatures. One answer for all addresses."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        limits.check_link_requests(request)
        LinkRequest.objects.create(
            address_key=address_key(form.cleaned_data["email"]),
            language=get_language() or "en",
        )
    context = {"form": form, "is_sent": form.is_bound and form.is_valid()}
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "signatures/find_my_signature.html", context, status=status)


def _too_late(request: HttpRequest, petition: Petition) -> HttpResponse:
    context = {"petition": petition}
    return render(request, "signatures/too_late.html", context, status=409)


def _to_thanks(key: UUID, *, was_changed: bool = False) -> HttpResponse:
    path = reverse("signed", args=[make_token(key, Purpose.SIGNED)])
    return see_other(f"{path}?changed" if was_changed else path)


def _change_url(signature: Signature) -> str:
    return reverse("change_signature", args=[make_token(signature.key, Purpose.MANAGE)])


def _show_my_signature(
    request: HttpRequest, signature: Signature, form: ChangeForm, token: str
) -> HttpResponse:
    context = {
        "signature": signature,
        "petition": signature.petition,
        "version": signature.version,
        "form": form,
        "token": token,
        "was_changed": "changed" in request.GET,
    }
    status = 400 if form.errors else 200
    return render(request, "signatures/my_signature.html", context, status=status)
