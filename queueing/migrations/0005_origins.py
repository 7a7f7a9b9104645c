"""Where visits were booked from, and when a place was booked rather than held."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_origins'),
        ('queueing', '0004_slot_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='BookingOrigin',
            fields=[
                ('booking', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='origin', serialize=False, to='queueing.booking')),
                ('device', models.CharField(blank=True, default='', max_length=64)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'asal pemesanan',
                'verbose_name_plural': 'asal pemesanan',
            },
        ),
        migrations.AddField(
            model_name='place',
            name='booked_at',
            field=models.DateTimeField(null=True, verbose_name='dipesan'),
        ),
        migrations.AddIndex(
            model_name='bookingorigin',
            index=models.Index(condition=models.Q(('device', ''), _negated=True), fields=['device', '-at'], name='bookingorigin_device'),
        ),
        migrations.AddIndex(
            model_name='bookingorigin',
            index=models.Index(fields=['address', '-at'], name='bookingorigin_address'),
        ),
        migrations.AddIndex(
            model_name='bookingorigin',
            index=models.Index(fields=['at'], name='bookingorigin_at'),
        ),
    ]
