"""Figures on their way: drafts of two people, checks, hand-in, return, sign-off, lock, exception."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.indicators.figures import load_figures, row, tell
from tests.world import FOUNDED, NOW, TODAY, World, recall_world
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.models import Draft, Indicator, Measurement, Submission
from thuocdo.indicators.operations.entering import (
    DraftCell,
    FiguresRefused,
    accept_figures,
    approve_figures,
    check_submission,
    load_entry_rules,
    return_figure,
    save_drafts,
    submit_figures,
    undo_decision,
    unlock_period,
)
from thuocdo.indicators.queries import value_in_force
from thuocdo.indicators.queries.entering import entry_sheet, standings_of, submission_for, submissions_for
from thuocdo.ledger.queries import entries

AUGUST = parse_period("2026-08")


@pytest.fixture
def figures(world: World) -> dict[str, Indicator]:
    return load_figures(world)


@pytest.fixture
def head(world: World, figures: dict[str, Indicator]) -> str:
    """Quân also heads Hà Nội, for this story."""
    grant_role(
        actor=world.machine, at=NOW, user=world.people["quan"], role=Role.HEAD, body=world.body("01"), over=None,
        valid_from=FOUNDED,
    )  # fmt: skip
    return "quan"


def hand_in(world: World, value: str = "79.5", *, who: str = "ha", at: Any = NOW, **changes: Any) -> Any:
    return submit_figures(actor=world.actor(who), at=at, rows=[row(value=value, **changes)])


def standing(world: World, *, today: date = TODAY) -> Any:
    body = world.body("01")
    return standings_of([body], ["2026-08"], list(Indicator.objects.all()), today=today)[body.pk, "2026-08"]


def in_force(world: World, figures: dict[str, Indicator]) -> Measurement | None:
    return value_in_force(figures["service_on_time"], world.body("01"), AUGUST)


def test_provisional_until_signed_off_final_after(world: World, figures: dict[str, Indicator], head: str) -> None:
    assert hand_in(world).accepted == 1
    told = in_force(world, figures)
    assert told is not None
    assert (told.kind, str(told.value)) == ("provisional", "79.50000000")
    submission = Submission.objects.get()
    # 14 September: the figure was due on the 10th.
    assert (submission.stage, submission.is_late) == ("submitted", True)
    with pytest.raises(NotAllowed):
        approve_figures(actor=world.actor("ha"), at=NOW, submission=submission)
    assert approve_figures(actor=world.actor(head), at=NOW + timedelta(hours=1), submission=submission) == 1
    told = in_force(world, figures)
    assert told is not None
    assert (told.kind, told.recorded_by) == ("final", "system:approvals")
    assert hand_in(world, "60").counts == {"locked": 1}

    assert undo_decision(actor=world.actor(head), at=NOW + timedelta(hours=2), submission=submission) == "submitted"
    told = in_force(world, figures)
    assert told is not None
    assert told.kind == "provisional"
    approve_figures(actor=world.actor(head), at=NOW + timedelta(hours=3), submission=submission)
    with pytest.raises(NotAllowed):
        accept_figures(actor=world.actor(head), at=NOW, submission=submission)
    accept_figures(actor=world.actor("thu"), at=NOW + timedelta(hours=4), submission=submission)
    # Taken over above: the head's signature has been used.
    with pytest.raises(NotAllowed):
        undo_decision(actor=world.actor(head), at=NOW, submission=submission)
    assert undo_decision(actor=world.actor("thu"), at=NOW + timedelta(hours=5), submission=submission) == "approved"
    acts = [one.event for one in entries() if one.subject == submission.label]
    assert acts.count("indicators.figures.approved") == 2
    assert acts.count("indicators.figures.reopened") == 2


def test_one_value_comes_back_and_only_its_cell_opens(world: World, figures: dict[str, Indicator], head: str) -> None:
    load_figures(world)
    hand_in(world)
    submission = Submission.objects.get()
    one = figures["service_on_time"]
    with pytest.raises(FiguresRefused):
        return_figure(actor=world.actor(head), at=NOW, submission=submission, indicator=one, message=" ")
    return_figure(actor=world.actor(head), at=NOW, submission=submission, indicator=one, message="Thiếu phường Ba Đình")
    assert standing(world).is_open(one.pk)
    assert not standing(world).is_open(figures["satisfaction"].pk)
    with pytest.raises(FiguresRefused):
        approve_figures(actor=world.actor(head), at=NOW, submission=submission)
    hand_in(world, "81", at=NOW + timedelta(hours=1))
    submission.refresh_from_db()
    assert submission.stage == "submitted"
    assert str(submission.returned.get().measurement.value) == "79.50000000"  # type: ignore[union-attr]
    assert approve_figures(actor=world.actor(head), at=NOW + timedelta(hours=2), submission=submission) == 1
    told = in_force(world, figures)
    assert told is not None
    assert str(told.value) == "81.00000000"


def test_what_is_odd_passes_once_it_is_explained(world: World, figures: dict[str, Indicator]) -> None:
    for month, value in enumerate((70, 71, 72, 73), start=4):
        tell(world, period=f"2026-0{month}", value=str(value))
    refused = hand_in(world, "20")
    assert (refused.accepted, refused.counts) == (0, {"needs_reason": 1})
    assert "trung vị 71,5" in refused.errors[0]["message"]
    assert not Measurement.objects.filter(provenance="declared").exists()
    assert hand_in(world, "0.8").counts == {"needs_reason": 1}
    assert hand_in(world, "20", reason="Sự cố hệ thống suốt tháng").accepted == 1
    assert Measurement.objects.latest("pk").reason == "Sự cố hệ thống suốt tháng"


def test_parts_and_whole_contradict_across_what_is_told_and_what_is_typed(
    world: World, figures: dict[str, Indicator]
) -> None:
    rules = {"rule": [{"kind": "at_most", "parts": ["service_on_time"], "whole": "satisfaction", "severity": "error"}]}
    Indicator.objects.filter(code="satisfaction").update(frequency="month")
    assert load_entry_rules(actor=world.machine, at=NOW, document=rules)
    assert not load_entry_rules(actor=world.machine, at=NOW, document=rules)
    tell(world, indicator="satisfaction", value="60", provenance="independent")
    refused = check_submission(actor=world.actor("ha"), at=NOW, rows=[row(value="61")])
    assert refused.counts == {"exceeds_whole": 1}
    assert "lớn hơn “Mức độ hài lòng” (60)" in refused.errors[0]["message"]
    assert hand_in(world, "60").accepted == 1
    with pytest.raises(FiguresRefused, match="kind"):
        load_entry_rules(actor=world.machine, at=NOW, document={"rule": [{"kind": "magic"}]})


def test_two_people_at_one_cell_see_each_other_and_nobody_wins_silently(
    world: World, figures: dict[str, Indicator]
) -> None:
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.FOCAL_POINT, body=world.body("01"),
        over=None, valid_from=FOUNDED,
    )  # fmt: skip
    one = figures["service_on_time"]

    def type_in(who: str, text: str, seen: int) -> Any:
        return save_drafts(
            actor=world.actor(who), at=NOW, body=world.body("01"), period="2026-08",
            cells={one.pk: DraftCell(text=text, seen=seen)}, indicators=[one],
        )  # fmt: skip

    assert type_in("ha", "80", 0).changed == 1
    second = type_in("binh", "90", 0)
    assert second.changed == 0
    assert second.conflicts[one.pk].text == "80"
    assert type_in("binh", "90", 1).drafts[one.pk].revision == 2
    assert type_in("ha", "81", 1).conflicts[one.pk].text == "90"
    assert type_in("ha", "", 2).drafts == {}
    with pytest.raises(NotAllowed):
        type_in("an", "1", 0)
    type_in("ha", "80", 0)
    hand_in(world, "80")
    assert not Draft.objects.exists()


def test_the_lock_falls_and_an_exception_opens_it_for_a_term(world: World, figures: dict[str, Indicator]) -> None:
    load_entry_rules(actor=world.machine, at=NOW, document={"lock": {"days": 2}})
    # Due on the 10th, two days of grace, locked from the 13th.
    assert standing(world).is_locked
    assert hand_in(world).counts == {"locked": 1}
    body = world.body("01")
    with pytest.raises(NotAllowed):
        unlock_period(actor=world.actor("ha"), at=NOW, body=body, period="2026-08", until=TODAY, reason="x")
    for until, reason in ((TODAY - timedelta(days=1), "x"), (TODAY, " "), (TODAY + timedelta(days=400), "x")):
        with pytest.raises(FiguresRefused):
            unlock_period(actor=world.actor("thu"), at=NOW, body=body, period="2026-08", until=until, reason=reason)
    unlock_period(actor=world.actor("thu"), at=NOW, body=body, period="2026-08", until=TODAY, reason="Mất điện")
    assert hand_in(world).accepted == 1
    assert Submission.objects.get().is_late
    assert standing(world, today=TODAY + timedelta(days=1)).is_locked


def test_only_those_who_have_to_do_with_it_see_a_submission(
    world: World, figures: dict[str, Indicator], django_assert_max_num_queries: Any
) -> None:
    hand_in(world)
    number = Submission.objects.get().pk
    seen = {name for name in world.people if submission_for(world.actor(name), number) is not None}
    assert seen == {"ha", "thu"}
    actor = recall_world().actor("thu")
    with django_assert_max_num_queries(2):
        assert len(submissions_for(actor)) == 1


def test_an_evaluators_figures_are_no_submission(world: World, figures: dict[str, Indicator]) -> None:
    result = hand_in(world, "70", who="son", provenance="independent")
    assert result.accepted == 1
    assert not Submission.objects.exists()
    assert Measurement.objects.get().kind == "final"


def test_the_sheet_of_a_body_is_read_in_few_queries(
    world: World, figures: dict[str, Indicator], django_assert_max_num_queries: Any
) -> None:
    tell(world, period="2026-07", value="77.5")
    tell(world, period="2025-08", value="70")
    with django_assert_max_num_queries(5):
        sheet = entry_sheet(world.body("01"), AUGUST, [figures["service_on_time"]])
    cell = sheet["cells"]["service_on_time"]
    assert (cell["previous"], cell["last_year"], cell["own"]["count"]) == (77.5, 70, 2)
