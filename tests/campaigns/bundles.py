"""Makers of bundles: the file that a site gives or takes."""

import json


def a_petition(**parts: object) -> dict[str, object]:
    """What a petition in a bundle needs at least, and what the test adds."""
    return {
        "slug": "keep-the-bridge",
        "language": "en",
        "title": "Keep the bridge",
        "ask": "Keep the bridge open.",
        "story": "It is the only way over the river.",
        "organizers": [{"name": "Rosa Lindqvist"}],
        "state": "open",
        "opened_on": "2026-01-05",
    } | parts


def a_signature(**parts: object) -> dict[str, object]:
    return {"name": "Ada", "show_name": True, "signed_on": "2026-01-06"} | parts


def an_update(**parts: object) -> dict[str, object]:
    return {"title": "The council listens", "posted_on": "2026-01-20"} | parts


def a_file(*petitions: dict[str, object]) -> str:
    return json.dumps({"format": "undersigned/1", "petitions": petitions})


def a_bundle(**parts: object) -> str:
    """A file with one petition."""
    return a_file(a_petition(**parts))
