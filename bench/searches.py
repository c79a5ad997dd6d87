"""Seeds petitions, or searches among them, and prints how long each search took.

`python -m bench.searches seed 100000`, then `python -m bench.searches ask 60`.
"""

import json
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the set-up above

from bench.figures import percentile  # noqa: E402
from bench.seed_petitions import COMMON, MIDDLING, RARE, seed  # noqa: E402
from petitions.models import Petition  # noqa: E402

ON_A_PAGE = 24


def ask(times: int) -> list[dict[str, object]]:
    """Each kind of word, in turns; the first round warms."""
    connection.ensure_connection()
    kinds = {"rare": RARE, "middling": MIDDLING, "common": COMMON}
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    found = dict.fromkeys(kinds, 0)
    for number in range(times + 1):
        for kind, words in kinds.items():
            began = time.perf_counter()
            hits = Petition.objects.public().search(words[number % len(words)])
            found[kind] = len(hits.values_list("pk", flat=True)[:ON_A_PAGE])
            if number:
                seconds[kind].append((time.perf_counter() - began) * 1000)
    return [
        {
            "what": kind,
            "p50": percentile(seconds[kind], 50),
            "p95": percentile(seconds[kind], 95),
            "found": found[kind],
        }
        for kind in kinds
    ]


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        seed(int(sys.argv[2]))
    else:
        print(json.dumps(ask(int(sys.argv[2]))))
