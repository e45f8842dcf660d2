"""Two real instances report to each other through a week of outages: nothing is lost and nothing is done twice."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tests.conftest import _administer
from tests.exchanges.broken_line import FAULTS, broken_line
from tests.serving import site
from tests.tasks.samples import given, word_file
from tests.world import NOW, World, recall_world
from thuocdo.accounts.operations import issue_key
from thuocdo.client import Client, Patience, Unwelcome
from thuocdo.exchanges.models import Mirror, Outgoing, Parent, SentFile
from thuocdo.exchanges.operations.partners import PartnerRefused, pair, set_paused, sync
from thuocdo.exchanges.operations.partners.orders import take_order
from thuocdo.exchanges.partner_keys import key_of
from thuocdo.exchanges.queries.orders import orders_after
from thuocdo.exchanges.queries.partners import standings
from thuocdo.ledger.queries import first_broken_entry
from thuocdo.tasks.models import Evidence, Report, Task

CHILD = ("tasks:report", "figures:write")


def token_for(world: World, body: str, *scopes: str, holder: str = "") -> str:
    person = world.people[holder] if holder else None
    _key, token = issue_key(
        actor=world.machine, at=timezone.now(), body=world.body(body), title="Khóa", scopes=scopes, holder=person,
        calls_per_minute=100_000,
    )  # fmt: skip
    return token


@contextmanager
def copy_of(database: str) -> Iterator[str]:
    """The address of a second database, with what is in this one."""
    from django.db import connection

    name = f"own_{uuid4().hex[:12]}"
    if connection.vendor == "sqlite":
        path = Path(os.environ["THUOCDO_HOME"]) / f"{name}.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        try:
            yield f"sqlite:///{path}"
        finally:
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink()
    else:
        here = str(connection.settings_dict["NAME"])
        connection.close()
        _administer(f'CREATE DATABASE "{name}" TEMPLATE "{here}"')
        try:
            yield urlsplit(database)._replace(path=f"/{name}").geturl()
        finally:
            _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


class Side:
    """Calls to one instance by people's keys, in good order."""

    def __init__(self, address: str, tokens: dict[str, str]) -> None:
        self.clients = {name: Client(address, token, patience=Patience(attempts=2)) for name, token in tokens.items()}

    def task(self, who: str, code: str) -> Any:
        return self.clients[who].call("GET", f"/api/v1/tasks/{code}")

    def tasks(self, who: str) -> list[Any]:
        items: list[Any] = self.clients[who].call("GET", "/api/v1/tasks?limit=500")["items"]
        return items

    def act(self, who: str, code: str, what: str, **content: Any) -> Any:
        seen = {}
        if what in ("return", "approval"):
            seen = {"If-Match": f'"{self.task(who, code)["version"]}"'}
        return self.clients[who].call("POST", f"/api/v1/tasks/{code}/{what}", content, headers=seen)

    def order(self, title: str, lead: str, due_on: date) -> str:
        order = {"title": title, "lead": lead, "due_on": due_on.isoformat()}
        code: str = self.clients["thu"].call("POST", "/api/v1/tasks", order)["code"]
        return code


