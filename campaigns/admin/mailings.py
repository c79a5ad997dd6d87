"""Mail about what happens to a petition: whom it will reach, and how far it is."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.models import Ending, EndingKind, EndingMail, Mailing
from campaigns.some import Some, count_some
from petitions.models import Petition
from petitions.templatetags.petition_text import grouped
from signatures.admin import OutboxAdmin
from signatures.models import Signature


def number_asking(petition: Petition) -> Some:
    """How many a mail about this petition would reach at this moment."""
    return count_some(Signature.objects.wanting_updates().for_petition(petition))


def progress(mailing: Mailing) -> str:
    """How far the mailing is, as a worker last saw: sent, still waiting, given up."""
    if not mailing.mail_due_at:
        return _("not by mail")
    if mailing.mail_left_out:
        return _("not by mail: as many updates as may be mailed in a week had been")
    if mailing.mails_forgotten:
        return _("sent a month ago or longer")
    if not (mailing.mail_queued_at or mailing.is_stopped):
        return _("being prepared")
    words = _("%(sent)s sent, %(waiting)s waiting, %(dead)s given up") % {
        "sent": grouped(mailing.mail_sent),
        "waiting": grouped(mailing.mails_left),
        "dead": grouped(mailing.mail_failed),
    }
    return (
        _("stopped: %(numbers)s") % {"numbers": words} if mailing.is_stopped else words
    )


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
