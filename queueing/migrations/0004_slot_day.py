"""Slots by day, for questions about a day of the whole country."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queueing", "0003_claims")]

    operations = [
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["day", "office"], name="slot_day"),
        )
    ]
