"""What everybody may read is compressed; what holds a secret is not."""

import gzip

import pytest
from django.test import Client

from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_petition,
    make_signature,
    my_signature_url,
    sign_url,
    signed_url,
)

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "br, gzip"}


@pytest.mark.usefixtures("early_in_a_minute")
def test_a_public_page_is_compressed_for_who_takes_it(client: Client) -> None:
    path = make_petition().get_absolute_url()
    plain = client.get(path)

    response = client.get(path, headers=GZIP)

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == plain.content
    assert len(response.content) < len(plain.content) / 2
    assert int(response["Content-Length"]) == len(response.content)


def test_who_asks_for_nothing_gets_it_plain_and_caches_keep_them_apart(
    client: Client,
) -> None:
    path = make_petition().get_absolute_url()

    plain, small = client.get(path), client.get(path, headers=GZIP)

    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]
    assert plain["Vary"] == small["Vary"]


@pytest.mark.usefixtures("early_in_a_minute")
def test_the_same_page_is_the_same_bytes(client: Client) -> None:
    path = make_petition().get_absolute_url()

    answers = [client.get(path, headers=GZIP) for _ in range(3)]

    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "gzip"])
def test_who_has_the_page_already_gets_no_bytes(
    client: Client, headers: dict[str, str]
) -> None:
    path = make_petition().get_absolute_url()
    first = client.get(path, headers=headers)

    again = client.get(path, headers={**headers, "If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_each_way_of_sending_has_a_mark_of_its_own(client: Client) -> None:
    path = make_petition().get_absolute_url()
    plain = client.get(path)

    small = client.get(path, headers={**GZIP, "If-None-Match": plain["ETag"]})

    assert small.status_code == 200
    assert small["ETag"] != plain["ETag"]


@pytest.mark.parametrize(
    "path", ["/", "/es/petitions/", "/feed/", "/sitemap.xml", "/style-today.css"]
)
def test_so_are_lists_feeds_and_the_stylesheet(client: Client, path: str) -> None:
    make_petition()

    response = client.get(path, headers=GZIP)

    assert response["Content-Encoding"] == "gzip"
    assert response["ETag"]


def test_a_page_behind_a_secret_link_is_sent_as_it_is(client: Client) -> None:
    signature = make_confirmed_signature()
    waiting = make_signature(petition=signature.petition)
    paths = [confirm_url(waiting), my_signature_url(signature), signed_url(signature)]

    for path in paths:
        response = client.get(path, headers=GZIP)

        assert response.status_code == 200
        assert "Content-Encoding" not in response, path


def test_what_somebody_has_typed_is_sent_as_it_is(client: Client) -> None:
    path = sign_url(make_petition())

    response = client.post(path, {"name": "Ada", "email": "nowhere"}, headers=GZIP)

    assert b"nowhere" in response.content
    assert "Content-Encoding" not in response


def test_asking_for_the_head_tells_the_same(client: Client) -> None:
    path = make_petition().get_absolute_url()

    head, whole = client.head(path, headers=GZIP), client.get(path, headers=GZIP)

    assert head.content == b""
    assert head["Content-Encoding"] == whole["Content-Encoding"]
    assert head["Vary"] == whole["Vary"]
