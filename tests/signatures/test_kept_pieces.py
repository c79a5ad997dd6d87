"""What is kept of pages behind mailed links is nobody's own."""

from collections.abc import Callable

import pytest
from django.core.cache import caches
from django.test import Client

from petitions.models import Petition
from signatures.models import Signature
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_petition,
    make_signature,
    my_signature_url,
    signed_url,
)

pytestmark = pytest.mark.django_db


def check_url(signature: Signature) -> str:
    return f"/check-your-email/{signature.key}/"


PAGES: dict[str, tuple[Callable[..., Signature], Callable[[Signature], str]]] = {
    "check_your_email": (make_signature, check_url),
    "confirm": (make_signature, confirm_url),
    "signed": (make_confirmed_signature, signed_url),
    "my_signature": (make_confirmed_signature, my_signature_url),
}
each_page = pytest.mark.parametrize(("make", "url"), PAGES.values(), ids=PAGES)


def page_at(url: str) -> str:
    return Client().get(url).content.decode()


def made_anew(url: str) -> str:
    caches["template_fragments"].clear()
    return page_at(url)


@each_page
def test_a_signer_sees_nothing_of_the_one_before(make, url) -> None:
    petition = make_petition()
    first = make(petition=petition, name="Anna Ferro", show_name=True, reason="Dry.")
    second = make(petition=petition, name="Bo Vance", wants_updates=True)

    page_at(url(first))
    page = page_at(url(second))

    assert page == made_anew(url(second))
    assert "Anna Ferro" not in page
    assert url(first) not in page
    assert first.key.hex not in page


@each_page
@pytest.mark.parametrize(
    "change",
    [{"title": "Close the well"}, {"sensitive": True}, {"ask": "Open it today."}],
    ids=lambda change: next(iter(change)),
)
def test_what_has_changed_on_a_petition_shows_on_its_signers_pages(
    make, url, change
) -> None:
    signature = make()
    page_at(url(signature))

    Petition.objects.update(**change)

    assert page_at(url(signature)) == made_anew(url(signature))
