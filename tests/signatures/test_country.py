"""A signer writes the name of a country as people write it; a code is kept."""

import pytest
from django.test import Client
from django.utils.translation import override

from signatures import countries
from signatures.models import Signature
from tests.html import Page
from tests.makers import make_petition, sign_url
from tests.signatures.acts import TYPED, sign

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *[("France", "FR"), ("FRANCE", "FR"), ("  france ", "FR"), ("fr", "FR")],
        *[("USA", "US"), ("U.S.A.", "US"), ("US", "US"), ("United States", "US")],
        *[("UK", "GB"), ("Great Britain", "GB"), ("Scotland", "GB")],
        *[("Perú", "PE"), ("peru", "PE"), ("México", "MX"), ("Alemania", "DE")],
        *[("Türkiye", "TR"), ("Turkey", "TR"), ("Cote d’Ivoire", "CI")],
        *[("Ivory Coast", "CI"), ("the Bahamas", "BS"), ("Bahamas (The)", "BS")],
        *[("St. Kitts & Nevis", "KN"), ("Guinea-Bissau", "GW"), ("Guinea", "GN")],
        *[("Congo", "CG"), ("DR Congo", "CD"), ("Korea", "KR"), ("North Korea", "KP")],
        *[("Deutschland", "DE"), ("Norge", "NO"), ("日本", "JP"), ("Росія", "RU")],
        ("", ""),
    ],
)
def test_the_names_that_people_use_are_understood(
    client: Client, typed: str, code: str
) -> None:
    response = sign(client, make_petition(), country=typed)

    assert response.status_code == 303
    assert Signature.objects.get().country == code


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_name_means_its_own_country(language: str) -> None:
    with override(language):
        understood = [
            countries.country_code(country.name) for country in countries.countries
        ]

        assert understood == [country.code for country in countries.countries]


def test_no_name_means_two_countries() -> None:
    meant: dict[str, str] = {}

    for code, name in countries._names():
        assert meant.setdefault(countries._bare(name), code) == code, name


@pytest.mark.parametrize(
    "typed", ["Frence", "XX", "Virgin Islands", "!", "-", "the", "n/a", "no"]
)
def test_what_names_no_country_or_several_is_asked_again(
    client: Client, typed: str
) -> None:
    response = sign(client, make_petition(), country=typed)

    page = Page.of(response)
    assert response.status_code == 400
    field = page.one("input", name="country")
    assert field.attributes["value"] == typed
    assert (
        "Write the country's name, like France" in page.one(id="id_country-error").words
    )
    offered = [o.attributes["value"] for o in page.one("datalist").all("option")]
    assert page.one("datalist").attributes["id"] == field.attributes["list"]
    assert len(offered) > 240
    assert "France" in offered


def test_the_names_offered_are_in_the_language_of_the_page(client: Client) -> None:
    typed = {**TYPED, "country": "Frence"}

    response = client.post(f"/es{sign_url(make_petition())}", typed)

    offered = {o.attributes["value"] for o in Page.of(response).all("option")}
    assert {"Alemania", "España"} <= offered


def test_no_page_carries_all_countries_for_nothing(client: Client) -> None:
    petition = make_petition()

    for page in [petition.get_absolute_url(), sign_url(petition)]:
        assert Page.of(client.get(page)).all("option") == []