def test_a_week_of_outages_loses_nothing_and_doubles_nothing(own_database: str, tmp_path: Path, settings: Any) -> None:
    world = recall_world()
    settings.PARTNERS_FOLDER = tmp_path / "partners"
    above = {
        "thu": token_for(world, "VPTW", "tasks:assign", holder="thu"),
        "minh": token_for(world, "VPCP", "tasks:judge", holder="minh"),
        "child": token_for(world, "01", *CHILD),
    }
    below = {
        "ha": token_for(world, "01", "tasks:report", holder="ha"),
        "machine": token_for(world, "01", "tasks:report"),
    }
    home = tmp_path / "parent"
    home.mkdir()
    with (
        copy_of(own_database) as parents_database,
        site(parents_database, THUOCDO_HOME=str(home)) as parents_address,
        site(own_database) as childs_address,
        broken_line(parents_address, seed=57) as (line_address, line),
    ):
        parent_side, child_side = Side(parents_address, above), Side(childs_address, below)
        start = timezone.now()
        parent = pair(actor=world.machine, at=start, body=world.body("01"), address=line_address, token=above["child"])
        settle = _rounds(parent)
        codes = [
            parent_side.order(f"Việc {number}", lead, date.today() + timedelta(days=20 + number))  # noqa: DTZ011
            for number, lead in enumerate(["01", "01", "00004", "01", "01", "01"])
        ]
        stranger = parent_side.order("Việc của nơi khác", "48", date.today() + timedelta(days=20))  # noqa: DTZ011
        settle(start, until=lambda: Mirror.objects.filter(task__isnull=False).count() == 6)
        here = dict(Mirror.objects.values_list("remote", "task__code"))
        assert set(here) == set(codes)
        assert stranger not in here

        # Day 1: people take on, report and hand in; some of it in the middle of the outages.
        for code in codes[:5]:
            child_side.act("machine" if code == codes[2] else "ha", here[code], "acceptance")
            child_side.act(
                "machine" if code == codes[2] else "ha", here[code], "reports", text=f"Đã làm {code}", progress=30
            )
        settle(start + timedelta(days=1), rounds=3)
        _hand_in(child_side, here[codes[0]], "một")
        _hand_in(child_side, here[codes[1]], "một")

        # Days 2 to 6: nothing gets through, and on both sides work goes on.
        line.is_down = True
        parent_side.clients["thu"].call(
            "POST", f"/api/v1/tasks/{codes[3]}/extensions",
            {"new_due_on": (date.today() + timedelta(days=60)).isoformat(), "decision_number": "12/QĐ",  # noqa: DTZ011
             "reason": "Chờ luật có hiệu lực"},
        )  # fmt: skip
        parent_side.act("thu", codes[5], "cancellation", reason="Đã thay thế")
        for day in range(2, 6):
            settle(start + timedelta(days=day), rounds=1)
            child_side.act("ha", here[codes[3]], "reports", text=f"Ngày {day}", progress=30 + 10 * day)
        (standing,) = standings(world.machine, at=start + timedelta(days=6))
        assert (standing.state, standing.parent.failure) == ("broken", "unreachable")
        assert standing.waiting >= 5
        # Both sides change one task: here work is reported on what was taken back there.
        child_side.act("ha", here[codes[5]], "acceptance")
        line.is_down = False

        # Day 7: everything arrives, in order; the results are judged, one after a return.
        settle(start + timedelta(days=7), until=lambda: not _waiting())
        assert parent_side.task("minh", codes[0])["state"] == "submitted"
        parent_side.act("minh", codes[0], "approval", note="Đạt")
        parent_side.act("minh", codes[1], "return", note="Thiếu phụ lục")
        settle(start + timedelta(days=7, hours=1), until=lambda: _state(here[codes[1]]) == "returned")
        _hand_in(child_side, here[codes[1]], "hai")
        settle(
            start + timedelta(days=7, hours=2),
            until=lambda: not _waiting() and parent_side.task("minh", codes[1])["state"] == "submitted",
        )
        parent_side.act("minh", codes[1], "approval", note="Đạt")
        line.is_good = True
        settle(start + timedelta(days=8), until=lambda: _state(here[codes[1]]) == "completed", rounds=2)

        for code in codes:
            _compare(parent_side.task("thu", code), child_side.task("ha", here[code]))
        assert len(child_side.tasks("ha")) == 6
        refused = Outgoing.objects.filter(state=Outgoing.State.REFUSED)
        assert list(refused.values_list("mirror__remote", "refusal")) == [(codes[5], "not_in_this_state")]
        # The same bytes prove two results and went up once; the second set is another file.
        assert SentFile.objects.count() == Evidence.objects.values("digest").distinct().count() == 2
        assert first_broken_entry() is None
        assert all(line.happened[fault] for fault in FAULTS), line.happened
        assert line.happened["down"] >= 4


def _hand_in(side: Side, code: str, text: str) -> None:
    kept = side.clients["ha"].send_file(word_file(text), "danh-muc.docx")
    side.act("ha", code, "submissions", text=f"Xong {text}", evidence=[{"sha256": kept["sha256"], "name": "dm.docx"}])


def _rounds(parent: Parent) -> Callable[..., None]:
    def settle(at: datetime, *, rounds: int = 0, until: Callable[[], bool] | None = None) -> None:
        """So many rounds, or as many as it takes: what fails is tried again, as the schedule would do."""
        for number in range(rounds or 60):
            sync(at=at + timedelta(minutes=number), parent=parent)
            if until is not None and not rounds and until():
                return
        assert until is None or until(), "the two sides did not come together"

    return settle


