"""Mails that say the same to many people, but for the secrets in their links.

The words are made once, with a blank for each secret, and filled in for each person.
So is the finished mail, headers and all, because putting one together costs more than
all else that a mail costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import cached_property
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from signatures.tokens import NO_KEY, Purpose, make_token

# As long as a token, and nothing that anybody could have written into a petition.
BLANKS = {
    purpose: token_hex(len(make_token(NO_KEY, purpose)) // 2) for purpose in Purpose
}
BLANK_HEADERS = {name: token_hex(20) for name in ["To", "Date", "Message-ID"]}
# What stands in one line just as it is, whoever writes it.
PLAIN_HEADER = re.compile(r"[!-~]([ -~]{0,60}[!-~])?")


class Letter:
    """What a mail says in one language, with blanks where its links are secret."""

    def __init__(
        self,
        name: str,
        context: Mapping[str, object],
        *,
        language: str,
        headers: Mapping[str, str] | None = None,
        mark: str = "",
    ) -> None:
        """The words of templates/mail/<name>, as text and HTML.

        A mark stands before the subject.
        """
        context = {
            **context,
            "site_name": settings.SITE_NAME,
            "brand_color": settings.BRAND_COLOR,
            "language": language,
        }
        with translation.override(language):
            subject = render_to_string(f"mail/{name}.subject.txt", context)
            self._text = render_to_string(f"mail/{name}.txt", context)
            self._html = render_to_string(f"mail/{name}.html", context)
        self._subject = " ".join([mark, *subject.split()]).strip()
        self._headers = dict(headers or {})

        said = [self._text, self._html, *self._headers.values()]
        self._said = "".join(said)
        self._purposes = [one for one in Purpose if BLANKS[one] in self._said]

    def to(
        self, address: str, key: UUID, link_number: int = 0
    ) -> EmailMultiAlternatives:
        """The mail for the signer whose signature has that key, with its new links."""
        tokens = {
            BLANKS[one]: make_token(key, one, link_number) for one in self._purposes
        }
        message = FilledMail(
            self._subject,
            _fill(self._text, tokens),
            to=[address],
            headers={
                name: _fill(words, tokens) for name, words in self._headers.items()
            },
        )
        message.attach_alternative(_fill(self._html, tokens), "text/html")
        message.letter, message.tokens = self, tokens
        return message

    @cached_property
    def printed(self) -> str:
        """The finished mail, put together by Django, with all its blanks.

        Empty where a blank is broken by the end of a line: in a line of a thousand
        letters, which a mail cannot carry as it is.
        """
        message = EmailMultiAlternatives(
            self._subject,
            self._text,
            to=[BLANK_HEADERS["To"]],
            headers={**self._headers, "Message-ID": BLANK_HEADERS["Message-ID"]},
        )
        message.attach_alternative(self._html, "text/html")
        finished = message.message()
        finished.replace_header("Date", BLANK_HEADERS["Date"])
        printed = finished.as_bytes().decode()
        is_whole = all(
            printed.count(blank) == self._said.count(blank) for blank in BLANKS.values()
        )
        return printed if is_whole else ""


class FilledMail(EmailMultiAlternatives):
    """A mail made of a letter, whose bytes are filled in and not put together anew."""

    letter: Letter
    tokens: dict[str, str]

    # It does as a MIME message does.
    def message(self) -> Any:  # type: ignore[override]  # noqa: ANN401
        return FilledMessage(self, super().message)

    def filled_in(self) -> bytes:
        """The same bytes, or none where filling in would not give the same.

        Only the line between the parts is one for all mails of a letter.
        """
        headers = {
            "To": self.to[0],
            "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
            "Message-ID": self.extra_headers.get("Message-ID", ""),
        }
        if not all(map(PLAIN_HEADER.fullmatch, headers.values())):
            return b""
        filled = {BLANK_HEADERS[name]: value for name, value in headers.items()}
        return _fill(self.letter.printed, {**filled, **self.tokens}).encode()


class FilledMessage(SimpleLazyObject):  # type: ignore[type-arg]  # none when it runs
    """What mail backends ask for: the bytes the short way, all else the long one."""

    def __init__(self, mail: FilledMail, put_together: Callable[[], Any]) -> None:
        super().__init__(put_together)
        self.__dict__.update(mail=mail, put_together=put_together)

    def as_bytes(self, *, linesep: str = "\n") -> bytes:
        if filled_in := self.mail.filled_in():
            return bytes(filled_in.replace(b"\n", linesep.encode()))
        return bytes(self.put_together().as_bytes(linesep=linesep))


def _fill(words: str, blanks: Mapping[str, str]) -> str:
    for blank, filled in blanks.items():
        words = words.replace(blank, filled)
    return words
