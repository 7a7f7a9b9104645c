"""The public figures of days that are over (docs/figures.md)."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0001_initial'),
        ('queueing', '0010_place_person_stands'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='hari')),
                ('released', models.PositiveIntegerField()),
                ('free', models.PositiveIntegerField()),
                ('booked', models.PositiveIntegerField()),
                ('attended', models.PositiveIntegerField()),
                ('turned_away', models.PositiveIntegerField()),
                ('no_show', models.PositiveIntegerField()),
                ('returned', models.PositiveIntegerField()),
                ('voided', models.PositiveIntegerField()),
                ('closed', models.PositiveIntegerField()),
                ('officer_made', models.PositiveIntegerField()),
                ('walk_in', models.PositiveIntegerField()),
                ('priority', models.PositiveIntegerField()),
                ('counted_at', models.DateTimeField()),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
            ],
            options={
                'verbose_name': 'angka kuota',
                'verbose_name_plural': 'angka kuota',
                'constraints': [models.UniqueConstraint(fields=('office', 'day'), name='dayfigures_one_per_day'), models.CheckConstraint(condition=models.Q(('booked__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('attended'), '+', models.F('turned_away')), '+', models.F('no_show')), '+', models.F('returned')), '+', models.F('closed')))), name='dayfigures_add_up'), models.CheckConstraint(condition=models.Q(('booked__gte', models.F('officer_made')), ('officer_made__gte', models.F('walk_in')), ('released__gte', models.F('free')), ('returned__gte', models.F('voided')), ('booked__gte', models.F('priority'))), name='dayfigures_parts_of_wholes')],
            },
        ),
    ]