def _waiting() -> bool:
    return Outgoing.objects.filter(state=Outgoing.State.WAITING).exists()


def _state(code: str) -> str:
    return Task.objects.values_list("state", flat=True).get(code=code)


def _compare(theirs: Any, ours: Any) -> None:
    """One task at both ends: the same order, the same state, the same reports with the same evidence, each once."""
    for name in ("title", "due_on", "original_due_on", "state", "percent", "completed_on"):
        assert theirs[name] == ours[name], (theirs["code"], name)
    assert theirs["lead"]["code"] == ours["lead"]["code"]

    def told(task: Any) -> list[Any]:
        return [
            (one["kind"], one["text"], one["percent"], sorted(file["sha256"] for file in one["evidence"]))
            for one in task["reports"]
        ]

    assert told(theirs) == told(ours)
    assert [(one["new_due_on"], one["decision_number"]) for one in theirs["extensions"]] == [
        (one["new_due_on"], one["decision_number"]) for one in ours["extensions"]
    ]


class Fake:
    """A parent that answers as it is told."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []  # type: ignore[var-annotated]

    def call(self, method: str, path: str, *_given: Any, **_named: Any) -> Any:
        self.asked.append((method, path))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def parent(world: World, tmp_path: Path, settings: Any) -> Parent:
    settings.PARTNERS_FOLDER = tmp_path
    return pair(
        actor=world.actor("quan"), at=NOW, body=world.body("01"), address="https://tren.example.gov.vn/",
        token="tdk_0123456789ab_x",
    )  # fmt: skip


def orders(world: World, *tasks: Task) -> list[dict[str, Any]]:
    """What the instance itself would tell a child at Hà Nội, under the codes of another instance."""
    _key, token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="K", scopes=CHILD)
    from thuocdo.accounts.queries import actor_for_key, key_for

    key = key_for(token, at=NOW)
    assert key is not None
    found = orders_after(actor_for_key(key, on=NOW.date()), "", limit=100).items
    return [item | {"id": f"T-{item['id']}"} for item in found if item["id"] in {task.code for task in tasks}]


def answer(*items: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"protocol": 1, "items": list(items), "next": "entry:9", "has_more": False, "as_of": 9} | others


def test_the_key_of_the_parent_lies_in_a_file_and_not_in_the_database(parent: Parent, tmp_path: Path) -> None:
    assert key_of(parent.pk) == "tdk_0123456789ab_x"
    assert (tmp_path / f"parent-{parent.pk}.key").stat().st_mode & 0o777 == 0o600
    assert "tdk_0123456789ab_x" not in json.dumps(list(Parent.objects.values()), default=str)


@pytest.mark.parametrize(
    ("address", "token", "code"),
    [
        ("http://tren.example.gov.vn", "tdk_1_2", "not_https"),
        ("tren.example.gov.vn", "tdk_1_2", "address"),
        ("https://nguoi:mat-khau@tren.example.gov.vn", "tdk_1_2", "address"),
        ("https://tren.example.gov.vn", "tdk_1_2", "paired_before"),
        ("https://khac.example.gov.vn", "mật khẩu", "key_format"),
    ],
)
def test_a_wrong_pairing_is_refused(parent: Parent, world: World, address: str, token: str, code: str) -> None:
    with pytest.raises(PartnerRefused) as refusal:
        pair(actor=world.machine, at=NOW, body=world.body("01"), address=address, token=token)
    assert refusal.value.code == code


def test_a_parent_of_another_version_is_told_apart_and_everything_waits(parent: Parent) -> None:
    for fake in (
        Fake(answer(protocol=2)),
        Fake(Unwelcome(400, {"code": "protocol_unknown", "message": "Bản này trao đổi theo giao thức phiên bản 2"})),
    ):
        done = sync(at=NOW, parent=parent, connected=lambda _parent, fake=fake: fake)  # type: ignore[misc]
        assert done.failure == "other_version"
        parent.refresh_from_db()
        assert parent.not_before is not None
        assert "phiên bản 2" in parent.failure_detail


def test_unknown_fields_are_kept_and_older_answers_change_nothing(parent: Parent, world: World) -> None:
    (item,) = orders(world, given(world, "01", title="Lập danh mục"))
    mirror = take_order(actor=world.machine, at=NOW, parent=parent, item=item | {"colour": "red", "as_of": 20})
    assert (mirror.order["colour"], mirror.problem) == ("red", "")
    late = take_order(actor=world.machine, at=NOW, parent=parent, item=item | {"title": "Bản cũ", "as_of": 19})
    assert mirror.task is not None
    mirror.task.refresh_from_db()
    assert (mirror.task.title, late.as_of) == ("Lập danh mục", 20)
    again = take_order(actor=world.machine, at=NOW, parent=parent, item=item | {"title": "Bản mới", "as_of": 21})
    mirror.task.refresh_from_db()
    assert (mirror.task.title, again.task_id) == ("Bản mới", mirror.task_id)


def test_an_order_that_cannot_be_carried_out_waits_and_holds_no_other(parent: Parent, world: World) -> None:
    first, second = orders(world, given(world, "01", title="Một"), given(world, "01", title="Hai"))
    fake = Fake(answer(first | {"lead": "99"}, {"id": "T-x", "as_of": 3}, second))
    assert sync(at=NOW, parent=parent, connected=lambda _parent: fake).failure == ""  # type: ignore[arg-type,return-value]
    problems = dict(Mirror.objects.values_list("remote", "problem"))
    assert problems == {first["id"]: "unknown_body", "T-x": "unreadable", second["id"]: ""}
    # Once the body is known here, the next round carries the order out.
    Mirror.objects.filter(remote=first["id"]).update(order=first)
    sync(at=NOW, parent=parent, connected=lambda _parent: Fake(answer()))  # type: ignore[arg-type,return-value]
    assert Mirror.objects.get(remote=first["id"]).task is not None


def test_a_task_that_goes_elsewhere_is_taken_back_here(parent: Parent, world: World) -> None:
    (item,) = orders(world, given(world, "01"))
    task = take_order(actor=world.machine, at=NOW, parent=parent, item=item).task
    assert task is not None
    gone = item | {"is_withdrawn": True, "as_of": item["as_of"] + 5}
    take_order(actor=world.machine, at=NOW, parent=parent, item=gone)
    task.refresh_from_db()
    assert task.state == "cancelled"


def test_a_refused_key_stops_the_exchange_until_it_is_renewed(parent: Parent) -> None:
    from thuocdo.client import Unauthorised

    fake = Fake(Unauthorised("Khóa đã thu hồi"))
    assert sync(at=NOW, parent=parent, connected=lambda _parent: fake).failure == "key_refused"  # type: ignore[arg-type,return-value]


def test_what_is_not_ours_to_do_any_more_is_set_aside_and_holds_nothing_up(parent: Parent, world: World) -> None:
    from thuocdo.client import Unauthorised

    (item,) = orders(world, given(world, "01"))
    mirror = take_order(actor=world.machine, at=NOW, parent=parent, item=item)
    for entry in (1, 2):
        Outgoing.objects.create(parent=parent, mirror=mirror, entry=entry, kind="acceptance", at=NOW)
    refusal = Unauthorised("Khóa này không được làm việc này", status=403, code="not_allowed")
    fake = Fake(answer(), refusal, {}, answer())
    done = sync(at=NOW, parent=parent, connected=lambda _parent: fake)  # type: ignore[arg-type,return-value]
    assert (done.told, done.refused, done.failure) == (1, 1, "")
    assert list(Outgoing.objects.order_by("entry").values_list("state", "refusal")) == [
        ("refused", "not_allowed"), ("sent", "")
    ]  # fmt: skip


def test_a_paused_parent_is_not_asked(parent: Parent, world: World) -> None:
    from thuocdo.exchanges.operations.partners import sync_due

    set_paused(actor=world.actor("quan"), at=NOW, parent=parent, is_paused=True)
    assert sync_due(at=NOW) == []


def test_nobody_here_judges_what_the_parent_ordered(parent: Parent, world: World) -> None:
    assert django_settings.PARTNERS_FOLDER
    (item,) = orders(world, given(world, "00004"))
    task = take_order(actor=world.machine, at=NOW, parent=parent, item=item).task
    assert task is not None
    assert task.accepting_body is not None
    assert task.accepting_body.code == "VPTW"
    assert Report.objects.count() == 0
