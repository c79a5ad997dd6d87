"""The index in SQLite: a table of FTS5. It knows the endings of English, and plurals.

State and topics stand in a column of tags: FTS5 joins their lists to those of words
faster than a look at each petition would be.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from petitions.search.documents import Document

SHORTEST_BEGINNING = 3
BEST = """
    SELECT petition_id FROM (
        SELECT rowid AS petition_id, bm25(petitions_search, 10, 4, 1, 0) AS distance
        FROM petitions_search WHERE petitions_search MATCH %s
        ORDER BY rowid DESC LIMIT %s
    ) ORDER BY distance, petition_id DESC
"""
COUNT = """
    SELECT count(*) FROM (
        SELECT 1 FROM petitions_search WHERE petitions_search MATCH %s LIMIT %s
    )
"""
FORGET = "DELETE FROM petitions_search WHERE rowid = %s"
WRITE = """
    INSERT INTO petitions_search (rowid, title, about, story, tags)
    VALUES (%s, %s, %s, %s, %s)
"""


def write(documents: Iterable[Document]) -> None:
    rows = [_row(one) for one in documents]
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(FORGET, row[:1])
            cursor.execute(WRITE, row)


def expression(words: list[str], *, topic: int | None) -> str:
    """Each word must stand somewhere; the last may be the beginning of one."""
    *whole, last = (f'"{word}"' for word in words)
    if len(words[-1]) >= SHORTEST_BEGINNING:
        last = f"({last} OR {last}*)"
    terms = "{title about story} : (" + " AND ".join([*whole, last]) + ")"
    return terms if topic is None else f'{terms} AND tags : "topic{topic}"'


def best(asked: str, states: Sequence[str], *, most: int) -> list[int]:
    """Of any state, if none is named. Only the newest are ranked: that takes time."""
    with connection.cursor() as cursor:
        cursor.execute(BEST, [_among(asked, states), most])
        return [number for (number,) in cursor.fetchall()]


def counts(asked: str, states: Sequence[str], *, most: int) -> list[int]:
    numbers = []
    with connection.cursor() as cursor:
        for state in states:
            cursor.execute(COUNT, [_among(asked, [state]), most])
            numbers.append(cursor.fetchone()[0])
    return numbers


def _among(asked: str, states: Sequence[str]) -> str:
    if not states:
        return asked
    return f"{asked} AND tags : (" + " OR ".join(map(_tag, states)) + ")"


def _row(document: Document) -> list[str | int]:
    texts = document.texts
    topics = (f"topic{topic}" for topic in document.topics)
    return [
        document.petition_id,
        " ".join(text.title for text in texts),
        " ".join([*(text.ask for text in texts), document.names]),
        " ".join(text.story for text in texts),
        " ".join([_tag(document.state), *topics]),
    ]


def _tag(state: str) -> str:
    return f"state{state}"
