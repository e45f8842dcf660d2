"""One task, several systems: what each calls it, lists for each, and lists from each known by identifiers."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.directives.samples import load_sample_groups
from tests.tasks.lists import opened
from tests.tasks.samples import given, reported
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.exchanges.models import DeliveredTask, Identifier, ImportTally, System
from thuocdo.exchanges.operations.delivering import deliver
from thuocdo.exchanges.operations.identifiers import remove_identifier, set_identifier
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.operations.systems import load_systems
from thuocdo.exchanges.queries.identifiers import identifiers_of, systems, tasks_named_like
from thuocdo.ledger.models import Entry
from thuocdo.project.packs.reading import open_pack
from thuocdo.tasks.files import Cover
from thuocdo.tasks.models import Report, Task

from .scenes import brought, register, written


def heads(code: str) -> list[str]:
    """The headings of the list of a registered system."""
    return ["STT", f"Mã trên {code.upper()}", "Nhiệm vụ", "Thời hạn", "Cơ quan chủ trì", "Tiến độ", "Kết quả hiện tại"]


def test_the_register_of_the_pack_is_loaded_once_and_retires_what_is_gone(world: World) -> None:
    document = open_pack("nq57").toml("systems.toml")
    assert len(load_systems(actor=world.machine, at=NOW, document=document)) == 3
    assert load_systems(actor=world.machine, at=NOW, document=document) == []
    load_systems(actor=world.machine, at=NOW, document={"system": document["system"][:1]})
    assert [one.code for one in systems()] == ["ht57"]
    assert System.objects.count() == 3
    with pytest.raises(ExchangeRefused, match="external"):
        load_systems(
            actor=world.machine,
            at=NOW,
            document={"system": [{**document["system"][0], "column": [{"field": "title"}]}]},
        )


def test_a_task_has_one_identifier_in_each_system_and_each_names_one_task(world: World) -> None:
    ht57, nq71 = register(world)
    one, two = given(world), given(world, title="Việc hai")
    lan = world.actor("lan")
    set_identifier(actor=lan, at=NOW, task=one, system=ht57, value=" 57.A  01 ")
    set_identifier(actor=lan, at=NOW, task=one, system=nq71, value="57.a01")
    assert [(row.system.code, row.value) for row in identifiers_of(one)] == [("ht57", "57.A 01"), ("nq71", "57.a01")]
    with pytest.raises(ExchangeRefused, match=f"đã thuộc nhiệm vụ {one.code}"):
        set_identifier(actor=lan, at=NOW, task=two, system=ht57, value="57.a01")
    set_identifier(actor=lan, at=NOW, task=one, system=ht57, value="57.B")
    set_identifier(actor=lan, at=NOW, task=two, system=ht57, value="57.A01")
    # The database itself keeps both rules.
    for values in ({"task": one, "value": "neu", "key": "neu"}, {"task": given(world), "value": "x", "key": "57.b"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Identifier.objects.create(system=ht57, at=NOW, by_label="x", **values)
    assert remove_identifier(actor=lan, at=NOW, task=two, system=ht57) == "57.A01"
    assert tasks_named_like("57.") == [one.pk, one.pk]
    entry = Entry.objects.filter(event="exchanges.identifiers.recorded").latest("number")
    assert "57.A" not in entry.data
    with pytest.raises(NotAllowed):
        set_identifier(actor=world.actor("an"), at=NOW, task=one, system=ht57, value="1")
    for wrong in ("", "   ", "x" * 121):
        with pytest.raises(ExchangeRefused):
            set_identifier(actor=lan, at=NOW, task=one, system=ht57, value=wrong)


def delivered(world: World, system: System, person: str = "lan") -> bytes:
    return deliver(
        actor=world.actor(person), at=NOW, system=system, tasks=Task.objects.order_by("code"), cover=Cover("", TODAY)
    )


def test_a_list_for_a_system_has_its_columns_and_its_identifiers_and_comes_back(world: World) -> None:
    ht57, nq71 = register(world)
    task = reported(world)
    given(world, title="=1+1")
    set_identifier(actor=world.actor("lan"), at=NOW, task=task, system=ht57, value="57-1")
    set_identifier(actor=world.actor("lan"), at=NOW, task=task, system=nq71, value="71-1")
    cells = opened(delivered(world, ht57))
    assert cells[7][:7] == heads("ht57")
    assert (cells[8][1], cells[8][6]) == ("57-1", "Đã rà soát 40 văn bản")
    # A text that a spreadsheet would run stays text.
    assert (cells[9][1], cells[9][2]) == ("", "'=1+1")
    assert DeliveredTask.objects.filter(task=task).values_list("cells", "body__code").get() == (2, "BTP")
    # What comes back unchanged changes nothing; a new result is a report, known by the identifier alone.
    assert brought(world, cells).unchanged == 2
    for row in cells[8:]:
        row[7] = row[8] = ""
    cells[7] = cells[7][:7]
    cells[8][2], cells[8][6] = "Tên khác ở hệ thống ấy", "Xong 80 văn bản"
    run = brought(world, cells[:9])
    assert (run.changed, run.added, run.refused) == (1, 0, 0)
    assert any(task.code in one for one in run.preview["cautions"])
    run = written(world, run)
    assert Report.objects.latest("pk").text == "Xong 80 văn bản"
    task.refresh_from_db()
    assert task.title != "Tên khác ở hệ thống ấy"
    assert ImportTally.objects.get().is_reuse


def row(value: str, title: str, lead: str = "Bộ Y tế", **more: Any) -> list[Any]:
    return [1, value, title, "2030", lead, more.get("progress", ""), more.get("result", "")]


def test_a_list_from_a_system_gives_its_identifiers_to_new_and_known_tasks(world: World) -> None:
    register(world)
    cells = [heads("ht57"), row("A1", "Việc một"), row("A2", "Việc hai"), row("", "Việc ba")]
    run = written(world, brought(world, cells, "thu"), person="thu")
    assert (run.added, run.preview["named"]) == (3, 2)
    assert set(Identifier.objects.values_list("value", "task__title")) == {("A1", "Việc một"), ("A2", "Việc hai")}
    # The task without an identifier gets one when the system gives it one; nothing else is written.
    cells[3][1] = "A3"
    again = brought(world, cells, "thu")
    assert (again.changed, again.added, again.preview["named"]) == (0, 0, 1)
    written(world, again, person="thu")
    assert (Identifier.objects.count(), Task.objects.count()) == (3, 3)
    assert brought(world, cells, "thu").preview["named"] == 0


def test_contradicting_identifiers_are_named_row_by_row(world: World) -> None:
    ht57, _nq71 = register(world)
    first, second = given(world, title="Việc một"), given(world, title="Việc hai")
    lan = world.actor("lan")
    set_identifier(actor=lan, at=NOW, task=first, system=ht57, value="A1")
    columns = [*heads("ht57"), "Mã nhiệm vụ"]
    cells = [
        columns,
        [1, "A1", "", "", "", "", "Đã làm", second.code],
        [2, "A9", "", "", "", "", "Đã làm", first.code],
        [*row("A5", "Việc năm"), ""],
        [*row("A5", "Việc sáu"), ""],
    ]
    run = brought(world, cells, "thu")
    assert run.refused == 3
    assert [(one["row"], one["code"]) for one in run.preview["wrong"]] == [
        (2, "identifier_conflict"),
        # The standing office reports for nobody.
        (3, "not_lead"),
        (3, "identifier_conflict"),
        (5, "identifier_twice"),
    ]
    assert first.code in run.preview["wrong"][0]["message"]
    # Of a task that one may not see, nothing is told.
    (hidden,) = brought(world, [columns, [*row("A1", "Việc một"), ""]], "an").preview["wrong"]
    assert (hidden["code"], first.code in hidden["message"]) == ("unknown", False)
    load_sample_groups(world)
    group = brought(world, [heads("ht57"), row("B1", "Việc của các bộ", "các bộ, ngành")], "thu")
    assert [one["code"] for one in group.preview["wrong"]] == ["identifier_of_group"]


def test_a_list_without_the_column_of_identifiers_is_a_list_like_others(world: World) -> None:
    register(world)
    bare = [cells[:1] + cells[2:] for cells in (heads("ht57"), row("A1", "Việc"))]
    run = brought(world, bare, "thu")
    assert (run.added, run.preview["named"]) == (1, 0)
