"""Staff say from where signatures are always taken, or always held."""

from collections.abc import Callable

import pytest
from django.test import Client

from petitions.models import Account
from signatures.addresses import address_key
from signatures.models import AccessRule
from tests.campaigns.admin_forms import events
from tests.html import Page
from tests.makers import make_moderator, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
LIST = "/admin/signatures/accessrule/"
ADD = f"{LIST}add/"


@pytest.fixture
def staff(log_in: LogIn) -> Client:
    return log_in(make_staff())


def add(client: Client, subject: str, pattern: str, **more: str) -> str:
    """The words of the answer."""
    form = {"kind": "block", "subject": subject, "pattern": pattern, **more}
    return Page.of(client.post(ADD, form, follow=True)).words


@pytest.mark.parametrize(
    ("subject", "typed", "pattern"),
    [
        ("domain", " Spam.Example ", "spam.example"),
        ("domain", "*.spam.example", "*.spam.example"),
        ("domain", "bücher.example", "xn--bcher-kva.example"),
        ("network", "203.0.113.77/24", "203.0.113.0/24"),
        ("network", "203.0.113.7", "203.0.113.7/32"),
        ("network", "2001:db8:1::/48", "2001:db8:1::/48"),
    ],
)
def test_a_pattern_is_kept_in_one_way_of_writing(
    staff: Client, subject: str, typed: str, pattern: str
) -> None:
    add(staff, subject, typed)

    rule = AccessRule.objects.get()
    assert (rule.kind, rule.subject, rule.pattern) == ("block", subject, pattern)
    assert rule.made_by is not None


def test_of_an_address_a_key_is_kept_and_its_beginning_shown(staff: Client) -> None:
    add(staff, "address", "Bot+7@spam.example")

    rule = AccessRule.objects.get()
    key = address_key("bot@spam.example")
    assert rule.pattern == key
    pages = [
        *(staff.get(LIST), staff.get(f"{LIST}{rule.pk}/change/")),
        *(staff.get(f"{LIST}{rule.pk}/history/"), staff.get("/admin/")),
    ]
    words = b"".join(page.content for page in pages)
    assert key[:8].encode() in words
    assert key.encode() not in words
    assert b"spam.example" not in words


@pytest.mark.parametrize(
    ("subject", "typed", "words"),
    [
        ("address", "nobody", "Write an address like"),
        ("address", "a\0b@example.org", "Null characters are not allowed."),
        ("domain", "no domain", "Write a domain like"),
        ("domain", "*", "Write a domain like"),
        ("network", "10.0.0.0/99", "Write a network like"),
        ("network", "x" * 300, "at most 254 characters"),
        ("network", "0.0.0.0/0", "This network is too wide"),
        ("network", "96.0.0.0/5", "This network is too wide"),
        ("network", "2001:d00::/24", "This network is too wide"),
    ],
)
def test_what_cannot_be_meant_is_said(
    staff: Client, subject: str, typed: str, words: str
) -> None:
    assert words in add(staff, subject, typed)
    assert AccessRule.objects.count() == 0


def test_there_is_one_rule_for_a_pattern(staff: Client) -> None:
    add(staff, "domain", "spam.example")

    assert "There is a rule for this already." in add(staff, "domain", "Spam.example")
    assert AccessRule.objects.count() == 1


def test_a_note_holds_no_address(staff: Client) -> None:
    words = add(staff, "domain", "spam.example", note="As ana@example.org told")

    assert "Leave the address out" in words
    assert AccessRule.objects.count() == 0


def test_events_name_kind_and_subject_and_no_address(staff: Client) -> None:
    add(staff, "domain", "spam.example")
    add(staff, "address", "bot@spam.example")
    add(staff, "network", "203.0.113.0/24")
    domain, address, network = AccessRule.objects.order_by("pk")

    for rule in (domain, address):
        staff.post(f"{LIST}{rule.pk}/remove/do/")

    assert events() == [
        ("rule_added", f"Rule {domain.pk}: block domain spam.example"),
        ("rule_added", f"Rule {address.pk}: block address"),
        ("rule_added", f"Rule {network.pk}: block network"),
        ("rule_removed", f"Rule {domain.pk}: block domain spam.example"),
        ("rule_removed", f"Rule {address.pk}: block address"),
    ]
    assert list(AccessRule.objects.all()) == [network]


def test_the_list_comes_after_removing(staff: Client) -> None:
    add(staff, "domain", "spam.example")
    rule = AccessRule.objects.get()

    answer = staff.post(f"{LIST}{rule.pk}/remove/do/", follow=True)

    assert answer.request["PATH_INFO"] == LIST
    assert "Done: Remove." in Page.of(answer).words


@pytest.mark.parametrize("who", ["rosa", "moderator"])
def test_nobody_but_staff_keeps_rules(log_in: LogIn, rosa: Account, who: str) -> None:
    rule = AccessRule.objects.create(kind="block", subject="domain", pattern="a.org")
    client = log_in(rosa if who == "rosa" else make_moderator())

    assert client.get(LIST).status_code == client.get(ADD).status_code == 403
    add(client, "domain", "b.org")
    client.post(f"{LIST}{rule.pk}/remove/do/")

    assert list(AccessRule.objects.all()) == [rule]
