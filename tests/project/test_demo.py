"""The demonstration: the small nation as promised, the same from the same seed, one command that starts and ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import _administer
from tests.world import World
from thuocdo.accounts.models import Role, RoleHolding, User
from thuocdo.accounts.permissions import Permission, machine, may_anywhere
from thuocdo.accounts.queries import actor_for_user, key_for
from thuocdo.alerts.models import Notice, Preference, Urging
from thuocdo.alerts.queries import open_notices
from thuocdo.directives.lifecycle import CandidateState, DocumentState
from thuocdo.directives.models import Candidate, Document
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.reader import read
from thuocdo.indicators.models import Batch, Kind, Measurement, Provenance
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import first_broken_entry, newest_number
from thuocdo.meetings.models import Meeting
from thuocdo.organisations.models import Appointment, Body
from thuocdo.project.commands import main
from thuocdo.project.demo.chronicle import Chronicle
from thuocdo.project.demo.command import demo
from thuocdo.project.demo.days import Days
from thuocdo.project.demo.documents import DIRECTIVES, file_of, text_of
from thuocdo.project.demo.evidence import ENDINGS, evidence
from thuocdo.project.demo.fates import FATES
from thuocdo.project.demo.nation import load_nation
from thuocdo.project.demo.people import ACCOUNTS, PROVINCE, invented_name
from thuocdo.project.demo.stories.house import MERGED
from thuocdo.project.demo.stories.plan import PLATFORM
from thuocdo.project.demo.traits import chance, traits_of
from thuocdo.scorecards.models import Draft, Run, Standing
from thuocdo.scorecards.queries.monitors import signs
from thuocdo.tasks.files import check_upload
from thuocdo.tasks.lifecycle import Effectiveness, Progress, State, Timing
from thuocdo.tasks.models import (
    Dispute,
    Evidence,
    Extension,
    ExtensionRequest,
    FieldValue,
    Likeness,
    Mention,
    ProgrammeVersion,
    ReturnedPoint,
    SavedList,
    Task,
    Transition,
)
from thuocdo.tasks.queries import counts_by_status
from thuocdo.tasks.queries.decisions import overdue_disputes
from thuocdo.tasks.queries.programmes import core_tasks
from thuocdo.tasks.queries.succession import without_living_lead

# A Sunday evening, so that "today" is no working day.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
# Every quarter, weekends, the first and the last day of a year, and a day on which the map is still young.
DAYS = [date(2025, 9, 1), date(2026, 1, 1), date(2026, 2, 28), date(2026, 8, 15), date(2026, 12, 31), date(2028, 2, 29)]


def days_on(day: date) -> Days:
    return Days(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))


# --- The texts


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("directive", DIRECTIVES, ids=lambda one: one.code)
def test_every_directive_can_be_read_on_any_day(directive: Any, day: date) -> None:
    days = days_on(day)
    text = text_of(directive, days)
    assert "[" not in text
    assert "minh hoạ" in text
    head = read_head(text)
    assert head.number is not None
    assert head.issued_on is not None
    assert head.issued_on <= days.day(directive.received)
    found = find_assignments(text, issued_on=head.issued_on)
    assert len(found) >= 3
    for one in found:
        assert one.lead
        assert one.deadline.date is None or one.deadline.date > head.issued_on


def test_a_directive_in_word_says_the_same_as_its_text() -> None:
    days = days_on(TODAY)
    directive = next(one for one in DIRECTIVES if one.is_word)
    name, data = file_of(directive, days)
    assert name.endswith(".docx")
    assert file_of(directive, days)[1] == data
    written = read(data, max_bytes=1_000_000).text
    assert [one.lead for one in find_assignments(written)] == [
        one.lead for one in find_assignments(text_of(directive, days))
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_evidence_is_let_in_and_says_that_it_is_invented(ending: str) -> None:
    made = [
        evidence(ending=ending, name="ket-qua", title="Báo cáo <kết quả>", lines=["Đã xong & gửi."], on=TODAY)
        for _ in range(2)
    ]
    assert made[0].data == made[1].data
    checked = check_upload(made[0], max_bytes=1_000_000)
    assert checked.name == f"ket-qua.{ending}"
    text = read(checked.data, max_bytes=1_000_000).text
    assert "nội dung hư cấu" in text
    assert "Báo cáo <kết quả>".casefold() in text.casefold()


# --- Time and chance


@given(st.lists(st.tuples(st.integers(-400, 40), st.integers(-20, 20)), max_size=30))
def test_a_chronicle_never_goes_back(steps: list[tuple[int, int]]) -> None:
    days = days_on(TODAY)
    chronicle = Chronicle(days)
    draw, told = chance("test"), []

    def follow(wait: int, at: datetime) -> None:
        told.append(at)
        if len(told) < 100:
            chronicle.on(at.date() + timedelta(days=wait), lambda later: told.append(later), draw)

    for start, wait in steps:
        chronicle.on(days.day(start), lambda at, wait=wait: follow(wait, at), draw)  # type: ignore[misc]
    chronicle.run()
    assert told == sorted(told)
    assert all(moment <= days.now for moment in told)


def test_a_body_is_the_same_at_every_loading_and_bodies_differ() -> None:
    assert traits_of("BTP") == traits_of.__wrapped__("BTP")
    assert len({traits_of(code).diligence for code in ("BTP", "BYT", "01", "22")}) == 4


def test_nobody_real_is_named() -> None:
    names = [account.full_name for account in ACCOUNTS] + [invented_name(number) for number in range(400)]
    assert len(set(names)) == len(names)
    assert all("Mẫu" in name for name in names)


def test_history_is_drawn_together_where_the_map_is_young() -> None:
    young, old = days_on(date(2025, 9, 1)), days_on(TODAY)
    assert young.first > date(2025, 7, 1)
    assert old.first == TODAY - timedelta(days=365)
    assert young.day(30) - young.today == old.day(30) - old.today == timedelta(days=30)


# --- The nation


@pytest.fixture
def empty_instance(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of the test's own without any row, as a new instance has it."""
    from django.core.management import call_command
    from django.db import connection, connections

    with django_db_blocker.unblock():
        template, name = str(connection.settings_dict["NAME"]), f"nation_{uuid4().hex[:12]}"
        connections.close_all()
        if connection.vendor == "postgresql":
            _administer(f'CREATE DATABASE "{name}"')
        else:
            name = str(Path(os.environ["THUOCDO_HOME"]) / f"{name}.sqlite3")
        connection.settings_dict["NAME"] = name
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = template
            if connection.vendor == "postgresql":
                _administer(f'DROP DATABASE "{name}" WITH (FORCE)')
            else:
                for file in Path(name).parent.glob(f"{Path(name).name}*"):
                    file.unlink()


