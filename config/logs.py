"""Logs hold nothing that would let their reader act for a signer."""

import logging
import re

# /confirm/<token>/, /my-signature/<token>/change/ and so on, in every language.
SECRET = re.compile(
    r"(/(?:check-your-email|confirm|signed|my-signature|not-me)/)[^/]+",
    re.IGNORECASE,
)


class WithoutSecrets(logging.Filter):
    """Takes the tokens out of the addresses that Django logs when a page fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(r"\1…", record.getMessage()), ()
        return True
