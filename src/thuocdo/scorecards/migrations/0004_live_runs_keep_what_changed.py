import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scorecards', '0003_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='run',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='scorecards.snapshot'),
        ),
        migrations.AddField(
            model_name='run',
            name='keeps_parts',
            field=models.BooleanField(default=True),
        ),
        migrations.RenameField(
            model_name='standing',
            old_name='parts',
            new_name='heads',
        ),
    ]
