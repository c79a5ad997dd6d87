"""Paper in the admin: print sheets with numbers, type them in, count them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from campaigns import paper
from campaigns.admin.paper_forms import (
    MOST_AT_ONCE,
    PrintForm,
    SheetForm,
    WrittenForm,
)
from campaigns.admin.petition_pages import petition_page, show
from petitions.admin import account_of, runs_site
from petitions.admin_lists import LongListAdmin
from petitions.models import Petition, WrongState
from petitions.models.texts import PetitionText
from petitions.sharing import Share
from signatures.doubles import likely_doubles
from signatures.models import Sheet, Verdict
from signatures.models.paper import (
    AddressesCounted,
    NeedsStaff,
    SheetNotEven,
    TypedMeanwhile,
)

SHEETS_ON_PAGE = 30
MEANWHILE = gettext_lazy(
    "Somebody else has typed in this sheet since you opened it. Here is what you "
    "typed: look at theirs in another window, or save yours over it."
)
COUNTED_BEFORE = gettext_lazy("It is counted: undo that first.")
TOO_LATE = gettext_lazy("It is too late for this.")
ONLY_WHILE_OPEN = gettext_lazy("Sheets can be printed while the petition is open.")
show_and_take = require_http_methods(["GET", "HEAD", "POST"])


@petition_page(
    "paper/",
    "petition_paper_sheets",
    gettext_lazy("Paper"),
    is_possible=lambda petition: petition.opened_at is not None,
    organizers_may=True,
)
@show_and_take
def petition_paper_sheets(request: HttpRequest, petition: Petition) -> HttpResponse:
    """The sheets of a petition, and a form for more of them."""
    sheets = Sheet.objects.for_petition(petition)
    wanted = request.GET.get("number", "")
    if wanted.isdecimal() and sheets.filter(number=int(wanted[:10])).exists():
        return redirect("admin:petition_paper_sheet", petition.pk, int(wanted[:10]))
    form = PrintForm(request.POST or None, initial={"after": sheets.last_number()})
    if request.method == "POST" and form.is_valid():
        return _print(request, petition, **form.cleaned_data)
    pages = Paginator(_with_sums(sheets), SHEETS_ON_PAGE)
    return show(
        request,
        petition,
        "admin/petition_paper_sheets.html",
        title=_("Paper"),
        form=form,
        page=pages.get_page(request.GET.get("page")),
        wanted=wanted,
    )


@petition_page(
    "paper/print/<int:first>-<int:last>/", "petition_paper_print", organizers_may=True
)
@require_safe
def petition_paper_print(
    request: HttpRequest, petition: Petition, first: int, last: int
) -> HttpResponse:
    """The sheets from one number to another, each on a page, in the petition's words.

    They are those of the version that the sheets were made for.
    """
    if not petition.is_open:
        messages.error(request, ONLY_WHILE_OPEN)
        return redirect("admin:petition_paper_sheets", petition.pk)
    last = min(last, first + MOST_AT_ONCE - 1)
    sheets = Sheet.objects.for_petition(petition).select_related("version")
    found = sheets.filter(number__gte=first, number__lte=last).order_by("number")
    words = [PetitionText.of(sheet.version, petition.language) for sheet in found]
    lines = [range(1, paper.lines_that_fit(text) + 1) for text in words]
    context = {
        "petition": petition,
        "sheets": list(zip(found, words, lines, strict=True)),
        "address": Share(petition).url.partition("://")[2],
    }
    if not context["sheets"]:
        raise Http404
    with translation.override(petition.language):
        return render(request, "admin/petition_paper_print.html", context)


@petition_page("paper/<int:number>/", "petition_paper_sheet", organizers_may=True)
@show_and_take
def petition_paper_sheet(
    request: HttpRequest, petition: Petition, number: int
) -> HttpResponse:
    """The lines of one sheet, to be typed in; they are saved as far as they are."""
    sheet = _sheet(petition, number)
    if sheet.written is None and not sheet.is_counted:
        return redirect("admin:petition_paper_lines", petition.pk, number)
    if request.method != "POST":
        return _show_sheet(request, sheet)
    if not _may_type(request, sheet):
        raise PermissionDenied
    form = SheetForm(sheet, request.POST)
    if not form.is_valid():
        return _show_sheet(request, sheet, form)
    try:
        sheet.fill(form.lines, seen=request.POST.get("seen", ""))
    except TypedMeanwhile:
        messages.error(request, MEANWHILE)
        return _show_sheet(request, sheet, form, status=409)
    except WrongState:
        messages.error(request, COUNTED_BEFORE)
        return _to(sheet)
    messages.success(request, _("Saved."))
    return _to(sheet, "petition_paper_count" if "count" in request.POST else "")


@petition_page("paper/<int:number>/lines/", "petition_paper_lines", organizers_may=True)
@show_and_take
def petition_paper_lines(
    request: HttpRequest, petition: Petition, number: int
) -> HttpResponse:
    """First of all: how many lines are there to type?"""
    sheet = _sheet(petition, number)
    if not _may_type(request, sheet):
        return _to(sheet, "petition_paper_count")
    form = WrittenForm(request.POST or None, initial={"written": sheet.written})
    if request.method == "POST" and form.is_valid():
        try:
            sheet.set_written(form.cleaned_data["written"])
        except ValueError:
            form.add_error("written", _("More lines are typed in: empty those first."))
        except WrongState:
            messages.error(request, COUNTED_BEFORE)
            return _to(sheet)
        else:
            return _to(sheet)
    return _show(request, sheet, "petition_paper_lines", form=form)


@petition_page("paper/<int:number>/count/", "petition_paper_count", organizers_may=True)
@show_and_take
def petition_paper_count(
    request: HttpRequest, petition: Petition, number: int
) -> HttpResponse:
    """What its lines come to; then count it, or hand it in for staff to do so."""
    sheet = _sheet(petition, number)
    if request.method == "POST":
        if sheet.is_with_staff and not runs_site(request):
            raise PermissionDenied
        return _count(request, sheet)
    return _show(
        request,
        sheet,
        "petition_paper_count",
        balance=sheet.balance,
        is_hidden=sheet.is_with_staff and not runs_site(request),
        needs_staff=not runs_site(request) and sheet.holds_addresses,
        may_undo=_may_undo(request, sheet) and sheet.can_move_the_count,
        signed_lines=sheet.signed_lines if runs_site(request) else None,
    )


@petition_page("paper/<int:number>/undo/", "petition_paper_undo", organizers_may=True)
@show_and_take
def petition_paper_undo(
    request: HttpRequest, petition: Petition, number: int
) -> HttpResponse:
    """Take a counted sheet off the count, to be corrected."""
    sheet = _sheet(petition, number)
    if not _may_undo(request, sheet):
        raise PermissionDenied
    if request.method == "POST":
        try:
            paper.undo_sheet(sheet, by=account_of(request))
        except WrongState:
            messages.error(request, TOO_LATE)
        else:
            messages.success(request, _("It does not count any more."))
        return _to(sheet)
    return _show(request, sheet, "petition_paper_undo", balance=sheet.balance)


@petition_page("paper/<int:number>/compare/", "petition_paper_compare")
@require_POST
def petition_paper_compare(
    request: HttpRequest, petition: Petition, number: int
) -> HttpResponse:
    """For staff: the same sheet, beside all who have signed. It is an event."""
    sheet = _sheet(petition, number)
    if sheet.written is None or sheet.is_counted:
        return _to(sheet)
    form = SheetForm(sheet)
    form.doubles = paper.compare_with_all(sheet, by=account_of(request))
    return _show_sheet(request, sheet, form, is_compared=True)


@petition_page("paper/<int:number>/give-back/", "petition_paper_give_back")
@require_POST
def petition_paper_give_back(
    request: HttpRequest, petition: Petition, number: int
) -> HttpResponse:
    """For staff: let organizers type in it again."""
    sheet = _sheet(petition, number)
    try:
        paper.give_back_sheet(sheet, by=account_of(request))
    except WrongState:
        messages.error(request, TOO_LATE)
    else:
        messages.success(request, _("The organizers can type in it again."))
    return _to(sheet)


@admin.register(Sheet)
class SheetAdmin(LongListAdmin):
    """The sheets that were handed in for staff to count."""

    staff_may = frozenset({"view"})
    list_display = ["to_count", "petition", "handed_in_at"]
    list_display_links = None
    list_select_related = ["petition"]
    fields = ["to_count", "petition", "written", "made_at", "handed_in_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request) & Sheet.objects.with_staff()

    @admin.display(description=gettext_lazy("sheet"))
    def to_count(self, sheet: Sheet) -> str:
        url = reverse(
            "admin:petition_paper_sheet", args=[sheet.petition_id, sheet.number]
        )
        words = _("Sheet %(number)s") % {"number": sheet.number}
        return format_html('<a href="{}">{}</a>', url, words)


def _sheet(petition: Petition, number: int) -> Sheet:
    """By the number that stands on it: none of another petition."""
    sheet = get_object_or_404(Sheet, petition=petition, number=number)
    sheet.petition = petition
    return sheet


def _with_sums(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """The newest first, with how many lines are typed and how many count."""
    typed = ~Q(rows__name="") | ~Q(rows__verdict=Verdict.ACCEPTED)
    return sheets.order_by("-number").annotate(
        typed=Count("rows", filter=typed),
        accepted=Count("rows", filter=Q(rows__verdict=Verdict.ACCEPTED)),
    )


def _print(
    request: HttpRequest, petition: Petition, *, many: int, after: int
) -> HttpResponse:
    by = account_of(request)
    try:
        sheets = paper.print_sheets(petition, many, after=after, by=by)
    except WrongState:
        messages.error(request, ONLY_WHILE_OPEN)
        return redirect("admin:petition_paper_sheets", petition.pk)
    if not sheets:
        words = _("Sheets were made a moment ago: print them from this list.")
        messages.warning(request, words)
        return redirect("admin:petition_paper_sheets", petition.pk)
    numbers = sheets[0].number, sheets[-1].number
    return redirect("admin:petition_paper_print", petition.pk, *numbers)


def _count(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        return _count_or_hand_in(request, sheet)
    except AddressesCounted as refusal:
        form = SheetForm(sheet)
        form.refused = refusal.positions
        messages.error(request, _("Some addresses have signed: look at the lines."))
        return _show_sheet(request, sheet, form, status=409)
    except (SheetNotEven, WrongState):
        messages.error(request, _("It cannot be counted as it is now."))
        return _to(sheet, "petition_paper_count")


def _count_or_hand_in(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Organizers count what holds no address, and hand in the rest."""
    try:
        is_new = paper.count_sheet(sheet, by=account_of(request))
    except NeedsStaff:
        paper.hand_in_sheet(sheet, by=account_of(request))
        messages.success(request, _("Handed in. Staff look at it and count it."))
    else:
        words = _("It counts now.") if is_new else _("It was counted already.")
        messages.success(request, words)
    return redirect("admin:petition_paper_sheets", sheet.petition_id)


