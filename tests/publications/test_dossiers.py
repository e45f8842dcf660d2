"""Dossiers: frozen as known, signed by the head of those days, corrected by a new version, kept by the database."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.publications.scenes import CHANGE, TERM, TODAY, done, given, headed, morning
from tests.world import World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.ledger.models import Entry
from thuocdo.organisations.models import Appointment
from thuocdo.publications.files import dossier_docx, dossier_letter, dossier_pdf, dossier_workbook
from thuocdo.publications.lifecycle import parse_term
from thuocdo.publications.models import Dossier
from thuocdo.publications.operations import PublicationRefused, freeze_dossier, request_dossier, sign_dossier
from thuocdo.publications.queries import content_of, differences, paper_of, waiting_for


@pytest.fixture
def head(world: World) -> Appointment:
    """Dũng heads the Ministry of Justice, with a task that is late since 1 August and one that runs."""
    given(world, "Quá hạn", date(2026, 7, 6), date(2026, 8, 1))
    given(world, "Còn hạn", date(2026, 7, 6), date(2026, 12, 1))
    return headed(world, "BTP", since=date(2026, 1, 1))


def frozen(world: World, head: Appointment, name: str = "dung") -> Dossier:
    return freeze_dossier(actor=world.actor(name), at=morning(TODAY), appointment=head, term=TERM)


def test_a_version_is_frozen_and_its_rows_name_their_entries(world: World, head: Appointment) -> None:
    dossier = frozen(world, head)
    content = content_of(dossier)
    assert digest_of_bytes(dossier.content.encode()) == dossier.digest
    assert (content.figures["owed"], content.figures["overdue"], content.figures["running"]) == (2, 1, 1)
    assert all(len(content.rows_of(code)) == value for code, value in content.figures.items())
    for row in content.rows:
        entry = Entry.objects.get(number=row.entry)
        assert f'"code":"{row.code}"' in entry.data
    assert "Dũng" not in dossier.content
    told = Entry.objects.order_by("-number").first()
    assert told is not None
    assert (told.event, told.subject) == ("publications.dossier.frozen", dossier.label)
    assert dossier.digest in told.data
    for rows in (Dossier.objects.filter(pk=dossier.pk),):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(term="2026-Q4")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.delete()


def test_only_the_head_of_those_days_signs(world: World, head: Appointment) -> None:
    dossier = frozen(world, head, "thu")
    for name in ("thu", "lan", "minh", "thanh", "quan", "an"):
        with pytest.raises(NotAllowed):
            sign_dossier(actor=world.actor(name), at=morning(TODAY), dossier=dossier, accepts=True)
    for name in ("lan", "minh", "thanh", "an"):
        with pytest.raises(NotAllowed):
            frozen(world, head, name)
    dung = world.actor("dung")
    with pytest.raises(PublicationRefused, match="chịu trách nhiệm"):
        sign_dossier(actor=dung, at=morning(TODAY), dossier=dossier, accepts=False)
    with pytest.raises(PublicationRefused, match="không thuộc"):
        sign_dossier(actor=dung, at=morning(TODAY), dossier=dossier, accepts=True, explanations={"x": "y"})
    (late,) = content_of(dossier).late_rows
    signed = sign_dossier(
        actor=dung, at=morning(TODAY), dossier=dossier, accepts=True, remark="Đã xem", explanations={late.key: "Chờ"}
    )
    assert signed.explanations == {late.key: "Chờ"}
    with pytest.raises(PublicationRefused, match="đã được ký"):
        sign_dossier(actor=dung, at=morning(TODAY), dossier=dossier, accepts=True)


def test_a_head_who_came_later_does_not_sign_for_the_former_one(world: World, head: Appointment) -> None:
    headed(world, "BTP", since=CHANGE, person="Phạm Thị Mới")
    holding = world.people["dung"].holdings.get()
    holding.valid_from = CHANGE
    holding.save()
    dossier = frozen(world, head, "thu")
    with pytest.raises(NotAllowed):
        sign_dossier(actor=world.actor("dung"), at=morning(TODAY), dossier=dossier, accepts=True)
    with pytest.raises(PublicationRefused, match="chưa có ngày nào giữ chức"):
        freeze_dossier(actor=world.actor("thu"), at=morning(TODAY), appointment=head, term=parse_term("2026-Q4"))


def test_a_correction_is_a_new_version_that_says_what_differs(world: World, head: Appointment) -> None:
    first = frozen(world, head)
    with pytest.raises(PublicationRefused, match="không có gì khác"):
        frozen(world, head)
    late = head.body.led_tasks.get(title="Quá hạn")
    day = TODAY - timedelta(days=1)
    done(world, late, day)
    given(world, "Thêm", TODAY, date(2026, 12, 1))
    second = frozen(world, head)
    assert (second.number, Dossier.objects.get(pk=first.pk).content) == (2, first.content)
    found = differences(content_of(first), content_of(second))
    assert set(found.figures) == {
        ("owed", 2, 3),
        ("late", 0, 1),
        ("overdue", 1, 0),
        ("running", 1, 2),
        ("not_judged", 0, 1),
    }
    assert [row.title for row in found.added] == ["Thêm"]
    assert not found.removed
    assert [(old.figures[1], new.figures[1]) for old, new in found.changed] == [("overdue", "late")]
    with pytest.raises(PublicationRefused, match="bản mới hơn"):
        sign_dossier(actor=world.actor("dung"), at=morning(TODAY), dossier=first, accepts=True)


def test_what_is_asked_for_waits_until_it_is_signed(world: World, head: Appointment) -> None:
    thu, dung, at = world.actor("thu"), world.actor("dung"), morning(TODAY)
    with pytest.raises(NotAllowed):
        request_dossier(actor=dung, at=at, appointment=head, term=TERM, reply_by=TODAY)
    with pytest.raises(PublicationRefused, match="Hạn ký đã qua"):
        request_dossier(actor=thu, at=at, appointment=head, term=TERM, reply_by=TODAY - timedelta(days=1))
    request_dossier(actor=thu, at=at, appointment=head, term=TERM, reply_by=TODAY, note="Kiểm điểm")
    assert [(one.term, one.dossier) for one in waiting_for(dung)] == [("2026-Q3", None)]
    dossier = frozen(world, head)
    assert [one.dossier for one in waiting_for(thu)] == [dossier.pk]
    assert not waiting_for(world.actor("lan"))
    sign_dossier(actor=dung, at=at, dossier=dossier, accepts=True)
    assert not waiting_for(thu)


def test_the_files_say_the_same_and_are_the_same_twice(world: World, head: Appointment) -> None:
    dossier = frozen(world, head)
    paper = paper_of(dossier)
    letter = dossier_letter(paper)
    assert letter.is_draft
    assert letter.signature is not None
    assert letter.signature.name == "Lê Văn Dũng"
    assert dossier_pdf(paper) == dossier_pdf(paper)
    assert dossier_docx(paper) == dossier_docx(paper)
    assert dossier_workbook(paper) == dossier_workbook(paper)
