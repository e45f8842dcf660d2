"""Writes down the definitions that were loaded before versions were kept, each as the version that it is."""

from typing import Any

from django.db import migrations

WORDS = ("title", "title_en", "definition", "definition_en", "unit", "unit_en", "direction", "comparator", "frequency",
         "provenance_expected", "openness", "applies_to", "derived_from")  # fmt: skip
NUMBERS = ("lower", "upper", "target", "tolerance")


def _written(value: Any) -> str | None:
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_down(apps: Any, schema_editor: Any) -> None:
    """One version of every indicator there is; when it was written down first is not known any more."""
    from django.utils import timezone

    indicators, versions = apps.get_model("indicators", "Indicator"), apps.get_model("indicators", "IndicatorVersion")
    now = timezone.now()
    versions.objects.bulk_create(
        [
            versions(
                indicator=row,
                version=row.version,
                valid_from=row.valid_from,
                digest=row.digest,
                content={
                    **{name: getattr(row, name) for name in WORDS},
                    **{name: _written(getattr(row, name)) for name in NUMBERS},
                    "owner": row.owner.code if row.owner_id else "",
                },
                recorded_at=now,
                recorded_by="system:migration",
            )
            for row in indicators.objects.select_related("owner")
        ]
    )


class Migration(migrations.Migration):

    dependencies = [
        ("indicators", "0003_dictionary_to_the_full"),
    ]

    operations = [
        migrations.RunPython(write_down, migrations.RunPython.noop),
    ]
