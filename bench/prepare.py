"""Makes what the cases need by the site's own verbs, and prints where it stands.

A program of its own, so that the load generator carries no Django:
`python -m bench.prepare 200`.
"""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.test import Client  # noqa: E402 - needs the set-up above
from django.utils import timezone  # noqa: E402

from petitions.models import Account, Petition  # noqa: E402
from tests.log_in import give_second_factor  # noqa: E402
from tests.makers import (  # noqa: E402
    make_organizer,
    make_petition,
    make_staff,
    make_target,
    make_topic,
    make_update,
)

STORY = "\n\n".join(
    f"### Part {number}\n\nThe bridge is **the only way** over the river between the "
    "mill and the school. Two hundred children cross it each morning. In spring the "
    "council said that it would be closed for good, because mending it costs as much "
    "as the new roundabout. We have asked three builders, and [none of them]"
    "(https://example.org/quotes) would take half of that."
    for number in range(1, 6)
)


def main(spread: int) -> None:
    staff = make_staff()
    organizers = [make_organizer(name="Friends of the bridge", member=staff)]
    parts: dict[str, Any] = {
        "organizers": [*organizers, make_organizer(name="The school's parents")],
        "targets": [make_target(name="The mayor"), make_target(name="The council")],
        "topics": [make_topic(name="Streets"), make_topic(name="Children")],
        "story": STORY,
        "opened_at": timezone.now() - timedelta(days=40),
    }
    hot = make_petition(title="Keep the bridge open", slug="hot", **parts)
    for _ in range(3):
        make_update(hot)
    others = [
        make_petition(title=f"Keep bridge number {number}", **parts)
        for number in range(spread)
    ]
    print(
        json.dumps(
            {
                "hot": _facts(hot),
                "spread": [_facts(petition) for petition in others],
                "staff_cookie": _cookie(staff),
            }
        )
    )


def _facts(petition: Petition) -> dict[str, object]:
    return {
        "id": petition.pk,
        "slug": petition.slug,
        "version": petition.current_version_id,
    }


def _cookie(staff: Account) -> str:
    client = Client()
    client.force_login(staff)
    give_second_factor(client, staff)
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())


if __name__ == "__main__":
    main(int(sys.argv[1]))
