"""Indexes that only repeat others go: each letter and each question was written into all of them.

Nobody looks for a part of a code (``_like``), and an index of several columns finds by its first.
Beside whoever writes; before or after the deploy.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# By name, the table and the columns with which one is made again.
GO = {
    "accounts_message_code_d83d9631_like": "accounts_message (code varchar_pattern_ops)",
    "accounts_message_dedup_key_bf070464_like": "accounts_message (dedup_key varchar_pattern_ops)",
    "accounts_message_message_id_7b9a3a75_like": "accounts_message (message_id varchar_pattern_ops)",
    "accounts_message_user_id_de4ba43b": "accounts_message (user_id)",
    "accounts_identitycheck_person_id_d2ae10a1": "accounts_identitycheck (person_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0017_facts_of_letters")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {columns}",
                )
                for name, columns in GO.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="message",
                    name="user",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="identitycheck",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to="accounts.person",
                    ),
                ),
            ],
        )
    ]
