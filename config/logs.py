"""Logs hold nothing that would let their reader act for a signer."""

import logging
import re

# /confirm/<token>/, /my-signature/<token>/change/ and so on, in every language.
SECRET = re.compile(
    r"(/(?:check-your-email|confirm|signed|my-signature|not-me|answer|invitation"
    r"|password/reset/key)/)[^/]+",
    re.IGNORECASE,
)

# Bounded, or a long line without any would be read once for each of its letters.
PART = r"[^\s@<>()\[\]\"',:;]"
ADDRESS = re.compile(f"{PART}{{1,100}}@{PART}{{1,255}}")


class Line(logging.Formatter):
    """A line, with its traceback if it has one, without secrets and mail addresses."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return SECRET.sub(r"\1…", ADDRESS.sub("…@…", text))


class WithoutSecrets(logging.Filter):
    """Takes the tokens out of the addresses that Django logs when a page fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(r"\1…", record.getMessage()), ()
        return True
