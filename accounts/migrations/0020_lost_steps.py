"""A citizen whose second step is lost has it taken off after some days.

One new table, and a column that may be empty. Before the deploy.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_address_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_by_mail_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='kata sandi lewat e-mail'),
        ),
        migrations.CreateModel(
            name='LostStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_digest', models.CharField(max_length=64)),
                ('code_asked_at', models.DateTimeField()),
                ('code_tries', models.PositiveSmallIntegerField(default=0)),
                ('begun_at', models.DateTimeField(null=True, verbose_name='diminta')),
                ('due_at', models.DateTimeField(null=True, verbose_name='dilepas mulai')),
                ('reminded_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True, verbose_name='berakhir')),
                ('end', models.CharField(blank=True, choices=[('TAKEN_OFF', 'dilepas'), ('LINK', 'dihentikan lewat surat'), ('SIGN_IN', 'dihentikan karena langkah kedua dipakai'), ('DEVICE', 'dihentikan di perangkat yang masuk'), ('CHANGED', 'dihentikan karena akunnya berubah')], default='', max_length=9)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lost_steps', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'langkah kedua yang hilang',
                'verbose_name_plural': 'langkah kedua yang hilang',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['due_at'], name='loststep_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account',), name='loststep_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('begun_at', None), ('due_at', None), ('ended_at', None), ('reminded_at', None)), models.Q(('begun_at__isnull', False), ('due_at__gt', models.F('begun_at'))), _connector='OR'), name='loststep_waits_once_begun'), models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), ('end__in', ['TAKEN_OFF', 'LINK', 'SIGN_IN', 'DEVICE', 'CHANGED'])), _connector='OR'), name='loststep_ends_somehow'), models.CheckConstraint(condition=models.Q(models.Q(('end', 'TAKEN_OFF'), _negated=True), models.Q(('ended_at__gte', models.F('due_at')), ('reminded_at__isnull', False)), _connector='OR'), name='loststep_off_in_time')],
            },
        ),
    ]
