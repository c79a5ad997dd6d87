"""E-mail addresses: which we take, and when two of them are one."""

import hashlib
import hmac

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

# What the mailbox provider itself ignores.
DOTLESS_DOMAINS = {"gmail.com", "googlemail.com"}
SAME_DOMAIN = {"googlemail.com": "gmail.com"}


class AddressNotUsable(ValueError):
    """No mail could reach it, or it only looks like another address."""


def clean_address(typed: str) -> str:
    """The address as we write to it: the domain in IDNA, the local part as typed.

    Raises AddressNotUsable. The local part must be ASCII: a Kelvin sign lowers to
    "k", and so one person's address could pass for another's.
    """
    try:
        found = validate_email(
            typed.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as error:
        raise AddressNotUsable(str(error)) from error
    if found.ascii_email is None:  # pragma: no cover - allow_smtputf8=False sees to it
        raise AddressNotUsable
    return found.ascii_email


def same_address(address: str) -> str:
    """One spelling for all spellings of a cleaned address that reach one mailbox."""
    local, domain = address.lower().rsplit("@", 1)
    local = local.split("+", 1)[0] or local
    if domain in DOTLESS_DOMAINS:
        local = local.replace(".", "")
    return f"{local}@{SAME_DOMAIN.get(domain, domain)}"


def address_key(address: str) -> str:
    """Stands for a cleaned address where the address itself must not stand."""
    digest = hmac.new(
        f"address:{settings.ADDRESS_KEY}".encode(),
        same_address(address).encode(),
        hashlib.sha256,
    )
    return digest.hexdigest()[:32]
