"""Changes of the calendar of late are carried over from the log."""

from django.db import migrations

# Rises of quota are measured by 30 days, and what was cut off was looked for in 7.
FILL = """
INSERT INTO offices_calendarchange (
    office_id, first_day, last_day, weekday, act, before, is_approved, officer_id, made_at,
    followed_at
)
SELECT
    office.id,
    (change.detail ->> 'first_day')::date,
    (change.detail ->> 'last_day')::date,
    (change.detail ->> 'weekday')::smallint,
    change.act,
    coalesce(change.detail -> 'before', '[]'),
    coalesce((change.detail ->> 'approved')::boolean, false),
    officer.id,
    change.at,
    coalesce(
        (
            SELECT min(done.at) FROM kernel_auditevent done
            WHERE done.act = 'follow_calendar' AND done.subject = change.subject
            AND done.at >= change.at
            AND done.detail @> jsonb_build_object(
                'change', change.act,
                'first_day', change.detail -> 'first_day',
                'last_day', change.detail -> 'last_day',
                'weekday', change.detail -> 'weekday'
            )
        ),
        CASE WHEN change.at < now() - interval '7 days' THEN change.at END
    )
FROM kernel_auditevent change
JOIN accounts_user officer ON officer.id = change.actor_id
LEFT JOIN offices_office office ON change.subject = 'office:' || office.code
WHERE change.act IN (
    'set_hours', 'end_hours', 'set_special_day', 'lift_special_day', 'confirm_holiday',
    'decline_holiday'
)
AND change.at > now() - interval '30 days'
AND (change.subject = 'nation' OR office.id IS NOT NULL)
AND change.detail ?& ARRAY['first_day', 'last_day', 'weekday']
ORDER BY change.at, change.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0002_log'),
        ('offices', '0017_calendar_changes'),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
