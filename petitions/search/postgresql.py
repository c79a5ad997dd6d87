"""The index in PostgreSQL: a tsvector of each petition, in a GIN index for each state.

Endings are taken from a word as its language does it, and a query is asked in all
languages of the site at once. Titles, asks and names are also kept as they are written:
for the beginnings of words, and for words too common for their language to keep.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from petitions.languages import languages
from petitions.search.documents import Document

SHORTEST_BEGINNING = 3
MOST_RANKED = 200  # it reads all the words of each
AS_WRITTEN = "simple"
# PostgreSQL's names of the languages whose endings it knows.
CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

# Each condition is that of one index; "OFFSET 0" keeps the planner from reading all
# petitions in the order of their numbers instead.
OF_OTHERS = "state NOT IN ('open', 'won', 'closed')"
OF_STATE = {state: f"state = '{state}'" for state in ("open", "won", "closed")}
OF_ANY = [*OF_STATE.values(), OF_OTHERS]
OF_STATE |= {
    state: f"{OF_OTHERS} AND state = '{state}'"
    for state in ("draft", "review", "rejected", "hidden")
}

MATCHING = """
    SELECT petition_id FROM petitions_search
    WHERE {of_state} AND document @@ %(asked)s::tsquery OFFSET 0
"""
BEST = """
    WITH newest AS MATERIALIZED (
        SELECT petition_id FROM ({matching}) AS found
        ORDER BY petition_id DESC LIMIT %(most)s
    ), ranked AS MATERIALIZED (
        SELECT petition_id,
            ts_rank('{{0, 0.1, 0.4, 1}}', document, %(asked)s::tsquery) AS rank
        FROM unnest(ARRAY(SELECT petition_id FROM newest LIMIT {most_ranked}))
            AS few (petition_id)
        JOIN petitions_search USING (petition_id)
    )
    SELECT petition_id FROM newest LEFT JOIN ranked USING (petition_id) {still_so}
    ORDER BY rank DESC NULLS LAST, petition_id DESC
"""
COUNT = """(
    SELECT count(*)
    FROM unnest(ARRAY({matching} LIMIT %(most)s)) AS counted (petition_id) {still_so}
)"""
# The index may be behind.
STILL_SO = """
    JOIN petitions_petition AS petition
    ON petition.id = petition_id AND petition.state = '{state}'
"""
WRITE = """
    INSERT INTO petitions_search (petition_id, state, document)
    VALUES (%s, %s, {document})
    ON CONFLICT (petition_id)
    DO UPDATE SET state = EXCLUDED.state, document = EXCLUDED.document
"""
PART = "setweight(to_tsvector(%s::regconfig, %s), %s)"
# The roots of each word in each configuration; a word that is too common has none.
ROOTS = """
    SELECT word, tsvector_to_array(to_tsvector(configuration::regconfig, word))
    FROM unnest(%s::text[]) AS word, unnest(%s::text[]) AS configuration
"""


def write(document: Document) -> None:
    parts = list(_parts(document))
    vector = " || ".join(["array_to_tsvector(%s)", *[PART] * len(parts)])
    topics = [_tag(topic) for topic in document.topics]
    values = [value for part in parts for value in part]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE.format(document=vector),
            [document.petition_id, document.state, topics, *values],
        )


def expression(words: list[str], *, topic: int | None, any_word: bool = False) -> str:
    """Each word must stand somewhere; the last may be the beginning of one.

    A word that some language finds too common need not, if others are asked for too.
    """
    roots: dict[str, list[list[str]]] = {word: [] for word in words}
    with connection.cursor() as cursor:
        cursor.execute(ROOTS, [words, _configurations()])
        for word, its_roots in cursor.fetchall():
            roots[word].append(its_roots)
    telling = [word for word in words if all(roots[word])] or words
    forms = {word: _forms(word, roots[word]) for word in telling}
    if (last := words[-1]) in forms and len(last) >= SHORTEST_BEGINNING:
        forms[last].append(f"'{last}':*")
    terms = [f"({' | '.join(dict.fromkeys(one))})" for one in forms.values()]
    if any_word:
        terms = [f"({' | '.join(terms)})"]
    if topic is not None:
        terms.append(f"'{_tag(topic)}'")
    return " & ".join(terms)


def best(asked: str, state: str, *, most: int) -> list[int]:
    """Of any state, if none is named. The newest come ranked, then the others."""
    of_states = [OF_STATE[state]] if state else OF_ANY
    question = BEST.format(
        matching=" UNION ALL ".join(
            f"({MATCHING.format(of_state=one)})" for one in of_states
        ),
        still_so=STILL_SO.format(state=state) if state else "",
        most_ranked=MOST_RANKED,
    )
    with _cursor_by_index() as cursor:
        cursor.execute(question, {"asked": asked, "most": most})
        return [number for (number,) in cursor.fetchall()]


def counts(asked: str, states: Sequence[str], *, most: int) -> list[int]:
    numbers = ", ".join(
        COUNT.format(
            matching=MATCHING.format(of_state=OF_STATE[state]),
            still_so=STILL_SO.format(state=state),
        )
        for state in states
    )
    with _cursor_by_index() as cursor:
        cursor.execute(f"SELECT {numbers}", {"asked": asked, "most": most})
        return list(cursor.fetchone())


@contextmanager
def _cursor_by_index() -> Iterator[CursorWrapper]:
    """Asks the index also for common words.

    The planner would rather read the whole table, as it does not know what it costs to
    fetch each long document from where it is kept.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan = on")


def _forms(word: str, roots: list[list[str]]) -> list[str]:
    """What a word may look like in the index; one root of several words is a phrase."""
    return [
        f"'{word}'",
        *(" & ".join(f"'{root}'" for root in one) for one in roots if one),
    ]


def _parts(document: Document) -> Iterator[tuple[str, str, str]]:
    """What is kept: in which configuration, which words, of which weight."""
    for text in document.texts:
        configuration = _configuration(text.language)
        yield configuration, text.title, "A"
        yield configuration, text.ask, "B"
        yield configuration, text.story, "C"
        if configuration != AS_WRITTEN:
            yield AS_WRITTEN, text.title, "A"
            yield AS_WRITTEN, text.ask, "B"
    yield AS_WRITTEN, document.names, "B"


def _configurations() -> list[str]:
    known = [_configuration(language) for language, _name in languages()]
    return list(dict.fromkeys([*known, AS_WRITTEN]))


def _configuration(language: str) -> str:
    return CONFIGURATIONS.get(language.split("-")[0], AS_WRITTEN)


def _tag(topic: int) -> str:
    """A word that nobody can type: its sign would be taken away."""
    return f"topic:{topic}"
