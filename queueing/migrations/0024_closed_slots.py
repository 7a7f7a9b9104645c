"""An index of the slots that were closed, made beside whoever opens and closes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("queueing", "0023_offline_walk_ins")]

    operations = [
        AddIndexConcurrently(
            model_name="slot",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["closed_at"],
                name="slot_closed",
            ),
        ),
    ]
