"""An index of words of each database's own takes the place of the texts that were scanned."""

from django.db import migrations, models, transaction

from papers import search

SQLITE = [
    "CREATE VIRTUAL TABLE IF NOT EXISTS papers_search"
    " USING fts5(title, authors, abstract, tokenize='ascii')",
]
POSTGRESQL = [
    # Whole rows stay on their pages, uncompressed: ranking reads the words of 2,000 papers at once.
    "CREATE TABLE IF NOT EXISTS papers_search ("
    " rowid bigint PRIMARY KEY REFERENCES papers_paper ON DELETE CASCADE,"
    " document tsvector NOT NULL DEFAULT ''"
    ") WITH (toast_tuple_target = 8160)",
    # What the planner knows of how common words are.
    "ALTER TABLE papers_search ALTER COLUMN document SET STATISTICS 1000",
    "CREATE INDEX IF NOT EXISTS papers_search_document ON papers_search"
    " USING gin (document) WITH (gin_pending_list_limit = 1024)",
]


def create(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE papers_search")


def fill(apps, schema_editor):
    """Index what is held, 500 papers at a time and each time for good; again does no harm."""
    papers = apps.get_model("papers", "Paper").objects.order_by("pk")
    last = 0
    while rows := list(papers.filter(pk__gt=last).values_list(*search.COLUMNS)[: search.BATCH]):
        with transaction.atomic():
            search.write(rows)
        last = rows[-1][0]


def release(apps, schema_editor):
    """Let no row of the old texts hold a paper any more; processes of before still write them."""
    if schema_editor.connection.vendor == "sqlite":  # whose processes are all stopped
        schema_editor.execute("DROP TABLE papers_searchtext")
        return
    old = apps.get_model("papers", "SearchText")
    for name in schema_editor._constraint_names(old, foreign_key=True):
        schema_editor.execute(schema_editor._delete_fk_sql(old, name))


class Migration(migrations.Migration):
    atomic = False  # each step by itself, so that no lock is held while papers are indexed

    dependencies = [("papers", "0015_roles_hidden_tweets")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop, atomic=True)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        (
                            "paper",
                            models.OneToOneField(
                                db_column="rowid",
                                on_delete=models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_entry",
                                serialize=False,
                                to="papers.paper",
                            ),
                        )
                    ],
                    options={"db_table": "papers_search", "default_permissions": ()},
                )
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(release, atomic=True)],
            state_operations=[migrations.DeleteModel(name="SearchText")],
        ),
    ]
