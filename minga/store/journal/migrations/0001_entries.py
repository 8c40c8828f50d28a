"""The journal's tables, and the triggers that keep them as they were written.

SQLite loses the triggers of a table that it rebuilds: a later migration that alters a column of
these tables calls `protect` again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PROTECTED = ("journal_entry", "journal_link")
REFUSAL = "The journal is only ever added to."

SQLITE = tuple(
    f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table in PROTECTED
    for verb in ("update", "delete")
)
POSTGRESQL = (
    f"""CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
    END $$""",
    *(
        f"CREATE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()"
        for table in PROTECTED
    ),
    # At the commit, after every other lock: see `minga.store.journal.chain`. The lock's number is
    # that of `minga.store.locks` for the name "chain of the journal".
    """CREATE FUNCTION journal_adds_link() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        number bigint;
        before text;
    BEGIN
        PERFORM pg_advisory_xact_lock(896882668);
        SELECT sequence, digest INTO number, before
            FROM journal_link ORDER BY sequence DESC LIMIT 1;
        before := coalesce(before, repeat('0', 64));
        INSERT INTO journal_link (sequence, entry_id, previous, digest) VALUES (
            coalesce(number, 0) + 1, NEW.id, before,
            encode(sha256(convert_to(before || NEW.content, 'UTF8')), 'hex')
        );
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER journal_entry_is_linked AFTER INSERT ON journal_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_adds_link()""",
)


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the database itself refuse what must never be."""
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_organisations_people_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=160)),
                ("details", models.JSONField(default=dict)),
                ("why", models.TextField(blank=True)),
                ("door", models.CharField(blank=True, max_length=20)),
                ("source", models.CharField(blank=True, max_length=64)),
                ("content", models.CharField(max_length=64)),
                (
                    "key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.key",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal",
                        to="people.organisation",
                    ),
                ),
                (
                    "concerns",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "at"], name="entry_of_organisation"),
                    models.Index(fields=["concerns", "at"], name="entry_concerning"),
                    models.Index(fields=["subject", "at"], name="entry_about"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="journal.entry",
                    ),
                ),
            ],
        ),
        migrations.RunPython(protect),
    ]
