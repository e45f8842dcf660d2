"""Other systems, their lists, and lists of tasks on their way in."""

from collections.abc import Sequence
from typing import Any

from tests.tasks.lists import saved
from tests.world import NOW, World
from thuocdo.exchanges.models import ImportRun, System
from thuocdo.exchanges.operations.importing import agree, plan_received, receive_list, write_agreed
from thuocdo.exchanges.operations.systems import load_systems

COLUMNS = ("number", "external", "title", "deadline", "lead", "progress", "result")
HEADINGS = ["STT", "Mã trên HT57", "Nhiệm vụ", "Thời hạn", "Cơ quan chủ trì", "Tiến độ", "Kết quả hiện tại"]
# A list of a system whose headings nobody here knows.
STRANGE = ["TT", "Số định danh", "Đầu việc được phân", "Chốt ngày", "Nơi gánh vác", "Đến đâu rồi (%)"]


def register(world: World, *codes: str) -> list[System]:
    """Other systems, each with a column of identifiers."""
    entries = [
        {
            "code": code,
            "name": {"vi": code.upper(), "en": code.upper()},
            "column": [
                {"field": field} if field != "external" else {"field": field, "heading": f"Mã trên {code.upper()}"}
                for field in COLUMNS
            ],
        }
        for code in codes or ("ht57", "nq71")
    ]
    load_systems(actor=world.machine, at=NOW, document={"system": entries})
    return list(System.objects.filter(retired_at=None).order_by("position"))


def brought(world: World, cells: Sequence[Sequence[Any]], person: str = "lan") -> ImportRun:
    """A list that a person brought and that was looked at."""
    run = receive_list(actor=world.actor(person), at=NOW, content=saved(cells), name="danh-sach.xlsx")
    plan_received(at=NOW, number=run.pk)
    run.refresh_from_db()
    return run


def agreed(world: World, run: ImportRun, on_error: Any = "refuse_all", person: str = "lan") -> ImportRun:
    """The list with a yes to what was shown."""
    agree(actor=world.actor(person), at=NOW, run=run, on_error=on_error, mark=run.mark)
    run.refresh_from_db()
    return run


def written(world: World, run: ImportRun, on_error: Any = "refuse_all", person: str = "lan") -> ImportRun:
    """The list agreed to and written."""
    agreed(world, run, on_error, person)
    write_agreed(at=NOW, number=run.pk)
    run.refresh_from_db()
    return run
