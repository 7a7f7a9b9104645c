"""A place that was ever booked says when; one that was only held does not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queueing", "0006_book_from_somewhere")]

    operations = [
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('booked_at', None), ('state__in', ['HELD', 'EXPIRED'])), ('state__in', ['CANCELLED', 'VOIDED', 'CLOSED_BY_OFFICE']), models.Q(('booked_at__isnull', False), ('state__in', ['BOOKED', 'CHECKED_IN', 'SERVED', 'MOVED', 'NO_SHOW', 'TURNED_AWAY'])), _connector='OR'), name='place_booked_by_state'),
        ),
    ]
