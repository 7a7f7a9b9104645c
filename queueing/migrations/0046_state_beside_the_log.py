"""Why an hour was set by hand, and who left a number: columns beside the log."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('queueing', '0045_calls_since_put_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='queuenumber',
            name='left_people',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='slot',
            name='by_hand_note_id',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='slot',
            name='by_hand_reason',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=60),
        ),
    ]
