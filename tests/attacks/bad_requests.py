"""Makes requests that no browser sends, from pages and forms that it reads itself.

All chance comes from a number, so that one request can be made once more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.attacks import nasty
from tests.attacks.addresses import Address, all_addresses
from tests.html import Element, Page

TOKEN = "a" * 32  # the admin's forms carry it twice, as a browser would
BOUNDARY = "bad-input"
METHODS = ["GET"] * 15 + ["POST"] * 20 + ["HEAD"]
METHODS += ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "get", "X" * 300]

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class BadRequests:
    """Requests to every address that the resolver knows, made of what pages offer."""

    good_paths: list[str]
    cookie: str
    ask: Any  # environ → Reply
    forms: dict[str, list[Fields]] = field(default_factory=lambda: defaultdict(list))
    read: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.addresses = [one for one in all_addresses() if one.gaps != ["url"]]
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for path in self.good_paths:
            self.by_name[_name_of(path)].append(path)
        self.near = [one for one in self.addresses if one.name in self.by_name]

    def number(self, number: int | str) -> tuple[str, dict[str, Any]]:
        """What it is about, for people; and the request, for the site."""
        random = Random(number)
        is_near = random.random() < 0.8  # the others lead to the log-in, mostly
        address = random.choice(self.near if is_near else self.addresses)
        good = self._good_path(random, address)
        path = self._path(random, address, good)
        method = random.choice(METHODS)
        query = self._query(random)
        environ = request(method, path, query, cookie=self.cookie)
        if method not in ("GET", "HEAD"):
            self._look_for_forms(good)
            self._add_body(random, environ, address.name)
        if random.random() < 0.2:
            name = random.choice(list(nasty.HEADERS))
            environ[name] = random.choice(nasty.HEADERS[name])
        return f"{method[:9]} {address.name} {path[:150]}?{query[:60]}", environ

    def _good_path(self, random: Random, address: Address) -> str:
        if known := self.by_name[address.name]:
            return random.choice(known)
        return address.filled({gap: nasty.value(random) for gap in address.gaps})

    def _path(self, random: Random, address: Address, good: str) -> str:
        match random.random():
            case chance if chance < 0.7 or not address.gaps:
                path = good
            case chance if chance < 0.9:
                values = {gap: nasty.value(random) for gap in address.gaps}
                path = quote(address.filled(values)[:2000], errors="replace")
            case _:
                path = good.rstrip("/") + random.choice(
                    [
                        "",
                        "//",
                        "/../",
                        "/\x00",
                        "%2F",
                        "/%FF/",
                        "/.",
                        ";a=b",
                        "/x" * 200,
                    ]
                )
        return random.choice([*[""] * 12, "/es", "/es", "/xx", "/"]) + path

    def _query(self, random: Random) -> str:
        if random.random() < 0.5:
            return ""
        if random.random() < 0.1:
            return random.choice(nasty.RAW)
        fields = [
            (random.choice(nasty.NAMES), nasty.value(random))
            for _field in range(random.choice([1, 1, 1, 2, 5]))
        ]
        return encoded(fields)[:8000]

    def _look_for_forms(self, path: str) -> None:
        """Read the page, once, and keep what its forms would send, and where to."""
        if path in self.read:
            return
        self.read.add(path)
        answer = self.ask(request("GET", path, "", cookie=self.cookie))
        if answer.status != 200 or b"<form" not in answer.body:
            return
        for form in Page.of(answer.body.decode()).all("form"):
            to = urlsplit(urljoin(path, form.attributes.get("action") or path)).path
            self.forms[_name_of(to)].append(fields_of(form))

    def _add_body(self, random: Random, environ: dict[str, Any], name: str) -> None:
        known = self.forms[name]
        fields = list(random.choice(known)) if known else []
        fields = [one for one in fields if one[0] != "csrfmiddlewaretoken"]
        for _change in range(random.choice([0, 1, 1, 1, 2, 4])):
            _spoil(random, fields)
        kind, body = _written(random, [("csrfmiddlewaretoken", TOKEN), *fields])
        if random.random() < 0.05:
            body = body[: len(body) // 2]
        environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"] = kind, str(len(body))
        environ["wsgi.input"] = BytesIO(body)


def _name_of(path: str) -> str:
    try:
        return resolve(path.removeprefix("/es")).view_name
    except Resolver404:
        return ""


def fields_of(form: Element) -> Fields:
    """What a browser would send of it, had its reader pressed the button at once."""
    fields = []
    for one in form.all():
        name, value = one.attributes.get("name"), one.attributes.get("value", "")
        if not name or one.tag not in ("input", "textarea", "select", "button"):
            continue
        if one.tag == "textarea":
            value = "".join(part for part in one.parts if isinstance(part, str))
        if one.tag == "select":
            chosen = [o for o in one.all("option") if "selected" in o.attributes]
            value = (chosen or one.all("option"))[0].attributes.get("value", "")
        if one.attributes.get("type") in ("checkbox", "radio"):
            value = value or "on"
        fields.append((name, value))
    return fields


def _spoil(random: Random, fields: Fields) -> None:
    place = random.randrange(len(fields)) if fields else 0
    match random.choice(["value", "value", "value", "drop", "double", "name", "many"]):
        case "value" if fields:
            fields[place] = (fields[place][0], nasty.value(random))
        case "drop" if fields:
            del fields[place]
        case "double" if fields:
            fields.append((fields[place][0], nasty.value(random)))
        case "many" if random.random() < 0.1:
            fields += [(f"f{number}", "x") for number in range(1100)]
        case _:
            fields.append((random.choice(nasty.NAMES), nasty.value(random)))


def _written(random: Random, fields: Fields) -> tuple[str, bytes]:
    """The fields as some client would write them, with its name for that."""
    plain = "application/x-www-form-urlencoded"
    match random.choices(range(7), [60, 15, 4, 4, 4, 4, 4])[0]:
        case 0:
            return plain, encoded(fields).encode()
        case 1:
            return f"multipart/form-data; boundary={BOUNDARY}", multipart(
                random, fields
            )
        case 2:
            return f"{plain}; charset=latin-1", encoded(fields, "latin-1").encode()
        case 3:
            return f"{plain}; charset=utf-16", encoded(fields).encode("utf-16")
        case 4:
            return "application/json", nasty.value(random).encode(errors="replace")
        case 5:
            return plain, random.choice(nasty.RAW).encode() * random.choice([1, 500])
        case _:
            kinds = [plain, f"multipart/form-data; boundary={BOUNDARY}", "image/png"]
            return random.choice(kinds), random.randbytes(
                random.choice([0, 9, 300_000])
            )


def encoded(fields: Fields, charset: str = "utf-8") -> str:
    return "&".join(
        f"{quote(name, encoding=charset, errors='replace')}="
        f"{quote(value, encoding=charset, errors='replace')}"
        for name, value in fields
    )


def multipart(random: Random, fields: Fields) -> bytes:
    """Now and then a field is a file, or says something odd about itself."""
    parts = []
    for name, value in fields:
        quirk = random.random()
        about = f'form-data; name="{name[:200]}"'
        about += '; filename="../a\x00.png"' if quirk < 0.1 else ""
        kind = "Content-Type: image/svg+xml\r\n" if quirk < 0.05 else ""
        kind += "Content-Transfer-Encoding: base64\r\n" if quirk > 0.97 else ""
        head = f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n{kind}\r\n"
        parts.append(f"{head}{value}\r\n".encode(errors="replace"))
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def request(method: str, path: str, query: str, *, cookie: str) -> dict[str, Any]:
    """A request as a WSGI server hands it over."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode(errors="replace")).decode("latin-1"),
        "QUERY_STRING": query.encode(errors="replace").decode("latin-1"),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "198.51.100.7",
        "HTTP_HOST": "testserver",
        "HTTP_COOKIE": cookie,
        "CONTENT_LENGTH": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(b""),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
