from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Func, Q
from django.db.models.functions import Lower

from petitions.migrating import AddIndexMeanwhile

# The same as `signatures.plain` says, for PostgreSQL to keep and to find by.
PLAIN_NAME = Func(
    "name",
    template=(
        "LOWER(REGEXP_REPLACE(NORMALIZE(%(expressions)s, NFKD), "
        r"'[\u0300-\u036f\s.,''’-]+', '', 'g'))"
    ),
)


class AddIndexOnPostgreSQL(AddIndexMeanwhile):
    """None on SQLite, where it would ask Python: other programs could not write."""

    def state_forwards(self, *state: Any) -> None:
        """Models know nothing of it, as they are the same on both."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            # Without UTF-8 this fails here; later, nobody could confirm.
            schema_editor.execute("SELECT NORMALIZE('a', NFKD)")
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, *states)


class Migration(migrations.Migration):
    """A line of paper: who has the same name, or address, on another or online?"""

    atomic = False

    dependencies = [("signatures", "0012_paper")]

    operations = [
        # Of those whose names an organizer may know; few of those who sign online,
        # and none before they confirm.
        AddIndexOnPostgreSQL(
            model_name="signature",
            index=models.Index(
                "petition",
                PLAIN_NAME,
                name="signature_plain_name_told",
                condition=Q(state="confirmed")
                & (Q(origin="paper") | Q(show_name=True)),
            ),
        ),
        AddIndexOnPostgreSQL(
            model_name="sheetrow",
            index=models.Index(
                PLAIN_NAME, name="sheet_row_plain_name", condition=~Q(name="")
            ),
        ),
        AddIndexOnPostgreSQL(
            model_name="sheetrow",
            index=models.Index(
                Lower("email"), name="sheet_row_email", condition=~Q(email="")
            ),
        ),
    ]
