"""What reporting costs, counted from what was recorded: fields that people filled, and those they were spared."""

import time_machine

from tests.tasks.lists import RESULT, edited
from tests.tasks.samples import evidence, given, reported, taken_on
from tests.world import NOW, TODAY, World
from thuocdo.engine.calendars import quarter_of
from thuocdo.exchanges.jobs.burden import count
from thuocdo.exchanges.models import BurdenCount
from thuocdo.exchanges.operations.counting import count_burden
from thuocdo.exchanges.operations.delivering import deliver
from thuocdo.exchanges.operations.rates import load_rates
from thuocdo.exchanges.queries.burden import burden_by_body, burden_of
from thuocdo.project.packs.reading import open_pack
from thuocdo.tasks.files import Cover
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import report_progress

from .scenes import brought, register, written

PERIOD = quarter_of(TODAY)


def counted(world: World) -> dict[tuple[str, str], int]:
    """Kind and way of what the Ministry of Justice filled."""
    count_burden(actor=world.machine, at=NOW, period=PERIOD)
    return burden_of(world.bodies["BTP"], PERIOD.label).counts


def test_reports_files_lists_and_deliveries_are_counted_each_once(world: World) -> None:
    load_rates(actor=world.machine, at=NOW, document=open_pack("nq57").toml("reporting_burden.toml"))
    ht57, _nq71 = register(world)
    task = taken_on(world)
    lan = world.actor("lan")
    assert counted(world) == {}
    report_progress(actor=lan, at=NOW, task=task, text="Đang làm", progress=40, files=[evidence()])
    assert counted(world) == {("progress", "typed"): 1, ("text", "typed"): 1, ("file", "typed"): 1}
    # A list in our own layout costs its changed cells; its report is not counted as typed on the page, too.
    written(world, brought(world, edited({(0, RESULT): "Thêm nữa"})))
    both = counted(world)
    assert both == {("progress", "typed"): 1, ("text", "typed"): 1, ("file", "typed"): 1, ("cell", "typed"): 1}
    # The same list for the same system twice in a quarter spares its cells once.
    for _time in range(2):
        deliver(actor=lan, at=NOW, system=ht57, tasks=Task.objects.all(), cover=Cover("", TODAY))
    assert counted(world) == both | {("cell", "handed_on"): 2}
    burden = burden_of(world.bodies["BTP"], PERIOD.label)
    # 1 percent, 5 a text, 4 a file, 2 a cell, as published.
    assert (burden.typed, burden.typed_minutes) == (4, 1 + 5 + 4 + 2)
    assert (burden.spared, burden.spared_minutes) == (2, 4)
    assert counted(world) == both | {("cell", "handed_on"): 2}


def test_a_list_of_another_system_was_typed_there(world: World) -> None:
    register(world)
    given(world, title="Việc")
    heads = ["STT", "Mã trên HT57", "Nhiệm vụ", "Thời hạn", "Cơ quan chủ trì", "Tiến độ", "Kết quả hiện tại"]
    task = Task.objects.get()
    due = f"{task.due_on:%d/%m/%Y}" if task.due_on else task.deadline_raw
    cells = [heads, [1, "A1", task.title, due, task.lead.name, 0.3, "Làm ở hệ thống kia"]]
    run = written(world, brought(world, cells))
    assert run.changed == 1
    assert counted(world) == {("cell", "taken_over"): 2}


def test_the_machine_counts_by_itself_and_everybody_sees_their_own(world: World) -> None:
    reported(world)
    with time_machine.travel(NOW, tick=False):
        count.call()
    assert set(BurdenCount.objects.values_list("period", "body__code")) == {(PERIOD.label, "BTP")}
    assert [body.code for body in burden_by_body(world.actor("lan"), PERIOD.label)] == ["BTP"]
    assert burden_by_body(world.actor("an"), PERIOD.label) == {}
