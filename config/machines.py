"""What the site tells machines about itself."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.feeds import OtherPages, Pages
from petitions.pages import public_page


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /answer/",
        "Disallow: /confirm/",
        "Disallow: /invitation/",
        "Disallow: /my-signature/",
        "Disallow: /not-me/",
        "Disallow: /signed/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The addresses, or where they are too many for one file, where its parts are."""
    number = Pages().paginator.num_pages
    if number > 1 and "p" not in request.GET:
        return _parts_of_sitemap(number)
    sitemaps: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"petitions": Pages}
    if request.GET.get("p", "1") == "1":
        sitemaps["others"] = OtherPages
    response = sitemap_of(request, sitemaps=sitemaps)
    return response.render()


@require_safe
@public_page
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; without an address to write to there is no such file."""
    if not settings.CONTACT_EMAIL:
        raise Http404
    expires = (timezone.now() + timedelta(days=90)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires.isoformat()}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def _parts_of_sitemap(number: int) -> HttpResponse:
    urls = (f"{settings.SITE_URL}/sitemap.xml?p={one + 1}" for one in range(number))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls),
        "</sitemapindex>",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="application/xml")
