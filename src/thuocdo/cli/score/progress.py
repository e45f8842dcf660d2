"""What is being worked on, on one line of a terminal; silent everywhere else."""

import sys
from types import TracebackType
from typing import Self

import click

from thuocdo.cli.score.wording import Words
from thuocdo.engine.scoring.run.recipe import Options


class Progress:
    """A line on stderr that is overwritten as work goes on and wiped at its end."""

    def __init__(self, words: Words, options: Options) -> None:
        self.words = words
        # A plain scoring is over before anybody could read the line.
        self.shown = options.draws and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, stage: str, share: float) -> None:
        """Show a stage and the share of it that is done."""
        if self.shown:
            text = self.words.say(f"stage_{stage}")
            click.echo(f"\r\x1b[K{text} {share:.0%}" if share else f"\r\x1b[K{text}", err=True, nl=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            click.echo("\r\x1b[K", err=True, nl=False)
