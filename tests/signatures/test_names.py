"""A name is one line: nothing in it can break a mail, a file or a page."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from petitions.models import Petition
from signatures.forms import SignForm, _spaced, _without_control
from signatures.models import Signature
from tests.makers import make_petition
from tests.signatures.acts import TYPED, sign


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ana   Quispe ", "Ana Quispe"),
        ("Ana\r\nBcc: eve@example.org", "Ana Bcc: eve@example.org"),
        ("Ana\x00Quispe\x1b[31m", "Ana Quispe [31m"),
        ("Ana\u2028Quispe\u2029", "Ana Quispe"),
        ("\u202eAna\u200bQuispe", "Ana Quispe"),
        ("Ana\u00a0Quispe", "Ana Quispe"),
        ("Ñandú D’Arcy-Łęcki", "Ñandú D’Arcy-Łęcki"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner that Persian needs
        ("李小龍", "李小龍"),
    ],
)
@pytest.mark.django_db
def test_a_name_and_a_place_become_one_line(
    client: Client, typed: str, name: str
) -> None:
    sign(client, make_petition(), name=typed, place=typed)

    signature = Signature.objects.get()
    assert (signature.name, signature.place) == (name, name)


@pytest.mark.slow
@given(st.text(max_size=120))
def test_whatever_is_typed_a_name_is_one_line_or_a_mistake(typed: str) -> None:
    form = SignForm({**TYPED, "name": typed})

    if form.is_valid():
        name = form.cleaned_data["name"]
        assert name == " ".join(name.split())
        assert len(name.splitlines()) == 1
        assert len(name) <= 100
    else:
        assert list(form.errors) == ["name"]


@pytest.mark.parametrize(
    ("name", "shown"), [("Ana María Quispe", "Ana"), ("Ana", "Ana"), (" ", "")]
)
def test_a_sensitive_petition_shows_first_names_alone(name: str, shown: str) -> None:
    petition = Petition(sensitive=True)

    signature = Signature(petition=petition, name=name, show_name=True)

    assert signature.public_name == shown


@given(st.text(max_size=120))
def test_a_text_that_can_be_printed_has_nothing_to_be_left_out(typed: str) -> None:
    """So that no letter of it need be looked at."""
    if typed.isprintable():
        assert _spaced(typed) == _without_control(typed) == typed
