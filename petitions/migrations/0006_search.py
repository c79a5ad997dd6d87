from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Beside the petitions and without a key to them: it can be thrown away and made anew.
POSTGRESQL = [
    """
    CREATE TABLE petitions_search (
        petition_id bigint PRIMARY KEY,
        state varchar(10) NOT NULL,
        document tsvector NOT NULL
    )
    """,
    # One for each state that is searched by itself. Without "fastupdate": the worker
    # takes the time to write into the index, so that readers need not look beside it.
    *(
        f"""
        CREATE INDEX petitions_search_{name} ON petitions_search
        USING gin (document) WITH (fastupdate = off) WHERE {condition}
        """
        for name, condition in [
            ("open", "state = 'open'"),
            ("won", "state = 'won'"),
            ("closed", "state = 'closed'"),
            ("others", "state NOT IN ('open', 'won', 'closed')"),
        ]
    ),
]
SQLITE = [
    """
    CREATE VIRTUAL TABLE petitions_search USING fts5(
        title, about, story, tags, tokenize = 'porter unicode61 remove_diacritics 2'
    )
    """
]


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Empty: every petition is due to be indexed, and a worker does it at once."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement)


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE petitions_search")


class Migration(migrations.Migration):
    dependencies = [("petitions", "0005_petition_index_due_at")]

    operations = [migrations.RunPython(create, drop)]
