"""docs/threats.md names tests that there are."""

import re

from tests.site.test_conventions import ROOT

TOLD = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
THREATS = 23


def test_each_threat_has_a_test_and_what_remains() -> None:
    parts = re.split(r"^### ", TOLD.partition("## On the wire")[0], flags=re.MULTILINE)

    told = parts[1:]
    assert [part.split()[0] for part in told] == [f"T{n + 1}" for n in range(THREATS)]
    assert [part[:30] for part in told if "**Shown by**" not in part] == []
    assert [part[:30] for part in told if "**Remains**" not in part] == []


def test_the_tests_that_it_names_are_there() -> None:
    files = [path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py")]
    tests = set(re.findall(r"^def (test_\w+)", "\n".join(files), flags=re.MULTILINE))

    named = set(re.findall(r"`(test_\w+)`", TOLD))

    assert len(named) > 50
    assert sorted(named - tests) == []
    paths = re.findall(r"(?:tests|docs|config)/[\w/]+\.\w+", TOLD)
    assert [path for path in paths if not (ROOT / path).is_file()] == []
