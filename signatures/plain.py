"""Names as they sound alike: without capitals, spaces, accents and signs between."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db.models import CharField, Func

# PostgreSQL keeps plain names in indexes: what changes here needs a migration that
# makes those of signatures.0013 anew.
BETWEEN = r"[\u0300-\u036f\s.,'’-]+"


def plain(text: str) -> str:
    return re.sub(BETWEEN, "", unicodedata.normalize("NFKD", text)).lower()


class Plain(Func):
    """The same of a column. SQLite asks Python; what PostgreSQL does is as near."""

    function = "PLAIN"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401  # Django's
        words, parameters = compiler.compile(self.source_expressions[0])
        sql = f"LOWER(REGEXP_REPLACE(NORMALIZE({words}, NFKD), %s, '', 'g'))"
        return sql, (*parameters, BETWEEN)

    def as_sqlite(
        self,
        compiler: Any,  # noqa: ANN401  # Django's
        connection: Any,  # noqa: ANN401  # Django's
        **extra_context: Any,  # noqa: ANN401  # Django's
    ) -> tuple[str, Any]:
        connection.ensure_connection()
        connection.connection.create_function("PLAIN", 1, plain, deterministic=True)
        return self.as_sql(compiler, connection, **extra_context)
