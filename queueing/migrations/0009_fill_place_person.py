"""Places from before: a live one knows its person, an ended one takes its applicant's."""

from django.db import migrations

FILL = """
UPDATE queueing_place place
SET person_id = coalesce(place.live_person_id, applicant.person_id)
FROM accounts_applicant applicant
WHERE applicant.id = place.applicant_id AND place.person_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("queueing", "0008_place_person")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
