"""The log is shown newest first; without this, each page of it sorts the whole table."""

from django.db import migrations, models

INDEX = "CREATE INDEX auditevent_at ON kernel_auditevent (at DESC, id DESC);"


class Migration(migrations.Migration):

    dependencies = [("kernel", "0002_log")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # On a partitioned table; partitions to come get it with their making.
            database_operations=[migrations.RunSQL(INDEX, "DROP INDEX auditevent_at;")],
            state_operations=[
                migrations.AddIndex(
                    model_name="auditevent",
                    index=models.Index(fields=["-at", "-id"], name="auditevent_at"),
                ),
            ],
        ),
    ]
