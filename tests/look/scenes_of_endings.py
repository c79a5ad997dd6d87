"""Petitions that ended in ways that pages find hard to show, and mail about them."""

from datetime import timedelta

from django.utils import timezone

from campaigns import lifecycle, promises
from campaigns.models import PromiseAnswer
from petitions.models import Account
from tests.makers import (
    make_amended,
    make_confirmed_signature,
    make_organizer,
    make_petition,
    make_promise,
    make_staff,
)

WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenhersteller"


def ledger() -> None:
    staff = make_staff()
    organizers = [make_organizer(member=Account.objects.get(email="rosa@example.org"))]
    in_part = make_petition(slug="won-in-part", title="Two boats for the island")
    lifecycle.declare_victory(
        in_part,
        by=staff,
        outcome="partly",
        summary=f"One boat comes, and {WORD} stays.",
        story="",
        proof_url=f"https://{'a-long-name.' * 8}example.org/minutes",
    )
    long_ago = timezone.localdate() - timedelta(days=90)
    for text, answer in [("A boat in May.", "kept"), (f"{WORD}.", "broken")]:
        promise = make_promise(in_part, text=text, due_on=long_ago)
        words = f"So it went: {WORD}"
        promises.answer(promise, by=staff, answer=PromiseAnswer(answer), words=words)
    lost = make_petition(slug="lost", title="Leave the elms", organizers=organizers)
    reason = "They were felled on Sunday."
    lifecycle.close(lost, by=staff, outcome="lost", reason=reason)
    make_promise(lost, text="Forty young elms.")
    promises.ask_organizers()


def amendment() -> None:
    """New words, of which a signer hears by mail."""
    petition = make_petition(slug="amended", title="A bell for the school")
    make_confirmed_signature(petition=petition)
    make_amended(petition, ask="Two bells for both schools.")
    lifecycle.tell_signers(petition, by=make_staff())
