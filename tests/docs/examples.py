"""The worked examples of the method pages: the fences of a page, read and made whole."""

import csv
import re
import tomllib
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "method"
FENCE = re.compile(r"^```(toml \w+|csv \w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Columns of the data that are no indicators where an example lists none.
BESIDE = ("unit", "peer_group")
Table = list[dict[str, str]]


@dataclass
class Example:
    """A scorecard, its data, what changes in it, and the tables that the page promises."""

    page: str
    line: int
    spec: str
    data: str = ""
    later_spec: str = ""
    later_data: str = ""
    supposed: str = ""
    promised: list[tuple[str, Table]] = field(default_factory=list)

    def whole(self, *, later: bool = False) -> str:
        """The scorecard with what the page leaves out: its name, and the plain tree of one node."""
        text = (later and self.later_spec) or self.spec
        stated = tomllib.loads(text)
        head = "" if "id" in stated else 'id = "example"\n'
        if "node" not in stated:
            text += '\n[[node]]\ncode = "index"\n'
        if "indicator" not in stated:
            columns = next(csv.reader(StringIO(self.data)))
            codes = [code for code in columns if code not in BESIDE and not code.endswith(".provenance")]
            text += "".join(f'\n[[indicator]]\ncode = "{code}"\nparent = "index"\n' for code in codes)
        return head + text


def examples() -> list[Example]:
    """Every example of every page, in the order of the pages."""
    found: list[Example] = []
    for page in sorted(PAGES.glob("*.md")):
        text, current = page.read_text(encoding="utf-8"), None
        for fence in FENCE.finditer(text):
            kind, body = fence[1], fence[2]
            if kind == "toml spec":
                current = Example(page.name, text[: fence.start()].count("\n") + 1, body)
                found.append(current)
            elif current is None:
                continue
            elif kind == "toml later":
                current.later_spec = body
            elif kind == "toml supposed":
                current.supposed = body
            elif kind == "csv data":
                current.data = body
            elif kind == "csv later":
                current.later_data = body
            elif kind.startswith("csv "):
                current.promised.append((kind.removeprefix("csv "), list(csv.DictReader(StringIO(body)))))
    return found
