from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

import nh3
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import mail
from campaigns.admin.composing import (
    FIELDS,
    PeopleForm,
    UpdateForm,
    UpdateWordsForm,
    too_many,
)
from campaigns.admin.mailings import progress
from campaigns.models import (
    Answer,
    Event,
    EventKind,
    ScheduledUpdate,
    Update,
    UpdateMail,
)
from campaigns.models.updates import TooManyMailings
from petitions.admin import (
    OwnedAdmin,
    account_of,
    could_be_number,
    rows_of_choice,
    runs_site,
)
from petitions.admin_lists import OfPetition
from petitions.dates import show_moment
from petitions.models import Account, Organizer, Petition
from signatures.admin import OutboxAdmin
from signatures.limits import may_send_test_mail

logger = logging.getLogger(__name__)

# What is left of a mail where it is only shown: no link, and no look of its own.
SHOWN_OF_MAIL = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "strong", "em", "s", "blockquote"),
    *("ul", "ol", "li", "a", "code", "pre", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@admin.register(Update)
class UpdateAdmin(OwnedAdmin):
    organizers_may = frozenset({"view", "add", "change"})
    form = UpdateWordsForm
    list_display = ["title", "petition", "kind", "posted_at"]
    list_select_related = ["petition"]
    list_filter = ["kind", OfPetition]
    search_fields = ["title"]
    fields = ["kind", "title", "body", "url", "source", "language", "posted", "mailed"]
    readonly_fields = ["posted", "mailed"]

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows & Update.objects.run_by(account)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        answers = Answer.objects.filter(update=models.OuterRef("pk"))
        rows: models.QuerySet[Any] = super().get_queryset(request)
        marked: models.QuerySet[Any] = rows.annotate(is_answer=models.Exists(answers))
        return marked

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a target has answered is in its own words; only staff may mend it."""
        may_change = super().has_change_permission(request, obj)
        if obj is None or not may_change or runs_site(request):
            return may_change
        return not obj.is_answer

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return write_update(self, request, title=_("Post an update"))

    @admin.display(description=gettext_lazy("posted"))
    def posted(self, update: Update) -> str:
        return (
            f"{timezone.localtime(update.posted_at):%Y-%m-%d %H:%M} · {update.author}"
        )

    @admin.display(description=gettext_lazy("mailed"))
    def mailed(self, update: Update) -> str:
        if not update.mail_due_at or update.mail_left_out:
            return progress(update)
        page = [update.petition_id, "update", update.pk]
        url = reverse("admin:mailing", args=page)
        words = _("See how far it is, or stop it")
        return format_html('{} · <a href="{}">{}</a>', progress(update), url, words)

    def save_model(
        self, request: HttpRequest, obj: Update, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        note = _("Update: %(title)s") % {"title": obj.title}
        by = account_of(request)
        Event.objects.record(EventKind.EDITED, obj.petition, by=by, note=note)


def write_update(
    model_admin: OwnedAdmin,
    request: HttpRequest,
    *,
    title: str,
    scheduled: ScheduledUpdate | None = None,
) -> HttpResponse:
    """Write, look at it as it will be, see whom it will reach, post or schedule."""
    form = _form(model_admin, request, scheduled)
    context = {**model_admin.admin_site.each_context(request), "title": title}
    context |= {"opts": model_admin.opts, "form": form, "scheduled": scheduled}
    if form.is_valid():
        is_pressed = "post" in request.POST
        typed = request.POST if is_pressed else None
        people = PeopleForm(typed, number=form.number)
        if is_pressed and people.is_valid() and (done := _do(request, form, scheduled)):
            return done
        if "test" in request.POST:
            _send_test(request, form)
        if form.is_valid():  # still, if it could not be done
            context |= {"people": people, **_preview(request, form)}
    return render(request, "admin/campaigns/update/post.html", context)


def _form(
    model_admin: OwnedAdmin, request: HttpRequest, scheduled: ScheduledUpdate | None
) -> UpdateForm:
    petitions = rows_of_choice(model_admin.admin_site, Petition, request)
    organizers = rows_of_choice(model_admin.admin_site, Organizer, request)
    if scheduled:
        first = model_to_dict(scheduled, [*FIELDS, "with_mail", "post_at"])
        first["key"] = scheduled.key
    else:
        first = _first_words(request, petitions, organizers)
    return UpdateForm(
        _typed(request, scheduled) if request.method == "POST" else None,
        initial=first,
        petitions=petitions.public(),  # type: ignore[attr-defined]  # petitions
        organizers=organizers,
        is_for_organizer=not runs_site(request),
    )


def _typed(request: HttpRequest, scheduled: ScheduledUpdate | None) -> QueryDict:
    """One that is scheduled keeps its key, whatever was sent."""
    typed = request.POST.copy()
    if scheduled:
        typed["key"] = str(scheduled.key)
    return typed


def _first_words(
    request: HttpRequest,
    petitions: models.QuerySet[Any],
    organizers: models.QuerySet[Any],
) -> dict[str, Any]:
    """What a new one begins with, about the petition that the address names."""
    wanted = request.GET.get("petition", "")
    petition = petitions.filter(pk=wanted).first() if could_be_number(wanted) else None
    return {
        "key": uuid4(),
        "petition": petition,
        "organizer": petition and organizers.filter(petitions=petition).first(),
        "language": petition.language if petition else request.LANGUAGE_CODE,
    }


def _do(
    request: HttpRequest, form: UpdateForm, scheduled: ScheduledUpdate | None
) -> HttpResponse | None:
    """Post it, now or later; None where that cannot be, and the form says why."""
    by = account_of(request)
    if form.cleaned_data["post_at"]:
        if _schedule_once(form, by, scheduled):
            messages.success(request, _scheduled(form))
            return redirect("admin:campaigns_scheduledupdate_changelist")
    elif update := _post_once(form, by, scheduled):
        messages.success(request, _posted(update))
        return redirect("admin:campaigns_update_change", update.pk)
    if form.is_valid():
        form.begin_another()
    return None


def _schedule_once(
    form: UpdateForm, by: Account, scheduled: ScheduledUpdate | None
) -> bool:
    """Also true for the second of two presses; false if the key has other words."""
    key, words = form.cleaned_data["key"], form.words("with_mail", "post_at")
    if scheduled:
        return scheduled.change(by=by, **words)
    if Update.objects.filter(key=key).exists():
        return False
    try:
        ScheduledUpdate(key=key, **words).schedule(by=by)
    except IntegrityError:
        return ScheduledUpdate.objects.filter(key=key, **words).exists()
    return True


def _post_once(
    form: UpdateForm, by: Account, scheduled: ScheduledUpdate | None
) -> Update | None:
    """Post it, or give what the first of two presses has posted.

    None if these words have not been: too many are mailed, or the key has others.
    """
    update = form.update()
    try:
        with transaction.atomic():
            if scheduled:
                ScheduledUpdate.objects.filter(pk=scheduled.pk).delete()
            update.post(by=by, with_mail=form.cleaned_data["with_mail"])
    except IntegrityError:
        key = form.cleaned_data["key"]
        return Update.objects.filter(key=key, **form.words()).first()
    except TooManyMailings as error:  # another was posted at this moment
        form.add_error("with_mail", too_many(error.next_at))
        return None
    return update


def _send_test(request: HttpRequest, form: UpdateForm) -> None:
    """At once, to nobody but the writer."""
    account = account_of(request)
    if not may_send_test_mail(account):
        words = _("You have sent yourself enough of them for now. Wait for an hour.")
        messages.error(request, words)
        return
    try:
        mail.specimen(form.update(), account, is_test=True).send()
    except OSError as error:
        logger.warning("test mail failed: error=%s", type(error).__name__)
        messages.error(request, _("The mail server did not take it. Try again later."))
    else:
        messages.success(request, _("A test mail is on its way to your own address."))


def _preview(request: HttpRequest, form: UpdateForm) -> dict[str, Any]:
    """It as it will be on the page and in a mailbox, and whom it will reach."""
    update = form.update()
    shown: dict[str, Any] = {"preview": update, "recipients": _recipients(form)}
    if form.cleaned_data["with_mail"]:
        message = mail.specimen(update, account_of(request))
        ((html, _kind),) = message.alternatives
        shown["mail"] = {"subject": message.subject, "words": _only_words(str(html))}
    return shown


def _only_words(html: str) -> SafeString:
    clean = nh3.clean(
        html,
        tags=SHOWN_OF_MAIL,
        attributes={},
        clean_content_tags={"script", "style", "title"},
        link_rel=None,
    )
    return mark_safe(clean)  # noqa: S308  # nh3 has just cleaned it


def _posted(update: Update) -> SafeString:
    """That it is done, and the way to see it."""
    words, way = _("Posted. It is on the page now."), _("See it")
    return format_html('{} <a href="{}">{}</a>', words, update.get_absolute_url(), way)


def _scheduled(form: UpdateForm) -> str:
    words = _("It will be posted on %(moment)s.")
    return words % {"moment": show_moment(form.cleaned_data["post_at"])}


def _recipients(form: UpdateForm) -> str:
    """Whom it will reach, in words."""
    if not form.cleaned_data["with_mail"]:
        return _("It will not be mailed.")
    number = form.number
    words = ngettext(
        "It will be mailed to %(number)s person.",
        "It will be mailed to %(number)s people.",
        number.number,
    )
    return words % {"number": number}


@admin.register(UpdateMail)
class UpdateMailAdmin(OutboxAdmin):
    fields = ["update", "due_at", "attempts", "sent_at", "dead_at", "last_error"]
