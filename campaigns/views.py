from itertools import pairwise

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns import answers, previews, structured
from campaigns.ledger import Ledger
from campaigns.lists import SORTS, Filters, page_context
from campaigns.models import Amendment, Update
from campaigns.paging import BoundedPaginator
from campaigns.petition_page import PetitionPage
from campaigns.timeline import timeline
from petitions import qr
from petitions.models import Organizer, Petition, Target, Topic
from petitions.models.finding import PetitionQuerySet
from petitions.pages import public_page
from petitions.share_image import share_image
from petitions.sharing import Channel, Share, known_channel
from signatures.models import Signature

ITEMS_PER_PAGE = 20
REASONS_PER_PAGE = 50
ROWS_ON_SHEET = 24


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    open_petitions = Petition.objects.open().with_card()
    won_petitions = Petition.objects.won().prefetch_related("translations")
    most_signed, *_rest = [*open_petitions.order_by(*SORTS["most"][1])[:1], None]
    newest = open_petitions.order_by("-opened_at", "-pk")
    context = {
        "featured": most_signed,
        "open_petitions": [card for card in newest[:10] if card != most_signed][:9],
        "won_petitions": won_petitions.order_by("-won_at")[:3],
        "open_count": Petition.objects.open().count_some(),
        "preview": previews.of_site("home", settings.SITE_NAME),
        "structured": structured.site(),
    }
    return render(request, "campaigns/home.html", context)


@require_safe
@public_page
def petitions(request: HttpRequest) -> HttpResponse:
    filters = Filters.read(request.GET)
    values = {
        "q": filters.q,
        "topic": filters.topic,
        "state": filters.state,
        "sort": filters.sort,
    }
    context = {
        "query": filters.q,
        "form_values": values,
        "state_links": filters.state_links(),
        "topic_links": filters.topic_links(),
        "sort_options": filters.sort_options(),
        "preview": previews.of_site("petitions", _("Petitions")),
        **page_context(filters.page(request), values),
    }
    return render(request, "campaigns/petitions.html", context)


@require_safe
@public_page
def outcomes(request: HttpRequest) -> HttpResponse:
    """How petitions ended, also those that lost."""
    ledger = Ledger.read(request.GET)
    context = {
        "outcome_links": ledger.links(),
        "preview": previews.of_site("outcomes", _("How petitions ended")),
        **page_context(ledger.page(request), ledger.query),
    }
    return render(request, "campaigns/outcomes.html", context)


@require_safe
@public_page
def petition(request: HttpRequest, slug: str) -> HttpResponse:
    """A petition in one of five shapes: open, reached, closed, won, withheld."""
    page = PetitionPage.ask(slug, via=known_channel(request.GET.get("via")))
    if page is None:
        raise Http404
    petition = page.petition
    if not petition.is_public:
        context = {"petition": petition, "shape": "withheld"}
        return render(request, "campaigns/petition.html", context, status=410)
    if "paper" in request.GET and petition.is_open:
        return _paper_sheet(request, petition)
    context = {"petition": petition, "shape": _shape(petition), "page": page}
    return render(request, "campaigns/petition.html", context)


@require_safe
@public_page
def petition_updates(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public().with_page(), slug=slug)
    items = Paginator(timeline(petition), ITEMS_PER_PAGE)
    page = items.get_page(request.GET.get("page"))
    context = {"petition": petition, **page_context(page)}
    return render(request, "campaigns/petition_updates.html", context)


@require_safe
@public_page
def petition_update(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public().with_card(), slug=slug)
    updates = Update.objects.for_petition(petition).select_related("organizer")
    update = get_object_or_404(updates, pk=pk)
    context = {
        "petition": petition,
        "update": update,
        "share": Share(petition),
        "preview": previews.of_update(petition, update),
        "structured": structured.update_page(petition, update),
    }
    return render(request, "campaigns/petition_update.html", context)


@require_safe
@public_page
def petition_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The petition's address to be scanned, from a screen or, `?via=paper`, a sheet."""
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    channel = known_channel(request.GET.get("via")) or Channel.QR_CODE
    picture = qr.svg(Share(petition).url_by(channel))
    return HttpResponse(picture, content_type="image/svg+xml")


