"""Everything that the site does while nobody waits.

Any number of workers may run on any number of machines: mails are leased, folding is
locked, and closing is a conditional UPDATE.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)

from campaigns import exclusions, lifecycle, mail, notices, tally
from campaigns.models import Ending, EndingMail, Notice, Update, UpdateMail
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
PAUSE_AFTER_FAILURE = timedelta(seconds=5)


def work(stopping: threading.Event) -> None:
    """Do each duty in its rhythm until `stopping` is set; end the row in hand first.

    Each has a thread of its own, so that a slow mail server does not hold up counting;
    sending has several, for a server that is far away.
    Raises what a duty raises, after all have stopped; only outages are waited for.
    """
    duties: list[tuple[Duty, timedelta]] = [
        *[(lambda: send_mail(stopping.is_set), SECOND)] * settings.MAIL_CONNECTIONS,
        (write_down_news, SECOND),
        (tally.fold, SECOND / 2),
        (lifecycle.close_overdue, 10 * SECOND),
        (exclusions.work, SECOND),
        (Petition.objects.index, SECOND),
        (follow_withdrawals, timedelta(minutes=1)),
        (lambda: do_daily(stopping.is_set), timedelta(hours=24)),
        (forget_traces, timedelta(hours=1)),
    ]
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


def work_once() -> None:
    """Do all that is due at this moment."""
    lifecycle.close_overdue()
    while exclusions.work():
        pass
    tally.fold()
    while Petition.objects.index():
        pass
    send_all_mail()
    do_daily()
    follow_withdrawals()


def send_all_mail() -> None:
    """Write down and send all mail that is due at this moment."""
    write_down_news()
    while send_mail():
        pass


def write_down_news() -> int:
    """Write a mail to each signer who is to hear of an update or an ending."""
    queued = sum(update.queue_mails() for update in Update.objects.unmailed())
    return queued + sum(ending.queue_mails() for ending in Ending.objects.unmailed())


def send_mail(stopping: Stopping = lambda: False) -> int:
    """Send a batch of what is due, answers to signers before news; say how many.

    News wait for as long as there are answers; an answer waits for one batch of news.
    """
    handled = deliver(SignatureMail, signers.answers_to_signings, stopping=stopping)
    handled += deliver(LinkRequest, signers.links_to_signatures, stopping=stopping)
    handled += deliver(Notice, notices.to_people, stopping=stopping)
    if not handled:
        handled = deliver(EndingMail, mail.endings_to_signers, stopping=stopping)
    if not handled:
        handled = deliver(UpdateMail, mail.updates_to_signers, stopping=stopping)
    return handled


def do_daily(stopping: Stopping = lambda: False) -> int:
    remember_wordings()
    return remember_to_forget(stopping)


def follow_withdrawals() -> int:
    """Delete what was withdrawn a day ago, and list what is gone for good."""
    return erase_withdrawn() + erasures.write_down()


def remember_to_forget(stopping: Stopping = lambda: False) -> int:
    forgotten = forget(stopping)
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
