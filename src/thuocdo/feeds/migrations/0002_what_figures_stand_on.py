from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feeds", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="feedstate",
            name="standing",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
