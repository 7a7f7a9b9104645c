from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offices", "0013_relocations")]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="told",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=3000, verbose_name="isi permintaan"
            ),
        ),
    ]
