from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_names_and_logos_in_public"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="email",
            field=models.EmailField(db_index=True, max_length=254),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("organisation", "email"), name="person_address_once_per_organisation"
            ),
        ),
    ]
