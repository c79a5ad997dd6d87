"""Fills an empty database with what pages find hard to show."""

import json
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from campaigns import lifecycle, tally, worker
from petitions.models import Petition, Target, Topic
from signatures.addresses import address_key
from signatures.models import (
    LinkRequest,
    ReasonReport,
    Signature,
    SignatureMail,
    Suppression,
)
from signatures.retention import forget_signers
from tests.look.drafts import drafts
from tests.look.scenes_of_decisions import decisions
from tests.look.scenes_of_endings import amendment, ledger
from tests.look.scenes_of_letters import letters
from tests.makers import (
    confirm_url,
    make_closed_petition,
    make_confirmed_signature,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_signature,
    make_staff,
    make_target,
    make_topic,
    make_translation,
    make_update,
    make_won_petition,
    my_signature_url,
    not_me_path,
    signed_url,
)

WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
TITLE = f"Repeal the {WORD} and let the eleven villages along the lower river decide"
RIVERS = "Rivers"
URL = "https://example.org/" + "a-long-address-that-nobody-has-broken/" * 4
STORY = (
    f"""
The law has a long name, and its {WORD.lower()} a longer one.

- Read it at {URL}
- Then ask the office: write, call, come by.

> We have waited for eleven years.

| Village | Answer |
|---------|--------|
| Ostrey  | none   |
"""
    + "It is the only way over the river, and we walk over it every day. " * 20
)


def play() -> None:
    """Print, as JSON, what stands in braces in the addresses of `pages.py`."""
    with override_settings(DEBUG=True, REASONS_SHOWN="at_once"):
        call_command("migrate", verbosity=0)
        call_command("load_demo", verbosity=0)
        with transaction.atomic():
            petitions()
            longest = the_longest()
            SignatureMail.objects.all().delete()  # but for the few that follow
            endings()
            decisions()
            ledger()
            amendment()
            words = signatures(longest) | drafts()
            words |= letters(longest)
            tally.fold()
        worker.send_all_mail()
    print(json.dumps(words))


def petitions() -> None:
    """One in each state, and more than one page of them."""
    make_petition(slug="nobody-yet", title="A bench by the sea")
    make_petition(
        slug="solo-en-espanol",
        language="es",
        title="Que abra la piscina del barrio",
        ask="Pedimos que la piscina abra todo el año.",
        story="Está cerrada desde hace **once** años.",
    )
    make_petition(slug="goal-reached", title="Mend it", goal=200, signature_count=200)
    paused = make_petition(slug="paused", title="Keep the lamp lit")
    lifecycle.pause_signing(
        paused, by=make_staff(), notice="We look into some signatures until tomorrow."
    )
    make_closed_petition(
        slug="closed",
        title="Keep the school where it is",
        signature_count=4120,
        closing_message="Thank you all. We go on talking.",
        next_action_label="Come to the meeting",
        next_action_url="https://example.org/meeting",
    )
    make_petition(
        slug="sensitive-with-few",
        title="A door that locks",
        sensitive=True,
        signature_count=12,
    )
    won = make_won_petition(slug="won", title="Bring the ferry back")
    make_update(won, kind="outcome", title="It is done", url="https://example.org/")
    make_hidden_petition(slug="hidden", title="What nobody may read")
    make_rejected_petition(slug="rejected", title="Make my neighbor move")
    make_petition(
        slug="closes-soon",
        title="Wait with the road",
        closes_at=timezone.now() + timedelta(days=2),
    )
    outdated = make_petition(slug="outdated-translation", title="The bridge stays")
    make_translation(outdated)
    outdated.ask = "Keep the bridge open, and light it."
    outdated.revise(by=None, reason="We forgot the light.")
    long_ago = timezone.now() - timedelta(days=2000)
    with_many: dict[str, list[object]] = {
        "organizers": [make_organizer(name=RIVERS)],
        "targets": [make_target(name=RIVERS)],
        "topics": [make_topic(name=RIVERS)],
    }
    for _petition in range(25):
        make_petition(opened_at=long_ago, **with_many)


def the_longest() -> Petition:
    """All that is long or missing, on one petition."""
    targets = [
        make_target(
            name=f"Councillor {letter}. Montgomery-Fitzwilliam",
            office="Deputy Secretary for Rivers, Bridges and Ferries",
            organization="Regional Assembly of the Eleven Villages",
        )
        for letter in "ABCDEFGHIJ"
    ]
    petition = make_petition(
        slug="the-longest",
        title=TITLE.ljust(150, "!"),
        ask=f"Repeal the {WORD}, and ask us first. " * 4,
        story=STORY,
        demands=[f"Repeal the {WORD}.", "Ask us first."],
        organizers=[make_organizer(name=f"Friends of the {WORD}"), make_organizer()],
        targets=targets,
        signature_count=1_234_567,
        carried_over_count=1_200_000,
        carried_over_source=f"sheets of paper, and {URL[:100]}",
    )
    petition.demands = [*petition.demands, URL[:150]]
    petition.revise(by=None, reason=f"We had forgotten {URL}")
    for number in range(25):
        make_update(petition, title=f"{WORD} {number}", body=f"Read {URL}", url=URL)
    for number in range(55):
        make_confirmed_signature(
            petition=petition,
            name=f"Signer {number}",
            place="" if number % 2 else "Ostrey",
            reason=f"Reason {number}",
            show_name=bool(number % 3),
        )
    make_confirmed_signature(petition=petition, name="O", show_name=True)
    make_confirmed_signature(
        petition=petition,
        name=WORD,
        place=WORD,
        reason=f"I read {URL} and wept. ".ljust(500, "o"),
        show_name=True,
    )
    return petition


