"""A petition's address as a code to scan."""

import re

import pytest
from defusedxml import ElementTree
from django.http import HttpResponse
from django.test import Client
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from petitions.models import Petition
from tests.html import Page
from tests.makers import make_hidden_petition, make_petition

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")


def qr_url(petition: Petition, query: str = "") -> str:
    return f"{petition.get_absolute_url()}qr.svg{query}"


def rows_of(answer: HttpResponse) -> list[list[bool]]:
    """The modules as they are drawn, dark or light, the quiet zone with them."""
    picture = ElementTree.fromstring(answer.content)
    side = int(picture.attrib["viewBox"].split()[2])
    white, black = picture.findall(f"{SVG}path")
    assert white.attrib == {"fill": "#fff", "d": f"M0 0h{side}v{side}H0z"}
    rows = [[False] * side for _ in range(side)]
    runs = RUN.findall(black.attrib["d"])
    assert "".join("M{} {}h{}v1H{}z".format(*run) for run in runs) == black.attrib["d"]
    for start, y, length, back in runs:
        assert start == back
        for x in range(int(start), int(start) + int(length)):
            rows[int(y)][x] = True
    return rows


def code_of(text: str) -> list[list[bool]]:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    return code.get_matrix()


@pytest.mark.parametrize(
    ("query", "via"),
    [("", "qr"), ("?via=paper", "paper"), ("?via=wa", "wa"), ("?via=else", "qr")],
)
def test_the_code_holds_the_address_and_how_it_was_passed_on(
    client: Client, query: str, via: str
) -> None:
    petition = make_petition(slug="bridge")

    answer = client.get(qr_url(petition, query))

    assert answer["Content-Type"] == "image/svg+xml"
    link = f"http://testserver/petitions/bridge/?via={via}"
    assert rows_of(answer) == code_of(link)


def test_the_code_of_a_sensitive_petition_is_its_bare_link(client: Client) -> None:
    petition = make_petition(slug="bridge", sensitive=True)

    answer = client.get(qr_url(petition, "?via=paper"))

    assert rows_of(answer) == code_of("http://testserver/petitions/bridge/")


def test_the_code_of_a_spanish_page_leads_to_a_spanish_page(client: Client) -> None:
    answer = client.get(f"/es{qr_url(make_petition(slug='bridge'))}")

    link = "http://testserver/es/petitions/bridge/?via=qr"
    assert rows_of(answer) == code_of(link)


def test_scanners_find_the_code_in_a_white_frame_of_four(client: Client) -> None:
    rows = rows_of(client.get(qr_url(make_petition())))

    side = len(rows)
    dark = [(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    assert (min(dark)[0], max(dark)[0]) == (4, side - 5)
    assert {y for _, y in dark} == set(range(4, side - 4))


def test_a_seventh_of_the_code_may_be_dirty(client: Client) -> None:
    rows = rows_of(client.get(qr_url(make_petition())))

    level = [rows[4 + 8][4], rows[4 + 8][4 + 1]]  # the first bits of the format
    assert level == [True, False]  # M: 00, under the mask 10


def test_it_costs_nothing_until_somebody_opens_it(client: Client) -> None:
    petition = make_petition(slug="bridge")

    share = Page.of(client.get(petition.get_absolute_url())).one(class_="share")

    picture = share.one("details").one("img")
    assert "open" not in share.one("details").attributes
    assert picture.attributes == {
        "class": "share__qr",
        "src": "/petitions/bridge/qr.svg",
        "width": "232",
        "height": "232",
        "alt": "QR code with the link to this petition",
        "loading": "lazy",
    }


def test_what_is_hidden_has_no_code(client: Client) -> None:
    assert client.get(qr_url(make_hidden_petition())).status_code == 404
