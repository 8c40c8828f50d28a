from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audiences", "0002_circles_by_rule_and_admission"),
    ]

    operations = [
        migrations.AddField(
            model_name="circle",
            name="pause_days",
            field=models.PositiveSmallIntegerField(default=30),
        ),
    ]
