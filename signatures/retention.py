"""What the site forgets by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from signatures.models import (
    Bucket,
    Erasure,
    Forgetting,
    LinkRequest,
    NetworkSecret,
    Sheet,
    SheetRow,
    Signature,
    SignatureMail,
    Trace,
)
from signatures.models.sheet_rows import NO_WORDS
from signatures.models.signatures import UNDO_WITHIN

# How long a mail that is done with is kept, to see that it was sent.
DONE_MAIL_KEPT = timedelta(days=30)
TRACES_KEPT = timedelta(hours=48)
SECRETS_KEPT = timedelta(days=1)  # beside that of today
ERASURES_KEPT = timedelta(days=40)  # longer than any backup
AT_ONCE = 1000


def forget(stopping: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Delete what is not needed any more; say how much of what."""
    now = timezone.now()
    started_before = now - settings.PENDING_KEPT
    sent_before = now - DONE_MAIL_KEPT
    old: dict[str, models.QuerySet[Any]] = {
        "mails to signers": SignatureMail.objects.filter(sent_at__lt=sent_before),
        "requests for links": LinkRequest.objects.filter(
            Q(sent_at__lt=sent_before) | Q(due_at__lt=sent_before)
        ),
        "buckets": Bucket.objects.filter(ends_at__lt=now),
        "erasures": Erasure.objects.filter(erased_at__lt=now - ERASURES_KEPT),
    }
    forgotten = {name: rows.delete()[0] for name, rows in old.items()}
    counts = {
        "pending signatures": _forget_pending(started_before),
        "withdrawn signatures": erase_withdrawn(),
        "signatures of ended petitions": forget_signers(stopping),
        "lines of sheets": forget_sheets(),
        **forgotten,
        "traces": forget_traces(),
    }
    empty_log_of_sqlite()
    return counts


def empty_log_of_sqlite() -> None:
    """Keep no earlier copy of what was deleted: the log beside the file has some.

    Who writes waits meanwhile, so that a long reader puts it off to the next time.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 1000")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout = {patience}")


def forget_signers(stopping: Callable[[], bool] = lambda: False) -> int:
    """Empty the signatures of what ended long ago; say how many."""
    Forgetting.objects.keep_up()
    due = Forgetting.objects.due().select_related("petition").order_by("ended_at")
    return sum(one.go_on(stopping) for one in due)


def forget_sheets() -> int:
    """Empty the lines that can count no more, as their petition ended; say how many."""
    typed = SheetRow.objects.exclude(**NO_WORDS).values("sheet")
    sheets = Sheet.objects.uncounted().filter(pk__in=typed)
    ended = Forgetting.objects.filter(petition__in=sheets.values("petition"))
    ends = dict(ended.values_list("petition", "ended_at"))
    now = timezone.now()
    over = [
        sheet.pk
        for sheet in sheets.filter(petition__in=ends).select_related("petition")
        if ends[sheet.petition_id] + sheet.counted_for <= now
    ]
    rows = SheetRow.objects.exclude(**NO_WORDS).filter(sheet__in=over)
    return rows.filter(sheet__counted_at=None).update(**NO_WORDS)


def erase_withdrawn() -> int:
    """Delete what was withdrawn a day ago; say how many."""
    withdrawn_before = timezone.now() - UNDO_WITHIN
    old = Signature.objects.withdrawn().filter(withdrawn_at__lte=withdrawn_before)
    unlocked = old.order_by("withdrawn_at").values_list("pk", flat=True)
    erased = 0
    while True:
        with transaction.atomic():
            locked = list(unlocked.select_for_update()[:AT_ONCE])
            Erasure.objects.note(locked)
            Signature.objects.filter(pk__in=locked).delete()
        erased += len(locked)
        if len(locked) < AT_ONCE:
            return erased


def forget_traces() -> int:
    """Delete by what way signatures came, and what networks' keys were made with."""
    now = timezone.now()
    NetworkSecret.objects.filter(day__lt=now.date() - SECRETS_KEPT).delete()
    return Trace.objects.filter(started_at__lt=now - TRACES_KEPT).delete()[0]


def _forget_pending(started_before: datetime) -> int:
    """Lock them first: one that is confirmed at this moment is not to be deleted."""
    old = Signature.objects.pending().filter(started_at__lt=started_before)
    unlocked = old.order_by("pk").values_list("pk", flat=True)
    forgotten = 0
    while True:
        with transaction.atomic():
            locked = list(unlocked.select_for_update()[:AT_ONCE])
            Signature.objects.filter(pk__in=locked).delete()
        forgotten += len(locked)
        if len(locked) < AT_ONCE:
            return forgotten
