"""A mailed link opens one door of one signature, and its address stays a secret."""

import pytest
from django.core.signing import Signer
from django.http import HttpResponse
from django.test import Client

from signatures.models import Signature
from signatures.tokens import NO_KEY, Purpose, make_token, read_token
from tests.makers import (
    make_confirmed_signature,
    make_signature,
    my_signature_url,
    signed_url,
)
from tests.signatures.acts import stored

pytestmark = pytest.mark.django_db

DOORS = [
    ("/confirm/{}/", Purpose.CONFIRM),
    ("/signed/{}/", Purpose.SIGNED),
    ("/my-signature/{}/", Purpose.MANAGE),
    ("/my-signature/{}/withdraw/", Purpose.MANAGE),
    ("/my-signature/{}/unsubscribe/", Purpose.MANAGE),
    ("/my-signature/{}/data.json", Purpose.MANAGE),
    ("/not-me/{}/", Purpose.NOT_ME),
]
OF_THE_NEWEST = [
    door for door in DOORS if door[1] == Purpose.MANAGE and "unsubscribe" not in door[0]
]
POSTED = [
    ("/confirm/{}/", Purpose.CONFIRM),
    ("/my-signature/{}/change/", Purpose.MANAGE),
    ("/my-signature/{}/withdraw/", Purpose.MANAGE),
    ("/my-signature/{}/undo/", Purpose.MANAGE),
    ("/my-signature/{}/erase/", Purpose.MANAGE),
    ("/my-signature/{}/new-links/", Purpose.MANAGE),
    ("/my-signature/{}/unsubscribe/", Purpose.MANAGE),
    ("/not-me/{}/", Purpose.NOT_ME),
]


def assert_unknown(response: HttpResponse) -> None:
    assert response.status_code == 404
    assert "signatures/link_unknown.html" in [t.name for t in response.templates]


def assert_secret(response: HttpResponse) -> None:
    assert "no-store" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


@pytest.mark.parametrize(("door", "purpose"), DOORS)
def test_a_page_behind_a_link_is_kept_and_passed_on_by_nobody(
    client: Client, door: str, purpose: Purpose
) -> None:
    make = make_signature if purpose == Purpose.CONFIRM else make_confirmed_signature
    signature = make()

    response = client.get(door.format(make_token(signature.key, purpose)))

    assert response.status_code == 200
    assert_secret(response)


@pytest.mark.parametrize(("door", "purpose"), DOORS)
def test_a_link_that_does_not_work_is_as_secret(
    client: Client, door: str, purpose: Purpose
) -> None:
    response = client.get(door.format("nonsense"))

    assert_unknown(response)
    assert_secret(response)


@pytest.mark.parametrize(("door", "purpose"), DOORS)
def test_a_link_for_one_purpose_opens_no_other_door(
    client: Client, door: str, purpose: Purpose
) -> None:
    signature = make_confirmed_signature()

    for other in set(Purpose) - {purpose, Purpose.ADDRESS}:  # that is no signature's
        assert_unknown(client.get(door.format(make_token(signature.key, other))))


@pytest.mark.parametrize(("door", "purpose"), POSTED)
def test_nothing_is_done_with_a_link_for_another_purpose(
    client: Client, door: str, purpose: Purpose
) -> None:
    signature = make_signature()
    before = stored()

    for other in set(Purpose) - {purpose, Purpose.ADDRESS}:  # that is no signature's
        assert_unknown(client.post(door.format(make_token(signature.key, other))))

    assert stored() == before


@pytest.mark.parametrize(("door", "purpose"), DOORS)
def test_the_random_key_alone_opens_nothing(
    client: Client, door: str, purpose: Purpose
) -> None:
    signature = make_signature()

    assert_unknown(client.get(door.format(signature.key)))
    assert_unknown(client.get(door.format(signature.key.hex)))


def test_one_persons_mark_does_not_vouch_for_anothers_key(client: Client) -> None:
    mine, theirs = make_confirmed_signature(), make_confirmed_signature()
    mark = make_token(mine.key, Purpose.MANAGE).split(".")[1]

    response = client.get(f"/my-signature/{theirs.key.hex}.{mark}/")

    assert_unknown(response)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_flipped_letter_breaks_the_link(purpose: Purpose) -> None:
    token = make_token(make_signature().key, purpose)

    for position, letter in enumerate(token):
        for wrong in {"a", "B", "0", "-", ".", letter.swapcase()} - {letter}:
            broken = token[:position] + wrong + token[position + 1 :]
            assert read_token(broken, purpose) == NO_KEY


