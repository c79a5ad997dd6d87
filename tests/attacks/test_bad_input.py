"""Whatever is sent, to whichever address: no failure, and nothing is left behind.

A small share of it runs with all other tests. The whole:

    BAD_INPUT=20000 python3 dev.py test tests/attacks/test_bad_input.py

BAD_INPUT_FROM names the first request, to make one of them once more.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.attacks.bad_requests import TOKEN, BadRequests
from tests.attacks.site_under_attack import Deed, SiteUnderAttack
from tests.attacks.world import World

ROLES = ["stranger", "organizer", "moderator", "staff", "owner"]
NUMBER = int(os.environ.get("BAD_INPUT", "1000")) // len(ROLES)
FIRST = int(os.environ.get("BAD_INPUT_FROM", "0"))
LONGEST = 3  # seconds of the processor for one request

# What may be written though the answer is a refusal, or to a question.
OF_SESSIONS = {"django_session"}
COUNTERS = {"signatures_bucket", "signatures_networksecret"}
SIGNATURE = {"signatures_signature", "signatures_countchange"}
GOING = SIGNATURE | {
    *("signatures_signaturemail", "signatures_trace", "signatures_erasure"),
    *("signatures_reasonreport", "campaigns_updatemail", "campaigns_endingmail"),
}
DRAFT = {"campaigns_draft", "campaigns_notice"}
ORGANIZING = {
    *("petitions_account", "petitions_account_groups", "campaigns_event"),
    *("petitions_organizer", "petitions_organizer_members", "petitions_target"),
    *("petitions_petition", "petitions_petition_topics", "petitions_petitiontarget"),
    "petitions_petitionorganizer",
}
# Kept as it was typed, with what is wrong with it.
KEPT_ALTHOUGH_REFUSED = {"start_step": {"campaigns_draft"}}
# What a stranger may write, by the name of the address. Nothing else stores anything.
MAY_WRITE = {
    "sign": {
        *("signatures_signature", "signatures_signaturemail", "signatures_trace"),
        *("signatures_wording", *COUNTERS),
    },
    "check_your_email": {"signatures_signaturemail"},
    "confirm": SIGNATURE,
    "change_signature": {"signatures_signature"},
    "withdraw_signature": GOING,
    "erase_signature": GOING,
    "undo_withdrawal": SIGNATURE,
    "send_new_links": {"signatures_linkrequest", "signatures_signature", *COUNTERS},
    "unsubscribe": {"signatures_signature", "campaigns_updatemail"},
    "not_me": {"signatures_suppression"},
    "find_my_signature": {"signatures_linkrequest", "signatures_signature", *COUNTERS},
    "report_reason": {"signatures_reasonreport", *COUNTERS},
    "report_petition": {"campaigns_petitionreport", *COUNTERS},
    "answer": {"campaigns_answer", "campaigns_event"},
    "answer_no_mail": {"campaigns_event", "petitions_target"},
    "invitation": {*ORGANIZING, "campaigns_invitation"},
    "start": DRAFT,
    "start_step": DRAFT | COUNTERS,
    "start_check": DRAFT | COUNTERS,
    "start_sent": DRAFT | COUNTERS,
    "start_confirm": DRAFT | ORGANIZING,
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_makes_the_site_fail(
    role: str, log_in, tmp_path: Path, record_property
) -> None:
    world = World()
    cookie, paths = f"csrf={TOKEN}; {world.draft_cookie}", world.public_paths()
    if role != "stranger":
        session = log_in(world.accounts[role]).cookies["session"].value
        cookie += f"; session={session}"
        paths = list(world.admin_paths()) + paths[::9]
    site = SiteUnderAttack(tmp_path)
    requests = BadRequests(paths, cookie, site.ask)
    wrong, seen, slowest = [], Counter(), 0.0

    for number in range(FIRST, FIRST + NUMBER):
        about, environ = requests.number(f"{role} {number}")
        deed = site.try_out(environ)
        if number % 20 == 0:
            cache.clear()
        seen[f"{deed.reply.status // 100}xx"] += 1
        slowest = max(slowest, deed.seconds)
        if what := what_is_wrong(deed, environ["REQUEST_METHOD"], about, role):
            wrong.append(f"{number} {about}\n{what}")

    told = ", ".join(f"{count} × {kind}" for kind, count in sorted(seen.items()))
    record_property("bad input", f"{role:10} {told}; slowest {slowest:.2f} s")
    assert wrong == [], "\n\n".join(wrong[:20])
    assert slowest < LONGEST
    assert set(seen) >= {"2xx", "3xx", "4xx"} or FIRST


def what_is_wrong(deed: Deed, method: str, about: str, role: str) -> str:
    if deed.failures:
        return "\n".join(deed.failures)
    is_refused = deed.reply.status >= 400 or method != "POST"
    is_in_admin = role != "stranger" or "/accounts/" in about
    allowed = OF_SESSIONS | COUNTERS if is_in_admin else set()
    if is_refused:
        name = about.split()[1]
        allowed = allowed | COUNTERS | KEPT_ALTHOUGH_REFUSED.get(name, set())
    elif role == "stranger" or not re.search("/(admin|accounts)/", about):
        allowed = allowed | MAY_WRITE.get(about.split()[1], set())
    else:
        return ""
    if stored := deed.changed - allowed:
        return f"{deed.reply.status}, and this was changed: {sorted(stored)}"
    return ""
