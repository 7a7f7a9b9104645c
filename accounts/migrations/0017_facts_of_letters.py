"""What a letter is laid out from, where that waits until it is sent or shown.

Before the deploy: nothing writes it yet. Workers come before the web servers then: one that
does not know the column would send such a letter without its words.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_addressed_messages")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="facts",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
