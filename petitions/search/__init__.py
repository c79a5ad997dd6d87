"""The index that petitions are found in: their words, kept beside them in a table.

It is a copy, in step within a moment: whoever changes words says so with
`Petition.objects.to_index()`, a worker writes them anew with `….index()`, and once
a week every petition has its turn, so that nothing stale stays. What a page shows is
read from the petitions themselves: a stale entry never shows what is hidden.

`documents` says what is indexed; `postgresql` and `sqlite` how it is kept and asked.
"""

from functools import cached_property
from types import ModuleType

from django.db import connection

from petitions.search import postgresql, sqlite
from petitions.search.documents import Document
from petitions.words import asked


class Search:
    """A question to the index: words that somebody typed. No words find nothing.

    With `any_word` one of them is enough, and what has more of them comes first.
    """

    def __init__(
        self, text: str, *, topic: int | None = None, any_word: bool = False
    ) -> None:
        self.words = asked(text)
        self.topic = topic
        self.any_word = any_word

    def best(self, state: str = "", *, most: int) -> list[int]:
        """The numbers of the newest that match and stand in the state, best first.

        One that has left the state is not among them, nor in `counts`, even if the
        index does not know yet. Without a state, those of any are found.
        """
        if not self.words:
            return []
        return list(_engine().best(self._expression, state, most=most))

    def counts(self, *states: str, most: int) -> dict[str, int]:
        """How many match in each state, counted up to `most`."""
        if not (self.words and states):
            return dict.fromkeys(states, 0)
        numbers = _engine().counts(self._expression, states, most=most)
        return dict(zip(states, numbers, strict=True))

    @cached_property
    def _expression(self) -> str:
        """In the language of the database: of plain words, so none of it is syntax."""
        expression: str = _engine().expression(
            self.words, topic=self.topic, any_word=self.any_word
        )
        return expression


def write(document: Document) -> None:
    """In the place of what was kept of the petition before."""
    _engine().write(document)


def _engine() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite
