"""The commands of `thuocdo`, by name; each is loaded only when it is called."""

import os
from importlib import import_module
from typing import NamedTuple, cast

import click

from .loading import without_collection


class Place(NamedTuple):
    """Where a click command stands, and how its help begins: told without loading it."""

    address: str
    summary: str


COMMANDS = {
    "account": Place("thuocdo.cli.account:account", "People, their roles and the keys of source systems."),
    "demo": Place("thuocdo.project.demo.command:demo", "Load an invented year of a nation and serve it."),
    "directives": Place("thuocdo.cli.directives:directives", "Văn bản chỉ đạo đã tiếp nhận."),
    "exchange": Place("thuocdo.cli.exchange:exchange", "Trao đổi với bản Thước Đo cấp trên."),
    "extract": Place(
        "thuocdo.cli.extract:extract", "Đọc văn bản chỉ đạo (docx, pdf, txt) và liệt kê các nhiệm vụ được giao."
    ),
    "feeds": Place(
        "thuocdo.cli.feeds:feeds", "Nguồn dữ liệu: tiếp nhận sự kiện từ tệp, theo dõi thư mục, tính lại số liệu."
    ),
    "ledger": Place("thuocdo.cli.ledger:ledger", "The record of everything that was written."),
    "migrate": Place("thuocdo.project.running:migrate", "Bring the database to the newest form."),
    "pack": Place("thuocdo.project.packs.command:pack", "Packs: the data of a programme."),
    "push": Place("thuocdo.cli.push.command:push", "Send a table of figures (csv, xlsx, parquet) to an instance."),
    "score": Place("thuocdo.cli.score.command:score", "Tính điểm và xếp hạng từ tệp phương pháp SPEC.toml."),
    "serve": Place("thuocdo.project.running:serve", "Serve the pages and the programming interface."),
    "tasks": Place(
        "thuocdo.cli.tasks:tasks", "Danh sách nhiệm vụ theo mẫu báo cáo chính thức: xuất ra, sửa, nhập lại."
    ),
    "work": Place("thuocdo.project.running:work", "Do the jobs that entries of the ledger and the schedule ask for."),
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
        module, _, name = place.address.partition(":")
        with without_collection():
            if cmd_name not in WITHOUT_DJANGO:
                os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuocdo.project.settings")
                import django

                django.setup()
            return cast("click.Command", getattr(import_module(module), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in self.list_commands(ctx)])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="thuocdo", message="%(prog)s %(version)s")
def main() -> None:
    """Thước Đo: follow what was ordered, measure what came of it."""
