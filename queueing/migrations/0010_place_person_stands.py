"""Every place has its person, and its applicant's row stays at that person for good.

The foreign key held only while a place was live: an ended one followed whatever its
applicant's row said later, so a first right or an undone absence served somebody else.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

FOR_GOOD = """
ALTER TABLE queueing_place DROP CONSTRAINT place_person_is_applicants;
ALTER TABLE queueing_place ADD CONSTRAINT place_person_is_applicants
    FOREIGN KEY (applicant_id, person_id) REFERENCES accounts_applicant (id, person_id);
"""

WHILE_LIVE = """
ALTER TABLE queueing_place DROP CONSTRAINT place_person_is_applicants;
ALTER TABLE queueing_place ADD CONSTRAINT place_person_is_applicants
    FOREIGN KEY (applicant_id, live_person_id) REFERENCES accounts_applicant (id, person_id);
"""

LIVE = ["HELD", "BOOKED", "CHECKED_IN"]
ENDED = [
    "SERVED",
    "EXPIRED",
    "CANCELLED",
    "MOVED",
    "NO_SHOW",
    "TURNED_AWAY",
    "VOIDED",
    "CLOSED_BY_OFFICE",
]


class Migration(migrations.Migration):
    dependencies = [("queueing", "0009_fill_place_person")]

    operations = [
        migrations.AlterField(
            model_name="place",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="accounts.person",
            ),
        ),
        migrations.RunSQL(FOR_GOOD, WHILE_LIVE),
        migrations.RemoveConstraint(model_name="place", name="place_live_by_state"),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=Q(
                    state__in=LIVE,
                    live_person__isnull=False,
                    live_person=F("person"),
                    live_seat__isnull=False,
                    live_seat=F("seat"),
                    ended_at=None,
                )
                | Q(
                    state__in=ENDED,
                    live_person=None,
                    live_seat=None,
                    ended_at__isnull=False,
                ),
                name="place_live_by_state",
            ),
        ),
    ]
