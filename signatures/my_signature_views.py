"""What signers do with a signature of theirs, by its private link or to get one."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from petitions.pages import (
    posted_from_our_pages,
    public_page,
    secret_page,
    see_other,
)
from signatures import limits
from signatures.addresses import address_key
from signatures.forms import ChangeForm, FindForm
from signatures.links import link_unknown, opened_by
from signatures.models import LinkRequest, Signature, SignatureState, Suppression
from signatures.tokens import NO_KEY, Purpose, make_token, read_link, read_token

show_and_take = require_http_methods(["GET", "HEAD", "POST"])
take = require_http_methods(["POST"])


@require_safe
@opened_by(Purpose.MANAGE)
def my_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    return _show(request, signature, token)


@take
@opened_by(Purpose.MANAGE)
def change_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    if not signature.is_changeable:
        return see_other("my_signature", token=token)
    form = ChangeForm(request.POST, instance=signature)
    if form.is_valid():
        signature.change(form.changed_data)
        if "thanks" in request.POST:
            thanks = reverse("signed", args=[make_token(signature.key, Purpose.SIGNED)])
            return see_other(f"{thanks}?changed")
        return see_other(f"{reverse('my_signature', args=[token])}?changed")
    return _show(request, signature, token, form=form, status=400)


@show_and_take
@opened_by(Purpose.MANAGE)
def withdraw_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    """Say what it means, and take the name back when the button is pressed."""
    if request.method == "POST":
        signature.withdraw()
        is_there = Signature.objects.filter(pk=signature.pk).exists()
        return see_other("my_signature", token=token) if is_there else _gone(signature)
    if signature.state == SignatureState.WITHDRAWN:
        return see_other("my_signature", token=token)
    context = {"signature": signature, "petition": signature.petition, "token": token}
    return render(request, "signatures/withdraw_signature.html", context)


@take
@opened_by(Purpose.MANAGE)
def undo_withdrawal(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    try:
        is_undone = signature.undo_withdrawal()
    except IntegrityError:
        signature.refresh_from_db()
        return _show(request, signature, token, has_signed_anew=True, status=409)
    path = reverse("my_signature", args=[token])
    return see_other(f"{path}?undone" if is_undone else path)


@take
@opened_by(Purpose.MANAGE)
def erase_signature(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    signature.erase()
    return _gone(signature)


@require_safe
@public_page
def signature_removed(request: HttpRequest) -> HttpResponse:
    """Nothing is known here any more but whether a way out is to be offered."""
    context = {"petition": {"sensitive": "exit" in request.GET}}
    return render(request, "signatures/signature_removed.html", context)


@take
@opened_by(Purpose.MANAGE)
def send_new_links(
    request: HttpRequest, signature: Signature, token: str
) -> HttpResponse:
    """Mail new links to its address; when they are made, those before end."""
    if signature.has_links_by_mail:
        limits.check_link_requests(request)
        LinkRequest.objects.create(
            address_key=str(signature.address_key), language=get_language() or "en"
        )
    return see_other(f"{reverse('my_signature', args=[token])}?asked")


@show_and_take
@opened_by(Purpose.MANAGE, also_by_earlier_links=True)
def unsubscribe(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    """Stop the updates. Mailbox providers post here by themselves (RFC 8058)."""
    if request.method == "POST":
        signature.stop_updates()
    context = {
        "petition": signature.petition,
        "token": token,
        "is_newest_link": read_link(token, Purpose.MANAGE).number
        == signature.link_number,
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
@secret_page
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Never mail this address again, or allow it again.

    The link is for a signature, or for an address that somebody typed elsewhere.
    """
    number, address = (
        read_token(token, Purpose.NOT_ME),
        read_token(token, Purpose.ADDRESS),
    )
    signature = Signature.objects.select_related("petition").filter(key=number).first()
    if signature is None and address == NO_KEY:
        return link_unknown(request)
    key = (signature.address_key or "") if signature else address.hex
    if request.method == "POST" and "allow" in request.POST:
        Suppression.objects.filter(address_key=key).delete()
    elif request.method == "POST" and key:
        Suppression.objects.get_or_create(address_key=key)
        Signature.objects.stop_letters_of_organizers(key)
    is_suppressed = Suppression.objects.filter(address_key=key).exists()
    context = {
        "petition": signature.petition if signature else None,
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


def _show(
    request: HttpRequest,
    signature: Signature,
    token: str,
    *,
    form: ChangeForm | None = None,
    has_signed_anew: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "signature": signature,
        "petition": signature.petition,
        "version": signature.version,
        "form": form or ChangeForm(instance=signature),
        "token": token,
        "has_signed_anew": has_signed_anew,
        "was_changed": "changed" in request.GET,
        "was_undone": "undone" in request.GET and signature.is_confirmed,
        "was_asked": "asked" in request.GET,
    }
    return render(request, "signatures/my_signature.html", context, status=status)


def _gone(signature: Signature) -> HttpResponse:
    way_out = "?exit" if signature.petition.sensitive else ""
    return see_other(reverse("signature_removed") + way_out)
