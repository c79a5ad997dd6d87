"""What everybody reads of a petition that was rejected: its rule, or nothing."""

import pytest
from django.test import Client

from campaigns import moderation
from petitions.models import Petition
from tests.makers import make_draft, make_staff, make_translation

pytestmark = pytest.mark.django_db


def make_review(**fields: object) -> Petition:
    petition = make_draft(**fields)
    petition.submit()
    return petition


@pytest.mark.parametrize("in_public", [True, False])
def test_a_rejection_shows_its_rule_or_nothing(client: Client, in_public: bool) -> None:
    petition = make_review(
        title="Chase Jonas away",
        slug="one",
        ask="Jonas has to go.",
        story="He is loud.",
    )
    moderation.reject(
        petition,
        by=make_staff(),
        code="personal",
        reason="It names a neighbor.",
        in_public=in_public,
    )

    answer = client.get(petition.get_absolute_url())
    page = answer.content.decode()

    told = [
        *("Chase Jonas away", "Jonas has to go.", "It names a neighbor."),
        "It names or endangers a private person",
    ]
    assert answer.status_code == 410
    assert [words in page for words in told] == [in_public] * 4
    assert "He is loud." not in page


def test_what_is_rejected_in_silence_tells_nothing_anywhere(client: Client) -> None:
    petition = make_review(title="Chase Jonas away", slug="one", ask="Jonas has to go.")
    make_translation(petition, title="Que se vaya Jonas")
    moderation.reject(
        petition, by=make_staff(), code="personal", reason="Jonas!", in_public=False
    )
    Petition.objects.to_index()
    Petition.objects.index()
    url = petition.get_absolute_url()
    under = ["sign/", "updates/", "reasons/", "versions/", "feed/", "count.json"]
    under += ["report/", "qr.svg", "share.png"]
    lists = ["/", "/petitions/?q=Jonas", "/feed/", "/sitemap.xml"]

    answers = {
        address: client.get(address)
        for address in [url, f"/es{url}", *(url + one for one in under), *lists]
    }

    shown = {
        at
        for at, one in answers.items()
        if b"Jonas"
        in one.content.replace(b'value="Jonas"', b"").replace(b"q=Jonas", b"")
    }
    assert shown <= {"/petitions/?q=Jonas"}  # where it was typed
    statuses = {at: one.status_code for at, one in answers.items()}
    assert [statuses[url], statuses[f"/es{url}"]] == [410, 410]
    assert {statuses[url + one] for one in under} == {404}
    assert (
        client.post(f"{url}sign/", {"name": "A", "email": "a@example.org"}).status_code
        == 404
    )
