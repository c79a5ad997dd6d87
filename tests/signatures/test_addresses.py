"""Which addresses we take, and when two of them are one mailbox."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.addresses import (
    AddressNotUsable,
    address_key,
    clean_address,
    same_address,
)

local_parts = st.text(
    string.ascii_letters + string.digits + "._-+", min_size=1, max_size=40
)
domains = st.sampled_from(["example.org", "EXAMPLE.org", "gmail.com", "GoogleMail.com"])


def key(typed: str) -> str:
    return address_key(clean_address(typed))


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  ana@example.org\n", "ana@example.org"),
        ("Ana.Quispe@Example.ORG", "Ana.Quispe@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example"),
        ("ana+news@example.org", "ana+news@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_an_address_is_kept_as_we_write_to_it(typed: str, cleaned: str) -> None:
    assert clean_address(typed) == cleaned


@pytest.mark.parametrize(
    "typed",
    [
        *["", "ana", "@example.org", "ana@", "ana@example", "ana@@example.org"],
        "\u212aarl@example.org",  # Kelvin sign, lowers to k
        "ana@\u212aarl.example\u200b",
        "d\u0131ana@example.org",  # dotless i
        "\u0430na@example.org",  # Cyrillic a
        "ana\u200b@example.org",  # zero-width space
        "a\u00adna@example.org",  # soft hyphen
        "ana@exam\u200bple.org",
        "ana\u202e@example.org",
        "ana@localhost",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        f"{'a' * 65}@example.org",
        f"ana@{'a' * 64}.org",
        f"ana@{'a.' * 130}org",
        "ana@example.org\r\nBcc: eve@example.org",
        "ana\r\n@example.org",
        "ana\x00@example.org",
        "ana @example.org",
        '"ana"@example.org',
        "ana@example.org, eve@example.org",
        "Ana <ana@example.org>",
        "ana..q@example.org",
        ".ana@example.org",
        "ana@-example.org",
    ],
)
def test_what_no_mail_reaches_or_only_looks_like_an_address_is_refused(
    typed: str,
) -> None:
    with pytest.raises(AddressNotUsable):
        clean_address(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "ANA@Example.Org"),
        ("ana@example.org", "ana+petitions@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("anaquispe@gmail.com", "ana.quispe@gmail.com"),
        ("anaquispe@gmail.com", "A.N.A.quispe+x@googlemail.com"),
    ],
)
def test_spellings_of_one_mailbox_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "eva@example.org"),
        ("ana@example.org", "ana@example.com"),
        ("ana.q@example.org", "anaq@example.org"),  # dots count elsewhere
        ("karl@example.org", "carl@example.org"),
    ],
)
def test_different_mailboxes_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_nobody_without_the_secret_can_make_the_key(settings) -> None:
    before = key("ana@example.org")

    settings.ADDRESS_KEY = "another secret"

    assert key("ana@example.org") != before


def test_the_key_outlives_a_change_of_the_secret_of_cookies(settings) -> None:
    before = key("ana@example.org")

    settings.SECRET_KEY = "another secret"

    assert key("ana@example.org") == before


def test_the_key_says_nothing_of_the_address() -> None:
    found = key("ana@example.org")

    assert len(found) == 32
    assert set(found) <= set("0123456789abcdef")


@pytest.mark.slow
@given(st.text(max_size=80))
def test_anything_typed_is_cleaned_or_refused(typed: str) -> None:
    try:
        cleaned = clean_address(typed)
    except AddressNotUsable:
        return

    assert cleaned.isascii()
    assert cleaned.isprintable()
    assert clean_address(cleaned) == cleaned


@pytest.mark.slow
@given(local_parts, domains)
def test_writing_an_address_differently_gives_the_same_key(local, domain) -> None:
    try:
        cleaned = clean_address(f"{local}@{domain}")
    except AddressNotUsable:
        return

    mailbox = same_address(cleaned)

    assert same_address(cleaned.upper()) == mailbox
    assert same_address(mailbox) == mailbox
    assert mailbox == mailbox.lower()
