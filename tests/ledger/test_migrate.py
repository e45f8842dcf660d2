"""A new database is made in half the time, and has everything that the models declare."""

import gc

from django.apps import apps
from django.core.management import get_commands
from django.db import connection
from django.db.migrations.state import ProjectState

from thuocdo.ledger.management.commands.migrate import NOTED_BY


def there(names: set[str]) -> set[str]:
    """Those of the names under which the database keeps an index or a constraint."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'i' UNION SELECT conname FROM pg_constraint")
            return names & {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        text = " ".join(sql for (sql,) in cursor.fetchall())
        return {name for name in names if f'"{name}"' in text}


def test_a_new_database_has_every_index_and_constraint_of_the_models(db: None) -> None:
    ours = [one._meta for one in apps.get_models() if one.__module__.startswith("thuocdo.")]
    declared = {one.name for meta in ours for one in (*meta.indexes, *meta.constraints)}
    assert len(declared) > 100
    assert declared - there(declared) == set()


def test_migrating_leaves_django_and_the_collector_as_they_were(db: None) -> None:
    assert get_commands()["migrate"] == "thuocdo.ledger"
    assert getattr(ProjectState, NOTED_BY).__module__ == "django.db.migrations.state"
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
