"""What a browser sends to the admin, and what it finds there."""

from uuid import uuid4

from campaigns.models import Event
from petitions.models import Petition


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
