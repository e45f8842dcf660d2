"""The architecture itself: contracts, names, first lines, dependencies with reasons, settings that are documented."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from thuocdo.ledger.events import Event
from thuocdo.project.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "thuocdo"
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "base", "misc", "manager", "service"}


def test_imports_only_go_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-2000:]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_first_line_says_what_the_reader_finds(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip():
        return
    assert docstring, f"{path} has no docstring"


def test_no_module_hides_behind_an_empty_name() -> None:
    named = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert not named & FORBIDDEN_NAMES


@pytest.mark.parametrize("event", list(Event))
def test_events_are_named_room_thing_verbed(event: Event) -> None:
    room, thing, verb = event.value.split(".")
    assert (SOURCE / room).is_dir()
    assert thing
    # Regular verbs, and irregular ones as they come: drawn, found, frozen, made.
    assert verb.endswith(("ed", "wn", "nd", "en")) or verb == "made"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_clock_is_read_in_doors_and_jobs_only(path: Path) -> None:
    room, *rest = path.relative_to(SOURCE).parts
    if room in {"web", "api", "cli", "project"} or (rest and rest[0] in {"jobs.py", "jobs"}):
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"timezone\.(now|localdate|localtime)\(\)|\b(date|datetime)\.(today|now|utcnow)\(|time\.time\(", text
    )


def test_every_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))["project"]
    for dependency in project["dependencies"]:
        place = next(number for number, line in enumerate(lines) if line.strip() == f'"{dependency}",')
        above = [line for line in lines[place - 3 : place] if line.strip().startswith("#")]
        assert above, f"{dependency} stands without a reason"


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "spark.txt"])
def test_pins_carry_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "http://" not in text
    assert "https://" not in text
    assert "index-url" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    assert len(pins) > 30
    for pin in pins:
        assert "==" in pin
        assert "--hash=sha256:" in pin


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    for name in Environment.model_fields:
        assert f"`{name.upper()}`" in text


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.glob("0*.md"):
        assert f"({path.name})" in listed


def test_packs_hold_data_only() -> None:
    assert not list((SOURCE / "packs").rglob("*.py"))
