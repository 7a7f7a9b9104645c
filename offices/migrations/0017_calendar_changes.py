"""Changes of the calendar become rows."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0016_fill_approval_about'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(null=True)),
                ('weekday', models.PositiveSmallIntegerField(null=True)),
                ('act', models.CharField(max_length=60)),
                ('before', models.JSONField(default=list)),
                ('is_approved', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('followed_at', models.DateTimeField(null=True)),
                ('office', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calendar_changes', to='offices.office')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('followed_at', None)), fields=['id'], name='calendarchange_unfollowed'), models.Index(fields=['office', 'made_at'], name='calendarchange_office')],
            },
        ),
    ]
