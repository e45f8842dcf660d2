"""docs/api.md keeps its word: its examples are run against a real server, and every error code stands in it."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import thuocdo
from tests.indicators.figures import load_figures
from tests.serving import site
from tests.tasks.samples import given
from tests.world import NOW, recall_world
from thuocdo.accounts.operations import issue_key

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_BLOCK = re.compile(r"^```(\w+)( setup)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Modules that answer a source system.
ANSWERING = ("indicators/operations/*.py", "api/v1/*.py", "api/v1/tasks/*.py")
# What stands behind the calls that move tasks: each of its refusals names its code.
MOVING = (
    "tasks/operations/*.py",
    "tasks/operations/structure/products.py",
    "tasks/operations/structure/milestones.py",
    "tasks/files/contents.py",
    "tasks/files/evidence.py",
)
# Of what no call of the interface does.
ELSEWHERE = (
    "fields",
    "matching",
    "programmes",
    "saved_lists",
    "erasing",
    "remarks",
    "returning",
    "reopening",
    "many",
    "confirming",
    "succession",
)


def blocks() -> list[tuple[str, str]]:
    """The examples in their order: language and text; what only sets the reader's variables is left out."""
    return [(found[1], found[3]) for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")) if not found[2]]


@pytest.fixture
def environment(own_database: str) -> Iterator[dict[str, str]]:
    """A running instance with the dictionary of the tests, and the key of a source system of Hà Nội."""
    world = recall_world()
    load_figures(world)
    _key, token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng dịch vụ công")
    given(world, "01")
    _key, tasks = issue_key(
        actor=world.machine, at=NOW, body=world.body("01"), title="Phần mềm điều hành", scopes=["tasks:report"]
    )
    with site(own_database) as address:
        yield os.environ | {
            "THUOCDO_URL": address, "THUOCDO_KEY": token, "THUOCDO_TASKS_KEY": tasks, "PYTHONUTF8": "1"
        }  # fmt: skip


def _known(name: str, value: object) -> object:
    if name == "address":
        return str(value).rpartition("/")[0]
    return value is not None if name in ("ledger", "batch") else value


def without_ledger(answer: object) -> object:
    """An answer without the numbers that differ from instance to instance."""
    if isinstance(answer, dict):
        return {name: _known(name, value) for name, value in answer.items()}
    return answer


def test_the_examples_work_in_their_order(environment: dict[str, str]) -> None:
    if shutil.which("curl") is None:
        pytest.skip("NO CURL: the examples of docs/api.md for the shell did not run.")
    answer = ""
    ran = {"sh": 0, "python": 0, "json": 0}
    for language, text in blocks():
        ran[language] += 1
        if language == "json":
            assert without_ledger(json.loads(answer)) == without_ledger(json.loads(text))
            continue
        command = ["bash", "-euc", text] if language == "sh" else [sys.executable, "-c", text]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        answer = done.stdout
        if "THUOCDO_TASKS_KEY" in text:
            assert "problem:" not in answer, answer
        if language == "python":
            assert answer.startswith("1 recorded, ledger entry ")
    assert ran == {"sh": 8, "python": 1, "json": 4}


def codes_of(path: Path) -> set[str]:
    """Every error code that a module can answer with: the second text given to Wrong, the third to RowError, …"""
    place = {"Wrong": 1, "RowError": 2, "_refused": 1, "Unreadable": 1, "TooLarge": 1, "Refused": 1}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in place:
            code = node.args[place[node.func.id]] if len(node.args) > place[node.func.id] else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                found.add(code.value)
    return found


def test_every_error_code_is_explained() -> None:
    root = Path(thuocdo.__file__).parent
    modules = [path for pattern in ANSWERING for path in root.glob(pattern)]
    # A period's own codes are given by the calendar.
    codes = set().union(*map(codes_of, modules)) | {"period_format", "period_date"}
    assert len(codes) > 30
    text = PAGE.read_text(encoding="utf-8")
    assert {code for code in codes if f"`{code}`" not in text} == set()


def codes_of_refusals(path: Path) -> set[str]:
    """Every code with which an operation on tasks, or the check of a file, refuses."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        given_codes = [one.value for one in node.keywords if one.arg == "code"]
        if isinstance(node.func, ast.Name) and node.func.id == "FileRefused":
            given_codes.append(node.args[0])
        for code in given_codes:
            choices = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
            found |= {one.value for one in choices if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_refusal_of_a_task_is_explained() -> None:
    root = Path(thuocdo.__file__).parent
    modules = [path for pattern in MOVING for path in root.glob(pattern) if path.stem not in ELSEWHERE]
    codes = set().union(*map(codes_of_refusals, modules))
    assert len(codes) > 40
    text = PAGE.read_text(encoding="utf-8")
    assert {code for code in codes if f"`{code}`" not in text} == set()
