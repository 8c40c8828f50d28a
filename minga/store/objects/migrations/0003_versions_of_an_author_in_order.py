"""The index of an object's publications leads to one author's versions, in their order.

What a reader meets of an object depends on who said it and when it was modified. By the time of
addition alone, each of n versions looked at all the others.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("objects", "0002_publication_clock_starts")]

    operations = [
        migrations.RemoveIndex(model_name="publication", name="publication_of_an_object"),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["stix_id", "lineage", "modified_us", "added_at"],
                name="publication_of_an_object",
            ),
        ),
    ]
