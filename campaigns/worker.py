"""Everything that the site does while nobody waits.

Any number of workers may run on any number of machines: mails are leased, folding is
locked, and closing is a conditional UPDATE.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)

from campaigns import (
    exclusions,
    lifecycle,
    mail,
    notices,
    orphans,
    promises,
    tally,
    towns,
)
from campaigns.models import (
    Amendment,
    AmendmentMail,
    Ending,
    EndingMail,
    Heartbeat,
    Notice,
    ScheduledUpdate,
    Update,
    UpdateMail,
)
from campaigns.models.drafts import DraftPictures
from campaigns.models.mailings import LOOKED_AT_EVERY, MailingQuerySet
from campaigns.retention import forget
from petitions.models import Petition
from signatures import erasures
from signatures import mail as signers
from signatures.consent import remember_wordings
from signatures.models import LinkRequest, SignatureMail
from signatures.outbox import MailServerAway, deliver
from signatures.retention import erase_withdrawn, forget_traces

logger = logging.getLogger(__name__)

Duty = Callable[[], int]
Stopping = Callable[[], bool]

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
PAUSE_AFTER_FAILURE = timedelta(seconds=5)
# What somebody waits for, unlike news.
ANSWERS = (SignatureMail, LinkRequest, Notice)
# How often a batch of news looks whether there is any of it.
LOOKS_EVERY = 0.5  # seconds


def work(stopping: threading.Event) -> None:
    """Do each duty in its rhythm until `stopping` is set; end the row in hand first.

    Each has a thread of its own, so that a slow mail server does not hold up counting;
    sending has several, for a server that is far away.
    Raises what a duty raises, after all have stopped; only outages are waited for.
    """
    duties = _duties(stopping.is_set)
    logger.info("worker started")
    with ThreadPoolExecutor(len(duties)) as pool:
        threads = [
            pool.submit(_repeat, duty, pause, stopping) for duty, pause in duties
        ]
        wait(threads, return_when=FIRST_EXCEPTION)
        stopping.set()
    for thread in threads:
        thread.result()  # what nobody foresaw ends the worker, to be started anew
    logger.info("worker stopped")


def _duties(stopping: Stopping) -> list[tuple[Duty, timedelta]]:
    """Each with how long it rests when there is nothing to do."""
    return [
        *[(lambda: send_mail(stopping), SECOND)] * settings.MAIL_CONNECTIONS,
        (lambda: write_down_news(stopping), SECOND),
        (follow_mailings, 2 * SECOND),
        (ScheduledUpdate.objects.post_due, 5 * SECOND),
        (tally.fold, SECOND / 2),
        (lifecycle.close_overdue, 10 * SECOND),
        (exclusions.work, SECOND),
        (Petition.objects.index, SECOND),
        (follow_withdrawals, MINUTE),
        (Heartbeat.objects.beat, MINUTE),
        (towns.gather, MINUTE),
        (forget_traces, 60 * MINUTE),
        (lambda: do_daily(stopping), timedelta(hours=24)),
    ]


def work_once() -> None:
    """Do all that is due at this moment."""
    Heartbeat.objects.beat()
    lifecycle.close_overdue()
    ScheduledUpdate.objects.post_due()
    while exclusions.work():
        pass
    tally.fold()
    while Petition.objects.index():
        pass
    send_all_mail()
    do_daily()
    follow_withdrawals()
    towns.gather()


def send_all_mail() -> None:
    """Write down and send all mail that is due at this moment."""
    write_down_news()
    while send_mail():
        pass
    follow_mailings(every=timedelta(0))


def write_down_news(stopping: Stopping = lambda: False) -> int:
    """Write a mail to each signer who is to hear of an update, an ending, new words."""
    return sum(
        mailing.queue_mails(stopping=stopping)
        for mailings in _mailings()
        for mailing in mailings.unmailed()
        if not stopping()
    )


def follow_mailings(*, every: timedelta = LOOKED_AT_EVERY) -> int:
    """See how far all are, and take away what waits of those that were stopped."""
    for mailings in _mailings():
        mailings.follow(every=every)
    return 0


def _mailings() -> list[MailingQuerySet[Any]]:
    return [Ending.objects.all(), Amendment.objects.all(), Update.objects.all()]


def send_mail(stopping: Stopping = lambda: False) -> int:
    """Send a batch of what is due, answers to signers before news; say how many.

    News wait for as long as there are answers. A batch of news ends when there is an
    answer that no other connection has taken.
    """
    handled = deliver(SignatureMail, signers.answers_to_signings, stopping=stopping)
    handled += deliver(LinkRequest, signers.links_to_signatures, stopping=stopping)
    handled += deliver(Notice, notices.to_people, stopping=stopping)
    return handled or _send_news(_or_answers_wait(stopping))


def _send_news(ending: Stopping) -> int:
    return (
        deliver(EndingMail, mail.endings_to_signers, stopping=ending, can_wait=True)
        or deliver(
            AmendmentMail, mail.amendments_to_signers, stopping=ending, can_wait=True
        )
        or deliver(UpdateMail, mail.updates_to_signers, stopping=ending, can_wait=True)
    )


def _or_answers_wait(stopping: Stopping) -> Stopping:
    looked_at = time.monotonic()

    def ending() -> bool:
        nonlocal looked_at
        if stopping():
            return True
        if time.monotonic() - looked_at < LOOKS_EVERY:
            return False
        looked_at = time.monotonic()
        return any(one.objects.due().exists() for one in ANSWERS)

    return ending


def do_daily(stopping: Stopping = lambda: False) -> int:
    remember_wordings()
    orphans.look_after()
    promises.ask_organizers()
    return remember_to_forget(stopping)


def follow_withdrawals() -> int:
    """Delete what was withdrawn a day ago, and list what is gone for good."""
    return erase_withdrawn() + erasures.write_down()


def remember_to_forget(stopping: Stopping = lambda: False) -> int:
    forgotten = {**forget(stopping), "pictures of no draft": DraftPictures().sweep()}
    logger.info("forgotten: %s", forgotten)
    call_command("clearsessions")
    return 0


def _repeat(duty: Duty, pause: timedelta, stopping: threading.Event) -> None:
    """Do a duty again and again, at once while there is work, else after a pause.

    A database or a mail server that goes away is waited for.
    """
    while not stopping.is_set():
        rest = pause
        try:
            if duty():
                rest = timedelta(0)
        except (OperationalError, InterfaceError, MailServerAway):
            logger.exception("worker waits")
            rest = PAUSE_AFTER_FAILURE
        close_old_connections()
        stopping.wait(rest.total_seconds())
    connection.close()
