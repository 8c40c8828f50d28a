from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_pgp_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="allows_logo",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="organisation",
            name="may_be_named",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("allows_logo", False), ("may_be_named", True), _connector="OR"),
                name="organisation_shows_no_logo_without_a_name",
            ),
        ),
    ]
