"""An address that was changed can be taken back from the former one.

One new table, written only when an address is changed. Before or after the deploy.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_fewer_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former', models.EmailField(max_length=254, verbose_name='alamat sebelumnya')),
                ('at', models.DateTimeField(verbose_name='diganti')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='berakhir')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='address_changes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'penggantian alamat',
                'verbose_name_plural': 'penggantian alamat',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['former'], name='addresschange_former'), models.Index(fields=['at'], name='addresschange_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('former', django.db.models.functions.text.Lower('former')), models.Q(('former', ''), _negated=True)), name='addresschange_former_folded'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('at')), _connector='OR'), name='addresschange_ends_later')],
            },
        ),
    ]
