"""Pages behind mailed links: who holds the link may do what the page is for."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from petitions.pages import View, secret_page
from signatures.models import Signature
from signatures.tokens import Purpose, read_link


def opened_by(
    purpose: Purpose, *, also_by_earlier_links: bool = False
) -> Callable[[View], View]:
    """A page behind a mailed link. The view gets the signature that the link is for.

    A wrong, forged, foreign or outlived link all get one answer, and so does one
    that a newer link has replaced, unless the page says otherwise.
    """

    def decorate(view: View) -> View:
        @secret_page
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            link = read_link(token, purpose)
            signatures = Signature.objects.select_related("petition")
            if purpose == Purpose.MANAGE and not also_by_earlier_links:
                signatures = signatures.filter(link_number=link.number)
            try:
                return view(request, signatures.get(key=link.key), token)
            except Signature.DoesNotExist:  # never did, or was withdrawn this moment
                return link_unknown(request)

        return wrapped

    return decorate


def link_unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "signatures/link_unknown.html", status=404)
