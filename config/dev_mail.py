"""The mail that was "sent" on a developer's machine, to read in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Django's file backend writes this line after each message.
BETWEEN = b"\n" + b"-" * 79 + b"\n"
LINK = re.compile(r"https?://\S+")
NEWEST = 50


@dataclass(frozen=True)
class SentMail:
    to: str
    subject: str
    sent_at: str
    text: str
    links: list[str]

    @classmethod
    def read(cls, raw: bytes) -> SentMail:
        mail = message_from_bytes(raw, policy=policy.default)
        body = mail.get_body(("plain",))
        text = body.get_content() if body else ""
        links = LINK.findall(text)
        return cls(
            to=_on_one_line(mail["To"]),
            subject=_on_one_line(mail["Subject"]),
            sent_at=_on_one_line(mail["Date"]),
            text=text,
            links=list(dict.fromkeys(links)),
        )


@require_safe
@never_cache
def dev_mail(request: HttpRequest) -> HttpResponse:
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=_written_at)
    mails = [
        SentMail.read(raw)
        for file in files[-NEWEST:]
        for raw in file.read_bytes().split(BETWEEN)
        if raw.strip()
    ]
    # It speaks no other language.
    context = {"messages": mails[::-1][:NEWEST], "languages": ()}
    return render(request, "dev_mail.html", context)


def _written_at(file: Path) -> int:
    return file.stat().st_mtime_ns


def _on_one_line(header: str | None) -> str:
    """A long header is folded, and each fold begins with a space."""
    return " ".join((header or "").split())
