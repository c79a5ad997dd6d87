"""An answer of the site, written down for a bare application to give."""

import json
from pathlib import Path

from bench.wire import Answer

SET_BY_GUNICORN = {"server", "date", "connection", "transfer-encoding"}
Kept = tuple[str, list[tuple[str, str]], bytes]


def keep(answer: Answer, path: Path) -> Path:
    """Write down an answer of the site, for `page` to give."""
    lines = answer.head.decode("latin-1").split("\r\n")
    headers = [line.split(": ", 1) for line in lines[1:]]
    kept = [pair for pair in headers if pair[0].lower() not in SET_BY_GUNICORN]
    status = lines[0].split(" ", 1)[1]
    words = {"status": status, "headers": kept}
    path.write_text(json.dumps(words))
    path.with_suffix(".body").write_bytes(answer.body)
    return path


def read(path: Path) -> Kept:
    words = json.loads(path.read_text())
    headers = [(name, value) for name, value in words["headers"]]
    return words["status"], headers, path.with_suffix(".body").read_bytes()
