"""The commands of `thuocdo`, by name; each is loaded only when it is called."""

import os
from importlib import import_module
from typing import cast

import click

# A name, and where its click command stands.
COMMANDS = {
    "account": "thuocdo.cli.account:account",
    "demo": "thuocdo.project.demo.command:demo",
    "directives": "thuocdo.cli.directives:directives",
    "exchange": "thuocdo.cli.exchange:exchange",
    "extract": "thuocdo.cli.extract:extract",
    "feeds": "thuocdo.cli.feeds:feeds",
    "ledger": "thuocdo.cli.ledger:ledger",
    "migrate": "thuocdo.project.running:migrate",
    "pack": "thuocdo.project.packs.command:pack",
    "push": "thuocdo.cli.push.command:push",
    "score": "thuocdo.cli.score.command:score",
    "serve": "thuocdo.project.running:serve",
    "tasks": "thuocdo.cli.tasks:tasks",
    "work": "thuocdo.project.running:work",
}

# Commands that need neither settings nor a database: Django is not even loaded for them.
WITHOUT_DJANGO = {"push", "score"}
# What a command puts into the environment before the settings are read; its worker inherits it.
ENVIRONMENTS = {"demo": {"THUOCDO_DEMO": "1"}}
# The same, unless somebody has set it: the demonstration keeps away from an instance's own folder.
DEFAULTS = {"demo": {"THUOCDO_HOME": "var/demo"}}


class Commands(click.Group):
    """A group that imports a command when it is asked for, so that no command waits for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        os.environ.update(ENVIRONMENTS.get(cmd_name, {}))
        for variable, value in DEFAULTS.get(cmd_name, {}).items():
            os.environ.setdefault(variable, value)
        if cmd_name not in WITHOUT_DJANGO:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuocdo.project.settings")
            import django

            django.setup()
        module, _, name = place.partition(":")
        return cast("click.Command", getattr(import_module(module), name))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="thuocdo", message="%(prog)s %(version)s")
def main() -> None:
    """Thước Đo: follow what was ordered, measure what came of it."""
