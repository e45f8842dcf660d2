"""Tasks through the interface: keys of machines and people read, report, hand in and judge, as far as they may."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.tasks.samples import given, word_file
from tests.world import NOW, World
from thuocdo.accounts.operations import AccountRefused, end_role, issue_key
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.accounts.queries import holdings_of
from thuocdo.ledger.queries import newest_number
from thuocdo.tasks.models import Report, Task

MACHINE = ("tasks:read", "tasks:report")


class Caller:
    """Calls of one key."""

    def __init__(self, world: World, body: str, *scopes: str, holder: str = "") -> None:
        self.key, token = issue_key(
            actor=world.machine, at=NOW, body=world.body(body), title="Phần mềm", scopes=scopes,
            holder=world.people[holder] if holder else None, calls_per_minute=100_000,
        )  # fmt: skip
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Any:
        return Client().get(f"/api/v1{path}", headers=self.headers | headers)

    def post(self, path: str, content: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client().post(
            f"/api/v1{path}", {} if content is None else content, "application/json", headers=self.headers | named
        )

    def send(self, content: bytes, name: str = "danh-muc.docx") -> Any:
        return Client().generic(
            "POST", f"/api/v1/files?name={name}", content, "application/octet-stream", headers=self.headers
        )


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def refusal(answer: Any) -> tuple[int, str, str]:
    assert answer["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert found["detail"] == found["message"]
    assert found["status"] == answer.status_code
    return answer.status_code, found["code"], found["field"]


def test_a_task_goes_from_the_order_to_the_approval_by_keys_alone(world: World) -> None:
    thu = Caller(world, "VPTW", "tasks:assign", holder="thu")
    office = Caller(world, "BTP", *MACHINE)
    minh = Caller(world, "VPCP", "tasks:judge", holder="minh")
    order = {"title": "Lập danh mục", "lead": "BTP", "coordinators": ["BNV"], "due_on": "2026-10-15", "is_core": True}
    made = thu.post("/tasks", order)
    assert made.status_code == 201
    code = made.json()["code"]
    assert made["Location"] == f"/api/v1/tasks/{code}"
    assert made["ETag"] == f'"{made.json()["version"]}"'
    assert office.post(f"/tasks/{code}/acceptance").json()["state"] == "accepted"
    done = office.post(f"/tasks/{code}/reports", {"text": "Đã rà soát", "progress": 40})
    assert (done.status_code, done.json()["percent"]) == (200, 40)
    assert refusal(office.post(f"/tasks/{code}/submissions", {"text": "Xong"})) == (422, "no_evidence", "files")
    kept = office.send(word_file()).json()
    assert kept["sha256"] == hashlib.sha256(word_file()).hexdigest()
    submitted = office.post(
        f"/tasks/{code}/submissions", {"text": "Xong", "evidence": [{"sha256": kept["sha256"], "name": "dm.docx"}]}
    )
    assert submitted.json()["state"] == "submitted"
    assert submitted.json()["reports"][0]["evidence"][0]["name"] == "dm.docx"
    given_back = minh.get(f"/files/{kept['sha256']}")
    assert b"".join(given_back.streaming_content) == word_file()
    assert refusal(minh.post(f"/tasks/{code}/approval", {})) == (428, "if_match_missing", "If-Match")
    returned = minh.post(f"/tasks/{code}/return", {"note": "Thiếu phụ lục"}, If_Match=submitted["ETag"])
    assert returned.json()["state"] == "returned"
    stale = minh.post(f"/tasks/{code}/approval", {}, If_Match=submitted["ETag"])
    assert refusal(stale) == (412, "changed_meanwhile", "If-Match")
    again = office.post(f"/tasks/{code}/submissions", {"text": "Đã bổ sung phụ lục"})
    approved = minh.post(f"/tasks/{code}/approval", {"note": "Đạt"}, If_Match=again["ETag"])
    assert (approved.json()["state"], approved.json()["progress"]) == ("completed", "done")
    steps = [step["step"] for step in approved.json()["history"]]
    assert steps == [
        "assign", "accept_assignment", "report_progress", "submit", "return_result", "submit", "approve_result"
    ]  # fmt: skip


def test_a_form_may_bring_the_files_themselves(world: World) -> None:
    office = Caller(world, "BTP", *MACHINE)
    task = given(world)
    office.post(f"/tasks/{task.code}/acceptance")
    answer = Client().post(
        f"/api/v1/tasks/{task.code}/submissions",
        {
            "text": "Xong",
            "files": [SimpleUploadedFile("a.docx", word_file("một")), SimpleUploadedFile("b.docx", word_file())],
        },
        headers=office.headers | {"Idempotency-Key": "one"},
    )
    assert answer.status_code == 200
    assert {file["name"] for file in answer.json()["reports"][0]["evidence"]} == {"a.docx", "b.docx"}
    # The boundary of a form is another one each time; the call is the same.
    repeated = Client().post(
        f"/api/v1/tasks/{task.code}/submissions",
        {
            "text": "Xong",
            "files": [SimpleUploadedFile("a.docx", word_file("một")), SimpleUploadedFile("b.docx", word_file())],
        },
        headers=office.headers | {"Idempotency-Key": "one"},
    )
    assert repeated["Idempotency-Replayed"] == "true"
    assert repeated.json() == answer.json()


def test_a_repeated_call_is_answered_and_not_done_again(world: World) -> None:
    office = Caller(world, "BTP", *MACHINE)
    task = given(world)
    office.post(f"/tasks/{task.code}/acceptance")
    before = newest_number()
    report = {"text": "Đã rà soát", "progress": 40}
    first = office.post(f"/tasks/{task.code}/reports", report, Idempotency_Key="r-1")
    second = office.post(f"/tasks/{task.code}/reports", report, Idempotency_Key="r-1")
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Report.objects.filter(task=task).count() == 1
    assert newest_number() == before + 1
    other = office.post(f"/tasks/{task.code}/reports", report | {"progress": 50}, Idempotency_Key="r-1")
    assert refusal(other) == (409, "key_used_before", "Idempotency-Key")
    # What was refused was not done: the same key may come again once it is mended.
    missing = {"text": "Xong", "evidence": [{"sha256": hashlib.sha256(word_file()).hexdigest()}]}
    refused = office.post(f"/tasks/{task.code}/submissions", missing, Idempotency_Key="s-1")
    assert refusal(refused) == (422, "unknown_file", "evidence")
    office.send(word_file())
    assert office.post(f"/tasks/{task.code}/submissions", missing, Idempotency_Key="s-1").status_code == 200


def test_a_key_reaches_its_body_and_what_is_below_and_nothing_else(world: World) -> None:
    city = Caller(world, "01", *MACHINE)
    ward, other = given(world, "00004"), given(world, "48")
    assert [one["code"] for one in city.get("/tasks").json()["items"]] == [ward.code]
    assert refusal(city.get(f"/tasks/{other.code}"))[:2] == (404, "not_found")
    assert refusal(city.post(f"/tasks/{other.code}/acceptance"))[:2] == (404, "not_found")
    # A machine of the city reports for its wards; people there report for themselves.
    assert city.post(f"/tasks/{ward.code}/acceptance").status_code == 200
    reader = Caller(world, "01", "tasks:read")
    assert refusal(reader.post(f"/tasks/{ward.code}/reports", {"text": "x", "progress": 1}))[:2] == (403, "not_allowed")
    assert refusal(reader.send(word_file()))[:2] == (403, "scope_missing")
    figures = Caller(world, "01", "figures:write")
    assert refusal(figures.get("/tasks"))[:2] == (403, "scope_missing")
    assert refusal(city.get("/measurements"))[:2] == (403, "scope_missing")
    batch = {"rows": [{"indicator": "x", "body": "01", "period": "2026-08", "value": "1"}]}
    assert city.post("/measurements", batch).status_code == 422


def test_a_key_never_judges_what_its_own_body_handed_in(world: World) -> None:
    task = given(world, "00004")
    machine = Caller(world, "01", *MACHINE)
    machine.post(f"/tasks/{task.code}/acceptance")
    machine.send(word_file())
    sent = {"text": "Xong", "evidence": [{"sha256": hashlib.sha256(word_file()).hexdigest()}]}
    etag = machine.post(f"/tasks/{task.code}/submissions", sent)["ETag"]
    assert refusal(machine.post(f"/tasks/{task.code}/approval", {}, If_Match=etag))[:2] == (403, "not_allowed")
    # Somebody of the city with the right to approve, by a key of the city: its own machine has reported.
    from thuocdo.accounts.models import Role
    from thuocdo.accounts.operations import grant_role

    grant_role(
        actor=world.machine, at=NOW, user=world.people["minh"], role=Role.VERIFIER, body=world.body("01"), over=None,
        valid_from=NOW.date(),
    )  # fmt: skip
    judge = Caller(world, "01", "tasks:judge", holder="minh")
    assert refusal(judge.post(f"/tasks/{task.code}/approval", {}, If_Match=etag))[:2] == (409, "reporter_judges")
    lead = Caller(world, "VPCP", "tasks:judge", holder="minh")
    assert lead.post(f"/tasks/{task.code}/approval", {}, If_Match=etag).json()["state"] == "completed"


def test_a_persons_key_may_what_the_person_may_and_ends_with_the_role(world: World) -> None:
    lan = Caller(world, "BTP", "tasks:report", holder="lan")
    task = given(world)
    assert lan.post(f"/tasks/{task.code}/acceptance").status_code == 200
    (holding,) = holdings_of(world.people["lan"], on=NOW.date())
    end_role(actor=world.machine, at=NOW, holding=holding, on=NOW.date())
    assert refusal(lan.get("/tasks"))[:2] == (403, "scope_missing")


def test_what_people_decide_is_given_to_no_machine(world: World) -> None:
    quan = world.actor("quan")
    for scope in ("tasks:assign", "tasks:judge"):
        with pytest.raises(AccountRefused):
            issue_key(actor=quan, at=NOW, body=world.body("VPTW"), title="K", scopes=[scope])
    with pytest.raises(AccountRefused):
        issue_key(actor=quan, at=NOW, body=world.body("BTP"), title="K", scopes=["all"])
    with pytest.raises(AccountRefused):
        issue_key(
            actor=quan, at=NOW, body=world.body("BTP"), title="K", scopes=["tasks:assign"], holder=world.people["thu"]
        )
    # Whoever keeps the accounts of one body alone lends no wider reach to a key.
    with pytest.raises(NotAllowed):
        issue_key(
            actor=world.actor("lan"), at=NOW, body=world.body("BTP"), title="K", scopes=["tasks:report"],
            holder=world.people["lan"],
        )  # fmt: skip


def test_the_list_is_filtered_and_turned_page_by_page(world: World) -> None:
    tasks = [given(world, lead, title=f"Việc số {number}") for number, lead in enumerate(["BTP", "BNV", "BYT", "BTP"])]
    thu = Caller(world, "VPTW", "tasks:read", holder="thu")
    codes: list[str] = []
    cursor = ""
    while True:
        page = thu.get(f"/tasks?limit=3&cursor={cursor}").json()
        codes += [one["code"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert codes == [task.code for task in tasks]

    def found(query: str) -> list[str]:
        return [one["code"] for one in thu.get(f"/tasks?{query}").json()["items"]]

    assert found("lead=BTP") == [tasks[0].code, tasks[3].code]
    assert found(f"words={tasks[2].code.lower()} viec") == [tasks[2].code]
    assert found("state=accepted") == []
    assert found("due_to=2026-10-14") == []
    assert len(found("lead=TW&below=territorial&timing=in_time&progress=not_started")) == 4
    assert refusal(thu.get("/tasks?cursor=xyz")) == (422, "unknown_cursor", "cursor")
    assert refusal(thu.get("/tasks?lead=nobody")) == (422, "unknown_body", "lead")
    assert refusal(thu.get("/tasks?changed_since=2026-09-14T04:00:00")) == (422, "time_zone_missing", "changed_since")
    assert refusal(thu.get("/tasks?state=lost"))[:2] == (422, "invalid_parameter")
    office = Caller(world, "BTP", *MACHINE)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        office.post(f"/tasks/{tasks[0].code}/acceptance")
        assert found("changed_since=2026-09-14T04:00:00Z") == [tasks[0].code]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"lead": "nobody"}, "unknown_body", "lead"),
        ({"coordinators": ["nobody"]}, "unknown_body", "coordinators"),
        ({"due_on": "2026-09-01"}, "deadline_before_assignment", "due_on"),
        ({"assigned_on": "2026-12-01"}, "assigned_in_future", "assigned_on"),
        ({"secrecy": "secret"}, "invalid_parameter", "secrecy"),
        ({"document": 999}, "unknown_document", "document"),
        ({"title": "  "}, "empty", "title"),
        ({"accepting_body": "BTP"}, "accepts_its_own", "accepting_body"),
        ({"colour": "red"}, "invalid_parameter", "colour"),
    ],
)
def test_a_wrong_order_names_field_and_remedy(world: World, fields: dict[str, Any], code: str, field: str) -> None:
    thu = Caller(world, "VPTW", "tasks:assign", holder="thu")
    order = {"title": "Lập danh mục", "lead": "BTP", "due_on": "2026-10-15"} | fields
    assert refusal(thu.post("/tasks", order)) == (422, code, field)
    assert Task.objects.count() == 0


def test_a_dispute_an_extension_and_a_cancellation_go_through_as_well(world: World) -> None:
    thu = Caller(world, "VPTW", "tasks:assign", holder="thu")
    office = Caller(world, "BTP", *MACHINE)
    code = given(world).code
    assert office.post(f"/tasks/{code}/disputes", {"reason": "Không đúng chức năng"}).json()["state"] == "disputed"
    kept = thu.post(f"/tasks/{code}/decision", {"outcome": "uphold", "note": "Đúng chức năng"})
    assert kept.json()["state"] == "assigned"
    asked = {"wanted_on": "2026-11-15", "reason": "Chờ luật"}
    assert office.post(f"/tasks/{code}/extension-requests", asked).status_code == 200
    assert refusal(office.post(f"/tasks/{code}/extension-requests", asked)) == (422, "already_asked", "wanted_on")
    moved = thu.post(
        f"/tasks/{code}/extensions", {"new_due_on": "2026-11-10", "decision_number": "12/QĐ", "reason": "Chờ luật"}
    )
    assert (moved.json()["due_on"], moved.json()["original_due_on"]) == ("2026-11-10", "2026-10-15")
    assert moved.json()["extensions"][0]["decision_number"] == "12/QĐ"
    over = office.post(f"/tasks/{code}/cancellation", {"reason": "Không làm nữa"})
    assert refusal(over)[:2] == (403, "not_allowed")
    assert thu.post(f"/tasks/{code}/cancellation", {"reason": "Đã thay thế"}).json()["state"] == "cancelled"
    assert refusal(office.post(f"/tasks/{code}/acceptance")) == (409, "not_in_this_state", "state")


def test_a_refusal_speaks_the_language_of_the_caller(world: World) -> None:
    office = Caller(world, "BTP", *MACHINE)
    code = given(world).code
    vietnamese = office.post(f"/tasks/{code}/reports", {"text": "x", "progress": 1})
    assert refusal(vietnamese) == (409, "not_in_this_state", "state")
    english = office.post(f"/tasks/{code}/reports", {"text": "x", "progress": 1}, Accept_Language="en")
    assert english["Content-Language"] == "en"
    assert english.json()["message"] != vietnamese.json()["message"]


def test_a_list_asks_as_many_questions_for_many_tasks_as_for_few(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        given(world, "BTP", title=f"Việc {number}", coordinators=[world.body("BNV")])
    office = Caller(world, "BTP", *MACHINE)
    with django_assert_max_num_queries(8):
        assert len(office.get("/tasks").json()["items"]) == 12
