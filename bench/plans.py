"""What the admin's pages ask the database: `python -m bench.plans <session> <path> …`

For each query of each page, as JSON: its SQL, how many rows it read and how it was
planned. The session is the cookie of somebody who is logged in.
"""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the set-up above
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.wire import HOST  # noqa: E402

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


def main(cookie: str, paths: list[str]) -> None:
    client = Client(
        headers={"host": HOST, "x-forwarded-proto": "https", "cookie": cookie}
    )
    print(json.dumps({path: queries(client, path) for path in paths}))


def queries(client: Client, path: str) -> list[dict[str, object]]:
    client.get(path)  # what is kept by the process is asked for once
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, (path, response.headers)
    asked = [one["sql"] for one in captured.captured_queries]
    return [explained(sql) for sql in asked if sql.startswith(("SELECT", "(SELECT"))]


def explained(sql: str) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN + sql.replace("%", "%%"), [])
        plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute(EXPLAIN.replace("JSON", "TEXT") + sql.replace("%", "%%"), [])
        lines = [line for (line,) in cursor.fetchall()]
    return {"sql": sql, "rows_read": rows_read(plan), "lines": lines}


def rows_read(plan: dict[str, object]) -> int:
    """What its scans took out of tables and indexes, also what they then left out."""
    children = plan.get("Plans", [])
    assert isinstance(children, list)
    below = sum(rows_read(child) for child in children)
    if "Relation Name" not in plan:
        return below
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    each = sum(float(str(plan.get(name, 0))) for name in names)
    return below + round(each * float(str(plan["Actual Loops"])))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
