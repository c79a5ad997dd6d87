"""What is indexed of a petition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from petitions.words import plain

if TYPE_CHECKING:
    from petitions.models import Petition
    from petitions.models.texts import Words

# Of all languages and names together. PostgreSQL refuses more than a megabyte; it keeps
# some words twice, and each may take twice its length.
MOST_BYTES = 200_000


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
    share = MOST_BYTES // (len(words) + 1)
    targets = [delivery.target for delivery in petition.delivery_list]
    names = [one.name for one in petition.organizer_list]
    names += [f"{one.name} {one.office} {one.organization}" for one in targets]
    return Document(
        petition_id=petition.pk,
        state=petition.state,
        topics=[topic.pk for topic in petition.topic_list],
        texts=[_text(language, one, share) for language, one in words.items()],
        names=_beginning(" ".join(names), share),
    )


def _text(language: str, words: Words, share: int) -> Text:
    """The title and the ask are short, and go before the story."""
    title = _beginning(words.title, share)
    ask = _beginning(words.ask, share - len(title.encode()))
    rest = share - len(title.encode()) - len(ask.encode())
    story = _beginning(" ".join([*words.demands, words.story]), rest)
    return Text(language, title, ask, story)


def _beginning(text: str, most: int) -> str:
    """So many bytes of its plain words. These can be many times longer than the text.

    The text is cut before, too: to make words plain takes time.
    """
    return plain(text[:most]).encode()[:most].decode(errors="ignore")