LOAD_ELSEWHERE = f"""
import django; django.setup()
from datetime import datetime
from django.core.management import call_command
from thuocdo.project.demo.nation import load_nation
from thuocdo.scorecards.models import Run
call_command("migrate", verbosity=0)
load_nation(now=datetime.fromisoformat("{NOW.isoformat()}"))
for run in Run.objects.order_by("period_start", "peer_group"):
    print(run.period, run.peer_group, run.outputs_digest)
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of an instance of its own, on SQLite."""
    return {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
        "THUOCDO_HOME": str(home),
        "THUOCDO_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "thuocdo.project.settings",
        **more,
    }


class Stopped(Exception):
    """What stops a loading half-way."""


def test_the_small_nation(empty_instance: None, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """One loading for all that is promised of it; another process loads the same again meanwhile."""
    elsewhere = subprocess.Popen(
        [sys.executable, "-c", LOAD_ELSEWHERE],
        env=environment(tmp_path, PYTHONHASHSEED="4711"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with subtests.test("what stops half-way leaves nothing"):
        with pytest.raises(Stopped):
            load_nation(now=NOW, told=stop_in_spring)
        assert newest_number() == 0
        assert not Body.objects.exists()
    nation = load_nation(now=NOW)
    for promise in (
        has_the_bodies,
        has_the_accounts,
        keeps_a_chronicle,
        shows_every_state,
        follows_the_written_courses,
        leaves_two_directives_to_review,
        is_measured_from_every_side,
        is_ranked_with_differences,
        compares_a_draft_with_the_past,
        shows_every_kind_of_sign,
        tells_every_turn_of_a_task,
        shows_evidence_that_was_questioned,
        lets_people_be_told,
        leaves_a_few_jobs_only,
    ):
        with subtests.test(promise.__name__.replace("_", " ")):
            promise()
    with subtests.test("gives a key that works"):
        assert key_for(nation.token, at=NOW) is not None
    with subtests.test("a second start changes nothing"):
        before = newest_number()
        result = CliRunner().invoke(demo, ["--no-serve"])
        assert result.exit_code == 0, result.output
        assert nation.token not in result.output
        assert newest_number() == before
    with subtests.test("the same seed gives the same scores, whatever the database"):
        out, errors = elsewhere.communicate(timeout=300)
        assert elsewhere.returncode == 0, errors
        here = [
            f"{run.period} {run.peer_group} {run.outputs_digest}"
            for run in Run.objects.order_by("period_start", "peer_group")
        ]
        assert out.splitlines() == here
    with subtests.test("one command serves it, and everything ends with it"):
        serves_and_ends(tmp_path)


def stop_in_spring(moment: datetime) -> None:
    if moment > datetime(2025, 12, 20, tzinfo=UTC):
        raise Stopped


def has_the_bodies() -> None:
    groups = Counter(Body.objects.exclude(peer_group="").values_list("peer_group", flat=True))
    assert groups["provinces"] == 34
    assert groups["communes"] + groups["wards"] + groups["special_zones"] == 20
    assert min(groups["communes"], groups["wards"], groups["special_zones"]) >= 1
    assert groups["ministries_with_services"] + groups["ministries_without_services"] == 22
    assert groups["party_bodies"] + groups["state_and_mass_bodies"] == 12
    heads = Appointment.objects.filter(valid_to__isnull=True)
    assert heads.count() == sum(groups.values())
    assert all(person.endswith("(minh hoạ)") for person in Appointment.objects.values_list("person", flat=True))


def has_the_accounts() -> None:
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(account.password)
        holding = RoleHolding.objects.get(user=user)
        assert (holding.role, holding.body.code) == (account.role, account.body)
        assert Body.objects.get(code=account.body).name == account.body_title
    # One for each role that a person holds; nobody else can sign in.
    assert {account.role for account in ACCOUNTS} == set(Role.values) - {Role.SOURCE_SYSTEM}
    shown = {account.username for account in ACCOUNTS}
    assert not any(user.has_usable_password() for user in User.objects.exclude(username__in=shown))


def keeps_a_chronicle() -> None:
    assert first_broken_entry() is None
    moments = list(Entry.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    assert NOW - moments[0] > timedelta(days=360)
    assert 2_000 < len(moments) < 4_000


def shows_every_state() -> None:
    states = Counter(Task.objects.values_list("state", flat=True))
    assert set(states) == set(State.values) - {State.DRAFT}
    shown = counts_by_status(Task.objects.all(), TODAY)
    for progress, timing in (
        (Progress.DONE, Timing.IN_TIME),
        (Progress.DONE, Timing.LATE),
        (Progress.IN_PROGRESS, Timing.IN_TIME),
        (Progress.IN_PROGRESS, Timing.DUE_SOON),
        (Progress.IN_PROGRESS, Timing.OVERDUE),
        (Progress.IN_PROGRESS, Timing.SUSPENDED),
        (Progress.NOT_STARTED, Timing.IN_TIME),
    ):
        assert shown[progress, timing] > 0, (progress, timing)
    assert set(Task.objects.values_list("effectiveness", flat=True)) == set(Effectiveness.values)
    assert Extension.objects.count() == 3
    steps = set(Transition.objects.values_list("step", flat=True))
    assert {"uphold", "transfer", "withdraw", "cancel", "suspend", "resume", "return_result"} <= steps
    types = Counter(Evidence.objects.values_list("media_type", flat=True))
    assert types.pop("image/jpeg") == 3
    assert len(types) == 3
    assert min(types.values()) >= 5
    # Nobody approved what their own body had done.
    for step in Transition.objects.filter(step="approve_result").select_related("lead"):
        assert not RoleHolding.objects.filter(user=step.by_user_id, body=step.lead).exists()


def follows_the_written_courses() -> None:
    for (code, lead), fate in FATES.items():
        directive = next(one for one in DIRECTIVES if one.code == code)
        tasks = Task.objects.filter(document__file_name__startswith=directive.file)
        assert tasks.filter(transitions__lead__code=lead).exists(), (code, lead, fate)
    today = Task.objects.filter(lead__code="BTP")
    assert today.filter(state=State.RETURNED).exists()
    assert today.filter(state=State.ASSIGNED).exists()
    assert today.filter(state=State.IN_PROGRESS, due_on__lt=TODAY).exists()
    assert today.filter(state=State.IN_PROGRESS, due_on__range=(TODAY, TODAY + timedelta(days=7))).exists()


def leaves_two_directives_to_review() -> None:
    waiting = Document.objects.filter(state=DocumentState.EXTRACTED).order_by("received_at")
    half, fresh = waiting
    assert {CandidateState.CONFIRMED, CandidateState.PROPOSED} == set(
        Candidate.objects.filter(document=half).values_list("state", flat=True)
    )
    assert {CandidateState.PROPOSED} == set(Candidate.objects.filter(document=fresh).values_list("state", flat=True))
    assert NOW - fresh.received_at < timedelta(hours=2)
    # Conclusions of meetings are written as documents, too.
    concluded = Meeting.objects.exclude(document=None).count()
    assert concluded
    assert Document.objects.count() == len(DIRECTIVES) + concluded


def is_measured_from_every_side() -> None:
    kinds = set(Measurement.objects.values_list("provenance", "kind").distinct())
    assert {(Provenance.SYSTEM, Kind.PROVISIONAL), (Provenance.SYSTEM, Kind.FINAL)} <= kinds
    assert {one for one, _ in kinds} >= {
        Provenance.SYSTEM, Provenance.INDEPENDENT, Provenance.DECLARED, Provenance.DERIVED
    }  # fmt: skip
    quarters = {
        (start.year, (start.month - 1) // 3) for start in Measurement.objects.values_list("period_start", flat=True)
    }
    assert len(quarters) >= 5
    assert not Batch.objects.exclude(rejected=0).exists()
    declared = dict(
        Measurement.objects.filter(indicator__code="service_on_time", period="2026-09", provenance="declared")
        .values_list("body__code", "value")
    )  # fmt: skip
    fed = dict(
        Measurement.objects.filter(
            indicator__code="service_on_time", period="2026-09", provenance="system", kind="final", source="dvc-minhhoa"
        ).values_list("body__code", "value")
    )
    gaps = [declared[code] - fed[code] for code in declared.keys() & fed.keys()]
    assert sum(gap > 3 for gap in gaps) >= 3
    assert sum(abs(gap) <= 1 for gap in gaps) > len(gaps) / 2


def compares_a_draft_with_the_past() -> None:
    """One draft, computed for every ranking that was made, with bodies that move."""
    (draft,) = Draft.objects.all()
    states = set(draft.backcasts.values_list("state", flat=True))
    assert states == {"done"}
    assert draft.backcasts.count() == Run.objects.values("period", "peer_group").distinct().count()
    assert any(draft.backcasts.values_list("moved", flat=True))


def shows_every_kind_of_sign() -> None:
    """Computed from what the invented bodies did, not typed."""
    found = signs(machine("tests", TODAY), on=TODAY, scorecard="nq57-2026")
    assert found.ceilings
    assert found.heaps
    assert found.hurries
    assert found.reused
    assert found.copied


def tells_every_turn_of_a_task() -> None:
    """What a task is made of and what can become of it, each found where a person would look for it."""
    office, today = actor_for_user(User.objects.get(username="thuongtruc"), on=TODAY), TODAY
    platform = Task.objects.get(title=PLATFORM)
    assert platform.products.count() == 2
    assert {bool(one.reached_on) for one in platform.milestones.all()} == {True, False}
    assert platform.milestones.exclude(due_on=F("original_due_on")).count() == 1
    assert set(platform.dependencies.values_list("kind", flat=True)) == {"task", "legal_document", "decision"}
    assert platform.dependencies.exclude(fulfilled_on=None).count() == 1
    assert platform.budget_references.count() == 3
    person = Task.objects.get(parent__parent=platform)
    assert person.lead.kind == "department"
    assert person.responsible is not None
    assert set(platform.parts.values_list("state", flat=True)) == {"in_progress", "completed"}
    assert Task.objects.filter(is_local=True, lead__code=PROVINCE).count() == 0
    assert Task.objects.filter(is_local=True, assigned_by__code=PROVINCE).count() == 6
    rhythms = dict(Task.objects.filter(rhythm__in=["week", "quarter"]).values_list("rhythm", "due_on"))
    assert rhythms["week"] < today, "a week was missed"
    assert overdue_disputes(office, today).exists()
    assert Dispute.objects.filter(outcome="transfer").exists()
    assert set(ExtensionRequest.objects.values_list("is_granted", flat=True)) == {True, False, None}
    assert Extension.objects.get(is_objective=True).at.date() > Extension.objects.get(is_objective=True).old_due_on
    assert {"reopen", "inherit", "judge_product"} & set(Transition.objects.values_list("step", flat=True)) == {
        "reopen",
        "judge_product",
    }
    assert Task.objects.filter(accepting_body__code="VPCP", state=State.COMPLETED).exists()
    assert without_living_lead(office, today).filter(lead__code=MERGED).count() >= 2
    versions = list(
        ProgrammeVersion.objects.order_by("programme__code", "number").values_list("approved_on", flat=True)
    )
    assert [day is not None for day in versions] == [True, True, True, False]
    assert core_tasks_number() > 3
    assert FieldValue.objects.values("field").distinct().count() == 5
    assert set(SavedList.objects.values_list("shared_with__code", flat=True)) == {None, "VPTW", PROVINCE}


def core_tasks_number() -> int:
    return Task.objects.filter(core_tasks()).count()


def shows_evidence_that_was_questioned() -> None:
    assert Likeness.objects.filter(kind="image").count() == 1
    points = ReturnedPoint.objects.exclude(answered_by=None)
    assert set(points.values_list("part", flat=True)) == {"file", "text"}
    erased = Evidence.objects.get(erased_at__isnull=False)
    assert Evidence.objects.filter(redacts=erased).exists()
    assert set(Mention.objects.values_list("person__username", flat=True)) >= {"thamdinh", "tinh"}


def lets_people_be_told() -> None:
    """Whoever may see tasks has something open; nobody else has been told anything."""
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.email.endswith(".example")
        actor = actor_for_user(user, on=TODAY)
        sees = may_anywhere(actor, Permission.VIEW_TASKS)
        assert open_notices(actor).exists() == sees, account.username
    assert Notice.objects.filter(standing="acknowledged").exists()
    assert set(Urging.objects.values_list("issuer__code", "state")) == {(PROVINCE, "answered"), ("VPTW", "draft")}
    assert Preference.objects.filter(user__username="thuongtruc").exists()


def is_ranked_with_differences() -> None:
    runs = Run.objects.order_by("period_start")
    assert len(set(runs.values_list("period", flat=True))) == 5
    for run in runs.filter(is_live=True):
        scores = list(Standing.objects.filter(run=run).values_list("rounded", flat=True))
        assert None not in scores
        if len(scores) > 5:
            assert max(scores) - min(scores) > 8, run.peer_group
    live = Standing.objects.filter(run__is_live=True)
    assert len(set(live.values_list("score_class", flat=True))) >= 4
    assert live.exclude(previous_rank=None).count() > 80


def leaves_a_few_jobs_only() -> None:
    from django_tasks_db.models import DBTaskResult

    # One for each sort of job, however many entries asked for it.
    assert DBTaskResult.objects.count() <= 16


def serves_and_ends(home: Path) -> None:
    """The command on a loaded instance: the page answers before the address is told; the worker ends with it."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-c", "from thuocdo.project.commands import main; main()"]
    running = subprocess.Popen(
        [*command, "demo", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    told = []
    for line in running.stdout:
        told.append(line)
        if f"http://127.0.0.1:{port}/" in line:
            break
    assert running.poll() is None, told
    workers = children(running.pid)
    # The worker, and the source system that sends dossiers.
    assert len(workers) == 2
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/tai-khoan/login/")
    page = connection.getresponse().read().decode()
    connection.close()
    for account in ACCOUNTS:
        assert f"<code>{account.username}</code>" in page
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def children(pid: int) -> list[str]:
    """The processes that a process has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of the program stands in brackets and may hold anything.
            parent = status.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if parent == str(pid):
            found.append(status.parent.name)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- The command


def test_a_busy_port_is_told_with_another_one() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        result = CliRunner().invoke(demo, ["--port", str(port)])
    assert result.exit_code == 1
    assert f"Cổng {port} đang được dùng" in result.output
    assert "thuocdo demo --port" in result.output


def test_an_instance_with_data_of_its_own_is_left_alone(world: World) -> None:
    before = newest_number()
    result = CliRunner().invoke(demo, ["--no-serve"])
    assert result.exit_code == 1
    assert "THUOCDO_HOME" in result.output
    assert newest_number() == before


def test_the_command_is_listed_and_marks_the_instance_before_the_settings_are_read() -> None:
    assert "demo" in CliRunner().invoke(main, ["--help"]).output
    from thuocdo.project.commands import DEFAULTS, ENVIRONMENTS

    assert ENVIRONMENTS["demo"] == {"THUOCDO_DEMO": "1"}
    assert DEFAULTS["demo"] == {"THUOCDO_HOME": "var/demo"}
