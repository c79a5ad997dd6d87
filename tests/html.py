"""Reads a page as a browser does: its elements, and the words that people see."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parts: list[str | Element] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All words inside, with single spaces."""
        return " ".join(" ".join(self._words()).split())

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements inside, in order; `class_` asks for one of the classes."""
        return [one for one in self._inside() if one.is_like(tag, attributes)]

    def one(self, tag: str = "", **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element

    def is_like(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag and self.tag != tag:
            return False
        own = self.attributes
        return all(
            value in own.get("class", "").split()
            if name == "class_"
            else own.get(name) == value
            for name, value in attributes.items()
        )

    def _inside(self) -> list[Element]:
        found = []
        for part in self.parts:
            if isinstance(part, Element):
                found += [part, *part._inside()]
        return found

    def _words(self) -> list[str]:
        return [
            word
            for part in self.parts
            for word in ([part] if isinstance(part, str) else part._words())
        ]


def as_sent(form: Element) -> dict[str, str]:
    """What a browser sends of the form as it stands there, but its buttons and files.

    Of a name that stands there several times, the last; of words, with single spaces.
    """
    fields = [*form.all("input"), *form.all("textarea"), *form.all("select")]
    named = [one for one in fields if "name" in one.attributes and _is_sent(one)]
    return {one.attributes["name"]: _value(one) for one in named}


def _is_sent(field: Element) -> bool:
    """Not those that a script of the admin copies for another row."""
    kind = field.attributes.get("type", "")
    is_chosen = kind not in ("checkbox", "radio") or "checked" in field.attributes
    is_copied = "__prefix__" in field.attributes["name"]
    return is_chosen and not is_copied and kind not in ("submit", "file")


def _value(field: Element) -> str:
    if field.tag == "input":
        is_box = field.attributes.get("type") in ("checkbox", "radio")
        return field.attributes.get("value", "on" if is_box else "")
    if field.tag == "textarea":
        return field.words
    chosen = [one for one in field.all("option") if "selected" in one.attributes]
    return chosen[0].attributes["value"] if chosen else ""


class Page(HTMLParser):
    """The whole page; `Page.of(response).all("a")` gives its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    @classmethod
    def of(cls, answer: HttpResponse | str) -> Element:
        page = cls()
        page.feed(answer if isinstance(answer, str) else answer.content.decode())
        page.close()
        return page.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)
