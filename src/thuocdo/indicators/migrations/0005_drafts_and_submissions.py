"""What people enter on its way to its final form: rules of entry, drafts, submissions, returned values, exceptions."""

import django.db.models.deletion
from django.db import migrations, models

from thuocdo.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_first_versions"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntryRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("approved", "Approved"),
                            ("accepted", "Accepted"),
                        ],
                        max_length=9,
                    ),
                ),
                ("is_late", models.BooleanField(default=False)),
                ("submitted_at", models.DateTimeField()),
                ("submitted_by", models.CharField(max_length=80)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("approved_by", models.CharField(blank=True, max_length=80)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_by", models.CharField(blank=True, max_length=80)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="organisations.body"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message", models.CharField(max_length=500)),
                ("returned_at", models.DateTimeField()),
                ("returned_by", models.CharField(max_length=80)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.indicator"
                    ),
                ),
                (
                    "measurement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.measurement",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returned", to="indicators.submission"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SubmissionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("message", models.CharField(blank=True, max_length=500)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="indicators.submission"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10)),
                ("text", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("value", "Value"), ("null", "Null"), ("not_applicable", "Not Applicable")],
                        default="value",
                        max_length=14,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("edited_at", models.DateTimeField()),
                ("edited_by", models.CharField(max_length=80)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.body"
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="indicators.indicator"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("body", "period", "indicator"), name="draft_once")],
            },
        ),
        migrations.CreateModel(
            name="EntryException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10)),
                ("until", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("granted_at", models.DateTimeField()),
                ("granted_on", models.DateField()),
                ("granted_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.body"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["body", "period"], name="entry_exception_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("granted_on"))), name="entry_exception_has_a_term"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="entry_exception_says_why"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["stage", "submitted_at"], name="submission_by_stage"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("body", "period"), name="submission_once"),
        ),
        migrations.AddConstraint(
            model_name="returnedfigure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("submission", "indicator"),
                name="returned_figure_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnedfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("message", ""), _negated=True), name="returned_figure_says_why"
            ),
        ),
        AppendOnly("indicators_submissionstep"),
    ]
