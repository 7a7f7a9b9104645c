"""Why an hour was set by hand, and who left a number: carried over from the log."""

from django.db import migrations

FILL_BY_HAND = """
UPDATE queueing_slot slot
SET by_hand_reason = last.reason, by_hand_note_id = last.note_id
FROM (
    SELECT DISTINCT ON (subject) subject, reason, note_id
    FROM kernel_auditevent
    WHERE act = 'change_capacity'
    ORDER BY subject, at DESC, id DESC
) last
WHERE last.subject = 'slot:' || slot.code AND slot.by_hand_at IS NOT NULL
"""

# A number is taken back on its own day only.
FILL_LEFT = """
UPDATE queueing_queuenumber number
SET left_people = last.people
FROM (
    SELECT DISTINCT ON (booking_id) booking_id, detail -> 'people' AS people
    FROM queueing_bookingevent
    WHERE what = 'LEFT_QUEUE' AND at > now() - interval '3 days'
    ORDER BY booking_id, id DESC
) last
WHERE last.booking_id = number.booking_id AND number.state = 'GONE'
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_log"), ("queueing", "0046_state_beside_the_log")]

    operations = [
        migrations.RunSQL(FILL_BY_HAND, migrations.RunSQL.noop),
        migrations.RunSQL(FILL_LEFT, migrations.RunSQL.noop),
    ]
