"""The yardstick of reading: an application that does nothing but answer.

It gives the very bytes and headers that the site gave, from memory.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from bench.bare_answers import read

STATUS, HEADERS, BODY = read(Path(os.environ["BARE_ANSWER"]))


def page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response(STATUS, HEADERS)
    return [BODY]
