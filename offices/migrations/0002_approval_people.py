from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="people",
            field=models.PositiveIntegerField(default=0, db_default=0, verbose_name="orang"),
        ),
    ]
