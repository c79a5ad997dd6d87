"""How many queries a page takes: `python -m bench.queries /petitions/hot/`.

Cold, unchanged since, and after the count has changed.
"""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the set-up above
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.wire import HOST  # noqa: E402
from petitions.models import Petition  # noqa: E402

client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})


def queries(path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    assert response.status_code == 200, response.status_code
    return len(captured)


def main(path: str) -> None:
    slug = path.split("/")[2]
    connection.ensure_connection()
    found = {"cold": queries(path), "unchanged": queries(path)}
    petition = Petition.objects.get(slug=slug)
    petition.signature_count += 1
    petition.save()
    found["changed"] = queries(path)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