@require_safe
@public_page
def petition_share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """What other sites show beside the link, where the petition has no picture."""
    petition = get_object_or_404(
        Petition.objects.public().prefetch_related("translations"), slug=slug
    )
    title = "" if petition.sensitive else petition.text.title
    picture = share_image(slug=petition.slug, title=title)
    kept = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(picture, content_type="image/png", headers=kept)


@require_safe
@public_page
def petition_reasons(request: HttpRequest, slug: str) -> HttpResponse:
    """The shown reasons, page after page; `after` names the last one read."""
    petition = get_object_or_404(Petition.objects.public().with_card(), slug=slug)
    reasons = Signature.objects.with_shown_reason().for_petition(petition)
    reasons = reasons.newest_first().after(request.GET.get("after", ""))
    page = _with_petition(reasons[: REASONS_PER_PAGE + 1], petition)
    has_more = len(page) > REASONS_PER_PAGE
    page = page[:REASONS_PER_PAGE]
    context = {
        "petition": petition,
        "signers": page,
        "next_url": f"?after={page[-1].pk}" if has_more else "",
    }
    return render(request, "campaigns/petition_reasons.html", context)


@require_safe
@public_page
def petition_versions(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public().with_card(), slug=slug)
    versions = list(petition.versions.order_by("-number"))
    for version, earlier in pairwise(versions):
        version.changes = version.changes_since(earlier)
    told = Amendment.objects.for_petition(petition).by_version()
    for version in versions:
        version.told_at = told.get(version.pk)
    context = {"petition": petition, "versions": versions}
    return render(request, "campaigns/petition_versions.html", context)


@require_safe
@public_page
def petition_count(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    meter = petition.meter
    count: dict[str, object] = {"count": meter.count, "goal": meter.goal}
    if meter.is_below:
        count |= {"count": None, "fewer_than": meter.is_below}
    return JsonResponse({**count, "state": petition.state})


@require_safe
@public_page
def organizer(request: HttpRequest, slug: str) -> HttpResponse:
    organizer = get_object_or_404(Organizer, slug=slug)
    page = _page_of(request, organizer.petitions.public())
    if not page:
        raise Http404
    context = {"organizer": organizer, **page_context(page)}
    return render(request, "campaigns/organizer.html", context)


@require_safe
@public_page
def target(request: HttpRequest, slug: str) -> HttpResponse:
    target = get_object_or_404(Target, slug=slug)
    page = _page_of(request, target.petitions.public())
    if not page:
        raise Http404
    record = answers.record_of(target)
    context = {"target": target, "record": record, **page_context(page)}
    return render(request, "campaigns/target.html", context)


@require_safe
@public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    page = _page_of(request, topic.petitions.public())
    context = {"topic": topic, **page_context(page)}
    return render(request, "campaigns/topic.html", context)


@require_safe
@public_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/about.html", _promises())


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/privacy.html", _promises())


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/accessibility.html", _promises())


def _paper_sheet(request: HttpRequest, petition: Petition) -> HttpResponse:
    """A blank sheet for signatures, to print. A petition that has ended has none."""
    context = {"petition": petition, "row_numbers": range(1, ROWS_ON_SHEET + 1)}
    return render(request, "campaigns/petition_paper.html", context)


def _shape(petition: Petition) -> str:
    if petition.is_won:
        return "won"
    if petition.is_closed:
        return "closed"
    return "reached" if petition.meter.is_reached else "open"


def _with_petition(
    signatures: QuerySet[Signature], petition: Petition
) -> list[Signature]:
    """The rows, each knowing its petition, which decides what of it is shown."""
    rows = list(signatures)
    for signature in rows:
        signature.petition = petition
    return rows


def _page_of(request: HttpRequest, petitions: PetitionQuerySet) -> Page[Petition]:
    ordered = petitions.with_card().order_by("-opened_at", "-pk")
    return BoundedPaginator(ordered).get_page(request.GET.get("page"))


def _promises() -> dict[str, object]:
    return {
        "retention_days_pending": settings.PENDING_KEPT.days,
        "signers_kept_days": settings.SIGNERS_KEPT.days,
        "sensitive_signers_kept_days": settings.SENSITIVE_SIGNERS_KEPT.days,
    }
