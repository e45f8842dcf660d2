"""What a key may do at all, and the person in whose place it acts; keys of the time before send figures only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import thuocdo.accounts.models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_keys_rotate_and_pace")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="scopes",
            field=models.JSONField(default=thuocdo.accounts.models.figures_only),
        ),
        migrations.AddField(
            model_name="apikey",
            name="holder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_keys",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
