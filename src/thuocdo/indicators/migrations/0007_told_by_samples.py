"""Which indicators are told by a sample, so that the number of observations says how sure a value is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_readings_through_the_interface"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="is_sampled",
            field=models.BooleanField(blank=True, null=True),
        ),
    ]
