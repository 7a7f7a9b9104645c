"""An hour says whether an officer has set its seats, so that a new calendar leaves them.

Before the deploy: the code that runs meanwhile knows nothing of it and leaves it empty.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("queueing", "0014_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name='slot',
            name='by_hand_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
