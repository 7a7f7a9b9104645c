from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('queueing', '0044_saturday_orders'),
    ]

    operations = [
        migrations.AddField(
            model_name='queuenumber',
            name='awaited_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='queuenumber',
            name='calls_before',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
