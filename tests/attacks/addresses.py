"""Every address that the site knows, found by walking its resolver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Address:
    """Such as `/petitions/{slug}/sign/`, with its gaps."""

    name: str
    route: str
    is_ours: bool

    @property
    def gaps(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.route)

    def filled(self, values: dict[str, str]) -> str:
        return "/" + self.route.format(**values)


def all_addresses(
    resolver: URLResolver | None = None, start: str = "", space: str = ""
) -> Iterator[Address]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = start + _route(entry)
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else space
            yield from all_addresses(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name}", route, is_ours=not space)


def _route(entry: URLPattern | URLResolver) -> str:
    match entry.pattern:
        case LocalePrefixPattern():
            return ""
        case RoutePattern() as pattern:
            return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern))
        case pattern:
            [(route, gaps), *_others] = normalize(pattern.regex.pattern)
            return str(route % {gap: f"{{{gap}}}" for gap in gaps})
