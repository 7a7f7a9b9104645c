from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("offices", "0014_approval_told_longer")]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="about",
            field=models.JSONField(
                db_default={}, default=dict, editable=False, verbose_name="pokok perkara"
            ),
        ),
    ]