def test_a_letter_lost_in_the_mail_leads_to_a_page_that_helps(client: Client) -> None:
    token = make_token(make_signature().key, Purpose.CONFIRM)

    for broken in [token[:-1], token[1:], token + "x", token.upper(), "é" + token]:
        assert_unknown(client.get(f"/confirm/{broken}/"))


def test_a_link_of_a_signature_that_is_gone_is_unknown(client: Client) -> None:
    signature = make_confirmed_signature()
    token = make_token(signature.key, Purpose.MANAGE)
    signature.erase()

    assert_unknown(client.get(f"/my-signature/{token}/"))


@pytest.mark.parametrize(("door", "_purpose"), OF_THE_NEWEST)
def test_a_newer_link_replaces_those_before(
    client: Client, door: str, _purpose: Purpose
) -> None:
    signature = make_confirmed_signature()
    older = make_token(signature.key, Purpose.MANAGE)
    Signature.objects.renew_links([signature.address_key])
    signature.refresh_from_db()

    newer = make_token(signature.key, Purpose.MANAGE, signature.link_number)

    assert_unknown(client.get(door.format(older)))
    assert client.get(door.format(newer)).status_code == 200


def test_nothing_is_done_with_a_link_that_was_replaced(client: Client) -> None:
    signature = make_confirmed_signature()
    older = make_token(signature.key, Purpose.MANAGE)
    Signature.objects.renew_links([signature.address_key])
    before = stored()

    for act in ["change", "withdraw", "undo", "erase", "new-links"]:
        assert_unknown(client.post(f"/my-signature/{older}/{act}/"))

    assert stored() == before


def test_any_genuine_link_stops_the_mail(client: Client) -> None:
    signature = make_confirmed_signature(wants_updates=True)
    older = make_token(signature.key, Purpose.MANAGE)
    not_me = make_token(signature.key, Purpose.NOT_ME)
    Signature.objects.renew_links([signature.address_key])

    answers = [
        client.get(f"/my-signature/{older}/unsubscribe/"),
        client.post(f"/my-signature/{older}/unsubscribe/"),
        client.post(f"/not-me/{not_me}/"),
    ]

    signature.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not signature.wants_updates
    assert f'/my-signature/{older}/"' not in answers[1].content.decode()


def test_the_thanks_lead_on_only_until_new_links_were_asked_for(
    client: Client,
) -> None:
    """An old mail to confirm leads there too."""
    signature = make_confirmed_signature()
    thanks = signed_url(signature)
    before = client.get(thanks).content.decode()
    Signature.objects.renew_links([signature.address_key])

    after = client.get(thanks).content.decode()

    assert my_signature_url(signature) in before
    assert "/my-signature/" not in after
    assert "/find-my-signature/" in after


def test_nor_do_they_lead_to_what_was_withdrawn_then(client: Client) -> None:
    signature = make_confirmed_signature()
    Signature.objects.renew_links([signature.address_key])
    signature.withdraw()

    assert_unknown(client.get(signed_url(signature)))


def test_a_link_of_before_links_had_numbers_opens_what_it_did(client: Client) -> None:
    signature = make_confirmed_signature()
    signer = Signer(sep=".", salt="signatures.manage")

    response = client.get(f"/my-signature/{signer.sign(signature.key.hex)}/")

    assert response.status_code == 200


def test_a_link_for_one_site_opens_nothing_on_another(settings) -> None:
    token = make_token(make_signature().key, Purpose.MANAGE)

    settings.SECRET_KEY = "another secret"

    assert read_token(token, Purpose.MANAGE) == NO_KEY


def test_links_outlive_a_change_of_the_secret_key(settings) -> None:
    signature = make_signature()
    token = make_token(signature.key, Purpose.MANAGE)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret"

    assert read_token(token, Purpose.MANAGE) == signature.key


def test_the_key_of_a_signature_is_random() -> None:
    keys = {make_signature().key for _ in range(5)}

    assert len(keys) == 5
    assert {key.version for key in keys} == {4}
    assert Signature._meta.get_field("key").unique


@pytest.mark.parametrize(
    "door",
    [f"/my-signature/{{}}/{act}/" for act in ["change", "undo", "erase", "new-links"]],
)
def test_changing_is_posted(client: Client, door: str) -> None:
    token = make_token(make_signature().key, Purpose.MANAGE)

    assert client.get(door.format(token)).status_code == 405