def endings() -> None:
    """Two that end with a mail to who asked for it."""
    staff = make_staff()
    closing = make_petition(title="Let the mill stand", closing_message="Thank you.")
    make_confirmed_signature(petition=closing, wants_updates=True)
    lifecycle.close(
        closing, by=staff, outcome="lost", reason="The owner agreed.", with_mail=True
    )
    winning = make_petition(title="A doctor for the valley")
    make_confirmed_signature(petition=winning, wants_updates=True)
    lifecycle.declare_victory(
        winning,
        by=staff,
        summary="She begins in May.",
        story="She said yes on the **telephone**, and then we all stood in the snow.",
        with_mail=True,
    )


def signatures(longest: Petition) -> dict[str, str]:
    """One for each page behind a mailed link, and each kind of mail."""
    sensitive = Petition.objects.open().filter(sensitive=True)[0]
    on_sensitive = make_confirmed_signature(
        petition=sensitive, name="Mia Secret", reason="For my sister.", show_name=True
    )
    pending = make_signature(
        petition=longest, name="Ada O’Neill", email="ada@example.org", reason="Yes."
    )
    confirmed = make_confirmed_signature(
        petition=longest, name="Bo", email="bo@example.org", wants_updates=True
    )
    again = make_signature(petition=longest, name="Bo", email=confirmed.email)
    finder = make_confirmed_signature(petition=longest)  # whose earlier links end
    LinkRequest.objects.create(address_key=address_key(finder.email), language="en")
    closing = make_petition(slug="closed-meanwhile")
    too_late = make_signature(petition=closing)
    Signature.objects.filter(pk=too_late.pk).update(
        started_at=timezone.now() - timedelta(days=3)
    )
    closing.close(outcome="lost", reason="Done.", at=timezone.now() - timedelta(days=2))
    unwanted = make_signature(petition=longest, email="not-me@example.org")
    Suppression.objects.create(address_key=unwanted.address_key)
    update = make_update(longest, with_mail=True, title="The council listens")
    reported = make_confirmed_signature(petition=longest, reason="Write to me.")
    hidden = make_confirmed_signature(petition=longest, reason="Meet me there.")
    ReasonReport.objects.create(signature=hidden, cause="private")
    hidden.hide_reason()
    held = make_signature(petition=longest)
    Signature.objects.filter(pk=held.pk).update(held_at=timezone.now())
    return {
        **taken_back(longest, sensitive),
        "held": confirm_url(held),
        "check": f"/check-your-email/{pending.key}/",
        "confirm": confirm_url(pending),
        "confirm_sensitive": confirm_url(make_signature(petition=sensitive)),
        "too_late": confirm_url(too_late),
        "signed": signed_url(confirmed),
        "signed_sensitive": signed_url(on_sensitive),
        "signed_before": signed_url(again),
        "my_signature": my_signature_url(confirmed),
        "my_pending_signature": my_signature_url(pending),
        "report": f"{longest.get_absolute_url()}reasons/{reported.pk}/report/",
        "my_hidden_reason": my_signature_url(hidden),
        "not_me": not_me_path(pending),
        "not_me_done": not_me_path(unwanted),
        "wants_none": my_signature_url(on_sensitive),
        "sensitive": sensitive.get_absolute_url(),
        "update": update.get_absolute_url(),
        "organizer": longest.organizer_list[0].get_absolute_url(),
        "target": longest.delivery_list[0].target.get_absolute_url(),
        "target_with_many": Target.objects.get(name=RIVERS).get_absolute_url(),
        "topic": Topic.objects.get(name=RIVERS).get_absolute_url(),
    }


def taken_back(longest: Petition, sensitive: Petition) -> dict[str, str]:
    """Withdrawn, and forgotten some time after the petition has ended."""
    withdrawn = make_confirmed_signature(petition=longest)
    on_sensitive = make_confirmed_signature(petition=sensitive)
    ended = make_petition(slug="ended-long-ago")
    forgotten = make_confirmed_signature(petition=ended)
    ended.close(outcome="lost", reason="Done.", at=timezone.now() - timedelta(days=200))
    Signature.objects.filter(pk=forgotten.pk).update(
        started_at=timezone.now() - timedelta(days=210)
    )
    for signature in (withdrawn, on_sensitive):
        signature.withdraw()
    forget_signers()
    return {
        "withdrawn": my_signature_url(withdrawn),
        "withdrawn_sensitive": my_signature_url(on_sensitive),
        "forgotten": my_signature_url(forgotten),
    }
