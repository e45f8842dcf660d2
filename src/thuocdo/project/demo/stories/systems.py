"""One task in several systems: identifiers, a remembered way to read a foreign list, lists handed on, the burden."""

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import machine
from thuocdo.engine.calendars import quarter_of
from thuocdo.exchanges.operations.counting import count_burden
from thuocdo.exchanges.operations.delivering import deliver
from thuocdo.exchanges.operations.identifiers import set_identifier
from thuocdo.exchanges.operations.mappings import remember_columns
from thuocdo.exchanges.queries.burden import quarters_back
from thuocdo.exchanges.queries.identifiers import bearing, systems
from thuocdo.tasks.files import Cover
from thuocdo.tasks.lifecycle import OPEN
from thuocdo.tasks.queries import visible_to

from .stage import Acts, Stage

# So many tasks of the ministry stand in other systems as well, every third of them in a second one.
NAMED = 12
# What a list from another system is headed there.
HEADINGS = ["TT", "Mã định danh", "Đầu việc", "Hạn cuối", "Đơn vị đầu mối", "Mức hoàn thành (%)", "Đã làm được"]
COLUMNS = {"external": 1, "title": 2, "deadline": 3, "lead": 4, "progress": 5, "result": 6}


def one_task_in_several_systems(stage: Stage) -> Acts:
    """The ministry names its tasks as two national systems do, remembers their list, and hands its own on to both."""
    at = yield -10
    first, second, *_others = systems()
    focal, body = stage.focal("BTP", at), stage.body("BTP")
    owed = visible_to(focal).filter(lead=body, state__in=sorted(OPEN)).order_by("code")
    for place, task in enumerate(owed[:NAMED]):
        set_identifier(actor=focal, at=at, task=task, system=first, value=f"57-{task.code[3:7]}-{2_040 + 7 * place}")
        if place % 3 == 0:
            set_identifier(actor=focal, at=at, task=task, system=second, value=f"NQ71.{310 + place}")
    remember_columns(
        actor=focal, at=at, body=body, name="Bản kê tháng của Hệ thống 57", headings=HEADINGS, columns=COLUMNS,
        system=first,
    )  # fmt: skip
    at = yield -2
    for system in (first, second):
        actor = stage.focal("BTP", at)
        named = visible_to(actor).filter(bearing(system)).order_by("code")
        deliver(actor=actor, at=at, system=system, tasks=named, cover=Cover(body.name, localdate(at)))


def what_reporting_costs(stage: Stage) -> Acts:
    """The machine has counted every quarter of the year."""
    at = yield 0
    for period in quarters_back(quarter_of(localdate(at)), 5):
        count_burden(actor=machine("burden", localdate(at)), at=at, period=period)
