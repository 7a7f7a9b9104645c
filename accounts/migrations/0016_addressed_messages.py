"""An index of the messages that still say to whom, made beside whoever writes messages."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("accounts", "0015_text_codes")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("to", ""), _negated=True),
                fields=["created_at"],
                name="message_addressed",
            ),
        ),
    ]
