"""What a browser sends to the admin, and what it finds there."""

from uuid import uuid4

from campaigns import moderation
from campaigns.admin.decisions import CHECKS
from campaigns.models import Event
from petitions.models import Petition

CLOSING = {"outcome": "partly", "reason": "They agreed.", "no_proof": "on"}
WINNING = {"outcome": "won", "summary": "It stays.", "no_proof": "on"}
ENDS = {"close": CLOSING, "win": WINNING}


def petition_form(petition: Petition | None = None, **changes: object) -> dict:
    """What the browser sends back of a petition's page, with something changed."""
    form: dict[str, object] = {
        "language": "en",
        "title": petition.title if petition else "A new one",
        "slug": petition.slug if petition else "a-new-one",
        "ask": petition.ask if petition else "Do it.",
        "story": petition.story if petition else "It matters.",
        "demands": "\n".join(petition.demands) if petition else "",
        "goal": "",
        "closes_at_0": "",
        "closes_at_1": "",
    }
    for inline in ["petitionorganizer_set", "deliveries", "translations"]:
        form[f"{inline}-TOTAL_FORMS"] = "0"
        form[f"{inline}-INITIAL_FORMS"] = "0"
    return {**form, **changes}


def change_url(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/change/"


def act_url(petition: Petition, act: str) -> str:
    return f"/admin/petitions/petition/{petition.pk}/{act}/do/"


def decide_url(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/decide/"


def opening(petition: Petition) -> dict:
    """What is sent by who has checked every point."""
    read = moderation.what_is_read(Petition.objects.get(pk=petition.pk))
    ticks = {f"open-{name}": "on" for name in CHECKS}
    return {"decide": "open", "open-read": read, **ticks}


def events() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("kind", "note"))


def update_form(petition: Petition, **changes: object) -> dict:
    return {
        "petition": petition.pk,
        "organizer": petition.organizers.get().pk,
        "kind": "update",
        "title": "Good news",
        "body": "They **listen**. <script>alert(1)</script>",
        "language": "en",
        "with_mail": "on",
        "key": str(uuid4()),
        **changes,
    }
