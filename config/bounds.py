"""How much a stranger may post at once."""

import re

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse

from config.middleware import ADMIN, GetResponse

MOST_BYTES = 64 * 1024
MOST_BYTES_OF_STORY = 240 * 1024  # nine for each sign, as some scripts are sent
MOST_BYTES_IN_ADMIN = 10 * 1024 * 1024  # a picture and its form; docs/nginx.conf too
MOST_BYTES_OF_PICTURE = MOST_BYTES_IN_ADMIN
LONG_STEP = re.compile(r"/([\w-]+/)?start/(why|picture)/")  # of starting a petition
MOST_FIELDS = 50


def bounded_posts(get_response: GetResponse) -> GetResponse:
    """Refuse what is larger than any form that is shown to strangers.

    The admin has longer ones, and the bounds of the settings. What is written in a
    charset that is none is a bad request anywhere.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            _check(request, is_strange=not ADMIN.match(request.path_info))
        return get_response(request)

    return middleware


def _check(request: HttpRequest, *, is_strange: bool) -> None:
    most = _most_bytes(request.path_info) if is_strange else MOST_BYTES_IN_ADMIN
    if _length(request) > most:
        raise RequestDataTooBig("more than a form of ours holds")
    try:
        texts = [text for _name, texts in request.POST.lists() for text in texts]
        files = [file for _name, files in request.FILES.lists() for file in files]
    except (LookupError, UnicodeError) as error:
        raise BadRequest("it is written in no charset that we know") from error
    if is_strange and len(texts) + len(files) > MOST_FIELDS:
        raise TooManyFieldsSent("more than a form of ours holds")


def _most_bytes(path: str) -> int:
    long_step = LONG_STEP.fullmatch(path)
    if long_step is None:
        return MOST_BYTES
    is_picture = long_step[2] == "picture"
    return MOST_BYTES_OF_PICTURE if is_picture else MOST_BYTES_OF_STORY


def _length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH", ""))
    return int(length) if length.isascii() and length.isdecimal() else 0
