"""Mail about what happens to a petition: whom it will reach, and how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin.acts import ActForm, ReasonForm
from campaigns.models import Ending, EndingKind, EndingMail, Mailing
from campaigns.some import Some, count_some
from petitions.models import Petition
from petitions.templatetags.petition_text import grouped
from signatures.admin import OutboxAdmin
from signatures.models import Signature


class EndingForm(ActForm):
    """Ends by asking whether to mail it, where there is somebody who asked for that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = number_asking(self.row)
        if number:
            self.fields["with_mail"] = forms.BooleanField(
                label=ngettext(
                    "Mail it to the %(number)s person who asked for updates",
                    "Mail it to the %(number)s people who asked for updates",
                    number.number,
                )
                % {"number": number},
                required=False,
                initial=True,
            )


class ClosingForm(EndingForm, ReasonForm):
    """The rest of what the mail says stands on the petition already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "with_mail" in self.fields:
            self.fields["reason"].help_text = _(
                "It stands on the page and in the mail, above the thanks and the next "
                "step. Write those on the petition first."
            )


class VictoryForm(EndingForm):
    summary = forms.CharField(
        label=gettext_lazy("What was won, in a sentence or two"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    story = forms.CharField(
        label=gettext_lazy("In the organizer's own words"),
        required=False,
        help_text=gettext_lazy("Markdown."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
    )


def number_asking(petition: Petition) -> Some:
    """How many a mail about this petition would reach at this moment."""
    return count_some(Signature.objects.wanting_updates().for_petition(petition))


def progress(mailing: Mailing) -> str:
    """How far the mailing is: sent, still waiting, given up."""
    if not mailing.mail_due_at:
        return _("not by mail")
    if not mailing.mail_queued_at:
        return _("being prepared")
    if mailing.mails_forgotten:
        return _("sent a month ago or longer")
    return _("%(sent)s sent, %(waiting)s waiting, %(dead)s given up") % {
        "sent": grouped(mailing.mails_sent),
        "waiting": grouped(mailing.mails_waiting),
        "dead": grouped(mailing.mails_dead),
    }


def lines_about_mail(petition: Petition) -> SafeString:
    """A line for each way in which it has ended, of the mail about that."""
    about = {
        EndingKind.CLOSED: _("Mail about closing: %(progress)s"),
        EndingKind.WON: _("Mail about winning: %(progress)s"),
    }
    endings = Ending.objects.filter(petition=petition).order_by("pk")
    lines = [
        about[EndingKind(ending.kind)] % {"progress": progress(ending)}
        for ending in endings
    ]
    return format_html_join("", "<br>{}", [(line,) for line in lines])


@admin.register(EndingMail)
class EndingMailAdmin(OutboxAdmin):
    fields = ["ending", "due_at", "attempts", "sent_at", "dead_at", "last_error"]
