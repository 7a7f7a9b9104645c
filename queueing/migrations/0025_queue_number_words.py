"""A turn is what an account draws in line; what a counter calls is a queue number."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

BY_STATE = (
    Q(state__in=["WAITING", "HELD"], counter=None, ended_at=None)
    | Q(
        state__in=["CALLED", "SERVING"],
        counter__isnull=False,
        officer__isnull=False,
        calls__gt=0,
        called_at__isnull=False,
        ended_at=None,
    )
    | Q(state__in=["DONE", "GONE"], ended_at__isnull=False)
)
OLD = ["one_per_number", "one_open_per_booking", "one_per_counter", "letter_known"]
OLD += ["counter_by_state"]


class Migration(migrations.Migration):

    dependencies = [
        ('queueing', '0024_closed_slots'),
        ('offices', '0010_words_for_officers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(migrations.RemoveConstraint('turn', f'turn_{name}') for name in OLD),
        migrations.RemoveConstraint('turncount', 'turncount_one_per_letter'),
        migrations.RenameModel('Turn', 'QueueNumber'),
        migrations.RenameModel('TurnCount', 'NumberCount'),
        migrations.AlterField(
            model_name='queuenumber',
            name='booking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_numbers', to='queueing.booking'),
        ),
        migrations.AlterField(
            model_name='queuenumber',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_numbers', to='offices.office'),
        ),
        migrations.AddConstraint(
            model_name='numbercount',
            constraint=models.UniqueConstraint(fields=('office', 'day', 'letter'), name='numbercount_one_per_letter'),
        ),
        migrations.AddConstraint(
            model_name='queuenumber',
            constraint=models.UniqueConstraint(fields=('office', 'day', 'letter', 'number'), name='queuenumber_one_per_number'),
        ),
        migrations.AddConstraint(
            model_name='queuenumber',
            constraint=models.UniqueConstraint(condition=Q(state__in=['WAITING', 'CALLED', 'HELD', 'SERVING']), fields=('booking',), name='queuenumber_one_open_per_booking'),
        ),
        migrations.AddConstraint(
            model_name='queuenumber',
            constraint=models.UniqueConstraint(condition=Q(state__in=['CALLED', 'SERVING']), fields=('office', 'day', 'counter'), name='queuenumber_one_per_counter'),
        ),
        migrations.AddConstraint(
            model_name='queuenumber',
            constraint=models.CheckConstraint(condition=Q(letter__in=['A', 'P', 'L']), name='queuenumber_letter_known'),
        ),
        migrations.AddConstraint(
            model_name='queuenumber',
            constraint=models.CheckConstraint(condition=BY_STATE, name='queuenumber_counter_by_state'),
        ),
    ]
