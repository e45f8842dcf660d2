"""The ledger keeps everything, refuses to forget, and tells where it was broken."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from inspect import signature

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult

from tests.world import NOW, World
from thuocdo.accounts.models import RoleHolding
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.ledger.operations import TooRevealing, append, reactions_gathered
from thuocdo.ledger.queries import entries_after, first_broken_entry, newest_number
from thuocdo.project.reactions import COVERING, REACTIONS


def write(subject: str = "task:1") -> Entry:
    return append(actor="user:1", at=NOW, event=Event.TASK_CHANGED, subject=subject, data={"state": "assigned"})


def test_entries_are_numbered_without_gaps_and_chained(world: World) -> None:
    before = newest_number()
    first, second = write(), write("task:2")
    assert (first.number, second.number) == (before + 1, before + 2)
    assert second.previous_digest == first.digest
    assert [entry.subject for entry in entries_after(before)] == ["task:1", "task:2"]
    assert first_broken_entry() is None


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET actor = 'user:2'", "DELETE FROM ledger_entry"])
def test_the_database_itself_refuses_to_rewrite_history(world: World, statement: str) -> None:
    write()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert first_broken_entry() is None


def test_the_table_cannot_be_emptied_at_once(world: World) -> None:
    write()
    statement = "TRUNCATE ledger_entry" if connection.vendor == "postgresql" else "DELETE FROM ledger_entry WHERE 1"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE ledger_entry SET data = '{}' WHERE number = %s", "digest"),
        ("UPDATE ledger_entry SET previous_digest = 'x' WHERE number = %s", "previous"),
        ("DELETE FROM ledger_entry WHERE number = %s", "number"),
    ],
)
def test_a_forger_who_drops_the_triggers_is_found(world: World, change: str, reason: str) -> None:
    forged = write()
    write()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
            cursor.execute("DROP TRIGGER ledger_entry_no_delete")
        cursor.execute(change, [forged.number])
    broken = first_broken_entry()
    assert broken is not None
    assert (broken.number, broken.reason) == (forged.number, reason)


def test_long_text_is_refused_because_it_may_be_personal(world: World) -> None:
    with pytest.raises(TooRevealing, match="note"):
        append(actor="user:1", at=NOW, event=Event.TASK_CHANGED, subject="task:1", data={"note": "x" * 500})


def test_what_fails_leaves_no_entry(world: World) -> None:
    before = newest_number()
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert newest_number() == before


def test_two_hundred_entries_of_four_writers_form_one_chain(own_database: str) -> None:
    before = newest_number()

    def write_fifty(writer: int) -> None:
        try:
            for step in range(50):
                append(
                    actor=f"user:{writer}",
                    at=NOW + timedelta(seconds=step),
                    event=Event.TASK_CHANGED,
                    subject=f"task:{step}",
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write_fifty, range(4)))
    assert newest_number() == before + 200
    assert first_broken_entry() is None


def jobs_waiting(name: str) -> list[tuple[list[int], str]]:
    """Arguments and states of the jobs of this name, in the order in which they were enqueued."""
    found = DBTaskResult.objects.filter(task_path__endswith=f".{name}").order_by("enqueued_at")
    return [(one.args_kwargs["args"], one.status) for one in found]


def test_a_job_that_covers_all_is_told_of_the_newer_entry_while_it_waits(world: World) -> None:
    DBTaskResult.objects.all().delete()
    write()
    second = write("task:2")
    assert jobs_waiting("derive") == [([second.number], "READY")]
    # One that tells of each entry by itself is enqueued for each.
    assert len(jobs_waiting("tell")) == 2


def test_a_job_that_has_begun_is_followed_by_another(world: World) -> None:
    DBTaskResult.objects.all().delete()
    first = write()
    DBTaskResult.objects.update(status="RUNNING")
    second = write("task:2")
    assert jobs_waiting("derive") == [([first.number], "RUNNING"), ([second.number], "READY")]


def test_in_a_bulk_of_writes_the_newest_entry_asks_for_each_job_once(world: World) -> None:
    DBTaskResult.objects.all().delete()
    write()
    with reactions_gathered():
        write("task:2")
        newest = write("task:3")
    assert jobs_waiting("derive") == [([newest.number], "READY")]
    assert [args for args, _ in jobs_waiting("tell")] == [[newest.number - 2], [newest.number]]


def test_only_jobs_without_other_arguments_may_be_told_of_a_newer_entry() -> None:
    assert {job for jobs in REACTIONS.values() for job in jobs} >= COVERING
    assert all(list(signature(job.func).parameters) == ["entry"] for job in COVERING)


def test_an_entry_is_on_the_disk_before_anybody_hears_of_it(world: World) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        write()
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_what_was_written_is_checked_before_others_have_to_wait(world: World) -> None:
    """On PostgreSQL an entry takes a lock that lasts to the commit; a broken reference comes to light before it."""
    if connection.vendor != "postgresql":
        return
    before = newest_number()
    with transaction.atomic():
        RoleHolding.objects.update(body_id=-1)
        with pytest.raises(IntegrityError, match="violates foreign key"):
            write()
        transaction.set_rollback(True)
    assert newest_number() == before
