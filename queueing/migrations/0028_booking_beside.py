"""The booking beside another: a family in two neighbouring hours."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queueing", "0027_watches")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="beside",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="queueing.booking",
            ),
        ),
    ]
