"""The daily heads of the log (docs/log.md), guarded as the log itself is."""

from django.db import migrations, models

GUARD = """
SELECT kernel_guard_rows('kernel_ledgerhead');
SELECT kernel_guard_truncate('kernel_ledgerhead');
"""
UNGUARD = """
DROP TRIGGER append_only ON kernel_ledgerhead;
DROP TRIGGER append_only_truncate ON kernel_ledgerhead;
"""


class Migration(migrations.Migration):

    dependencies = [('kernel', '0003_auditevent_at')]

    operations = [
        migrations.CreateModel(
            name='LedgerHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('stream', models.CharField(max_length=40)),
                ('seq', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('taken_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['stream', 'seq'], name='ledgerhead_stream')],
                'constraints': [models.UniqueConstraint(fields=('day', 'stream'), name='ledgerhead_one_per_day')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