def _show_sheet(
    request: HttpRequest,
    sheet: Sheet,
    form: SheetForm | None = None,
    *,
    is_compared: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Its lines, to whoever may type in it; to others how far it is."""
    if not _may_type(request, sheet):
        return _to(sheet, "petition_paper_count")
    form = form or SheetForm(sheet)
    if not is_compared:
        form.doubles = likely_doubles(sheet, form.rows)
    return _show(
        request,
        sheet,
        "petition_paper_sheet",
        form=form,
        balance=sheet.balance,
        is_compared=is_compared,
        is_staff=runs_site(request),
        status=status,
    )


def _show(
    request: HttpRequest, sheet: Sheet, name: str, **context: Any
) -> HttpResponse:
    title = _("Sheet %(number)s") % {"number": sheet.number}
    template = f"admin/{name}.html"
    return show(request, sheet.petition, template, title=title, sheet=sheet, **context)


def _to(sheet: Sheet, name: str = "") -> HttpResponse:
    name = name or "petition_paper_sheet"
    return redirect(f"admin:{name}", sheet.petition_id, sheet.number)


def _may_type(request: HttpRequest, sheet: Sheet) -> bool:
    return not sheet.is_counted and (runs_site(request) or not sheet.is_with_staff)


def _may_undo(request: HttpRequest, sheet: Sheet) -> bool:
    """Who has counted it, and staff."""
    is_theirs = sheet.counted_by_id == account_of(request).pk
    return sheet.is_counted and (runs_site(request) or is_theirs)
