"""Indexes and a foreign key that only repeat others go: each booking was written into all of them.

Nobody looks for a part of a code (``_like``), an index of several columns finds by its first, and
place_person_is_applicants looks for the applicant as well. Beside whoever writes; before or after
the deploy.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# By name, the table and the columns with which one is made again.
GO = {
    "queueing_booking_code_3a09ea79_like": "queueing_booking (code varchar_pattern_ops)",
    "queueing_booking_account_id_e7771113": "queueing_booking (account_id)",
    "queueing_place_booking_id_7deb39c9": "queueing_place (booking_id)",
}
APPLICANT = "queueing_place_applicant_id_1fd89125_fk_accounts_applicant_id"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("queueing", "0035_fenced_steps")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                *(
                    migrations.RunSQL(
                        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {columns}",
                    )
                    for name, columns in GO.items()
                ),
                migrations.RunSQL(
                    f"ALTER TABLE queueing_place DROP CONSTRAINT IF EXISTS {APPLICANT}",
                    f"ALTER TABLE queueing_place ADD CONSTRAINT {APPLICANT}"
                    " FOREIGN KEY (applicant_id) REFERENCES accounts_applicant (id)"
                    " DEFERRABLE INITIALLY DEFERRED",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="booking",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="place",
                    name="booking",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="queueing.booking",
                    ),
                ),
                migrations.AlterField(
                    model_name="place",
                    name="applicant",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="accounts.applicant",
                    ),
                ),
            ],
        )
    ]
