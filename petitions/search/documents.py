"""What is indexed of a petition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from petitions.words import plain

if TYPE_CHECKING:
    from petitions.models import Petition
    from petitions.models.texts import Words

# Of all its languages together; PostgreSQL refuses what is several times as long.
MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class Text:
    """The words in one language, in the order of their weight."""

    language: str
    title: str
    ask: str
    story: str


@dataclass(frozen=True)
class Document:
    petition_id: int
    state: str
    topics: list[int]
    texts: list[Text]
    names: str  # of organizers and targets, as weighty as what is asked


def document(petition: Petition) -> Document:
    """Asks nothing, if the petition was found `with_card()` and its topics."""
    words: dict[str, Words] = {petition.language: petition}
    words |= {one.language: one for one in petition.translation_list}
    longest = MOST_CHARACTERS // len(words)
    targets = [delivery.target for delivery in petition.delivery_list]
    names = [one.name for one in petition.organizer_list]
    names += [f"{one.name} {one.office} {one.organization}" for one in targets]
    return Document(
        petition_id=petition.pk,
        state=petition.state,
        topics=[topic.pk for topic in petition.topic_list],
        texts=[_text(language, one, longest) for language, one in words.items()],
        names=plain(" ".join(names)[:MOST_CHARACTERS]),
    )


def _text(language: str, words: Words, longest: int) -> Text:
    story = " ".join([*words.demands, words.story])
    return Text(language, plain(words.title), plain(words.ask), plain(story[:longest]))
