"""The index in SQLite: a table of FTS5. It knows the endings of English, and plurals.

State and topics stand in a column of tags: FTS5 joins their lists to those of words
faster than a look at each petition would be.
"""

from collections.abc import Sequence

from django.db import connection

from petitions.search.documents import Document

SHORTEST_BEGINNING = 3
BEST = """
    SELECT petition_id FROM (
        SELECT rowid AS petition_id, bm25(petitions_search, 10, 4, 1, 0) AS distance
        FROM petitions_search WHERE petitions_search MATCH %s
        ORDER BY rowid DESC LIMIT %s
    ) {still_so} ORDER BY distance, petition_id DESC
"""
COUNT = """
    SELECT count(*) FROM (
        SELECT rowid AS petition_id
        FROM petitions_search WHERE petitions_search MATCH %s LIMIT %s
    ) {still_so}
"""
# The index may be behind.
STILL_SO = "JOIN petitions_petition ON id = petition_id AND state = %s"
FORGET = "DELETE FROM petitions_search WHERE rowid = %s"
WRITE = """
    INSERT INTO petitions_search (rowid, title, about, story, tags)
    VALUES (%s, %s, %s, %s, %s)
"""


def write(document: Document) -> None:
    row = _row(document)
    with connection.cursor() as cursor:
        cursor.execute(FORGET, row[:1])
        cursor.execute(WRITE, row)


def expression(words: list[str], *, topic: int | None, any_word: bool = False) -> str:
    """Each word must stand somewhere; the last may be the beginning of one."""
    *whole, last = (f'"{word}"' for word in words)
    if len(words[-1]) >= SHORTEST_BEGINNING:
        last = f"({last} OR {last}*)"
    between = " OR " if any_word else " AND "
    terms = "{title about story} : (" + between.join([*whole, last]) + ")"
    return terms if topic is None else f'{terms} AND tags : "topic{topic}"'


def best(asked: str, state: str, *, most: int) -> list[int]:
    """Of any state, if none is named. Only the newest are ranked: that takes time."""
    if state:
        question, asked = BEST.format(still_so=STILL_SO), _in_state(asked, state)
    else:
        question = BEST.format(still_so="")
    with connection.cursor() as cursor:
        cursor.execute(question, [asked, most, *([state] if state else [])])
        return [number for (number,) in cursor.fetchall()]


def counts(asked: str, states: Sequence[str], *, most: int) -> list[int]:
    numbers = []
    with connection.cursor() as cursor:
        for state in states:
            asked_here = _in_state(asked, state)
            question = COUNT.format(still_so=STILL_SO)
            cursor.execute(question, [asked_here, most, state])
            numbers.append(cursor.fetchone()[0])
    return numbers


def _in_state(asked: str, state: str) -> str:
    return f"{asked} AND tags : {_tag(state)}"


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
