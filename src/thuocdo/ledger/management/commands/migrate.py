"""Django's migrate, in half the processor's time where the database is new, as it is for every test run and trial."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

# Each step of a migration builds dozens of model classes anew, all of which live on; looked through at every 700 new
# objects, they cost more than the migrating. So many new objects come to some 150 MB.
NEW_OBJECTS = (100_000, 50, 100)
# What Django calls for a new index or constraint; no public name says it.
NOTED_BY = "_append_option"


class Command(DjangosMigrate):
    """Brings the database to the newest form."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's command does."""
        is_new = not MigrationRecorder(connections[options["database"]]).has_table()
        if not is_new or options["app_label"]:
            super().handle(*args, **options)
            return
        with _rarely_collected(), _indexes_noted_in_place():
            super().handle(*args, **options)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Within the block, garbage is looked for rarely, and never among what was there before."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*NEW_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
        gc.collect()


@contextmanager
def _indexes_noted_in_place() -> Iterator[None]:
    djangos = getattr(ProjectState, NOTED_BY)
    setattr(ProjectState, NOTED_BY, _append_option)
    try:
        yield
    finally:
        setattr(ProjectState, NOTED_BY, djangos)


def _append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: Any) -> None:
    """Note a new index or constraint where it belongs, as Django does, but in the model that is there.

    Django builds the model and all that refer to it anew, although nobody who refers to a model sees its indexes. An
    earlier state would show them, too; it is looked at only by migrating backwards, which a new database never does.
    """
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in state.__dict__:
        meta = state.apps.get_model(app_label, model_name)._meta  # noqa: SLF001 (Django's own name)
        setattr(meta, option_name, [*getattr(meta, option_name), added])
