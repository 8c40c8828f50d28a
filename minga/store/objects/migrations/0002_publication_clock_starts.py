"""The publication clock is one row, there from the beginning."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def start(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Make the one row."""
    apps.get_model("objects", "PublicationClock").objects.create(id=1)


class Migration(migrations.Migration):
    dependencies = [("objects", "0001_contributions_versions_publications")]
    operations = [migrations.RunPython(start, migrations.RunPython.noop)]
