"""Drafts of a method: kept apart, back-cast over what was ranked, approved byte for byte or let go."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from tests.scorecards.method import Q2
from tests.web.judgement import CAPPED, Nation, judged
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number
from thuocdo.scorecards.jobs import backcast as job
from thuocdo.scorecards.lifecycle import DRAFT_STEPS, DraftState, DraftStep
from thuocdo.scorecards.models import Draft, Run, Scorecard, Standing
from thuocdo.scorecards.operations import ScorecardRefused
from thuocdo.scorecards.operations.backcasting import ask_backcast, backcast
from thuocdo.scorecards.operations.drafts import (
    DraftRefused,
    approve_draft,
    discard_draft,
    draft_method,
    restore_draft,
    revise_draft,
)
from thuocdo.scorecards.queries import scorecards_on
from thuocdo.scorecards.queries.drafts import backcast_of, backcasts_of, headway_of, waiting_backcasts

# Trust weighs as much as anything can: whom people trust leads.
TRUSTING = CAPPED.replace("weight = 60", "weight = 10").replace("weight = 40", "weight = 90")
# The same numbers under another name for the same thing: nothing may change.
RENAMED = CAPPED.replace("Bộ chỉ số nhỏ", "Bộ chỉ số gọn")
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


def drafted(world: World, text: str = TRUSTING) -> Draft:
    return draft_method(actor=world.actor("quan"), at=NOW, text=text)


def computed(world: World, draft: Draft) -> Draft:
    ask_backcast(actor=world.actor("quan"), at=NOW, draft=draft)
    job.call(newest_number())
    return draft


def test_a_draft_ranks_nobody(nation: Nation, world: World) -> None:
    drafted(world)
    assert [row.pk for row in scorecards_on(date(2026, 12, 1))] == [nation.scorecard.pk]
    assert Scorecard.objects.count() == 1


@pytest.mark.parametrize("person", ["thu", "lan", "minh", "son", "thanh", "hoa", "an", "binh"])
def test_only_who_manages_methods_writes_a_draft(nation: Nation, world: World, person: str) -> None:
    draft, who = drafted(world), world.actor(person)
    with pytest.raises(NotAllowed):
        draft_method(actor=who, at=NOW, text=RENAMED)
    with pytest.raises(NotAllowed):
        revise_draft(actor=who, at=NOW, draft=draft, text=RENAMED)
    with pytest.raises(NotAllowed):
        ask_backcast(actor=who, at=NOW, draft=draft)
    with pytest.raises(NotAllowed):
        discard_draft(actor=who, at=NOW, draft=draft)
    with pytest.raises(NotAllowed):
        approve_draft(actor=who, at=NOW, draft=draft, digest=draft.digest, approved_by="x", valid_from=OCTOBER)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", ScorecardRefused),
        ("not = = toml", ScorecardRefused),
        (TRUSTING.replace('parent = "trust"', 'parent = "truth"'), ScorecardRefused),
        (TRUSTING.replace('code = "satisfaction"', 'code = "never_measured"'), ScorecardRefused),
        (CAPPED, DraftRefused),
        (TRUSTING.replace("small-2026", "another-2026"), DraftRefused),
        ("#" * 300_000, DraftRefused),
    ],
)
def test_what_is_no_other_version_of_a_known_method_is_refused(
    nation: Nation, world: World, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        drafted(world, text)
    assert Draft.objects.count() == 0


def test_the_faults_of_a_file_have_their_line_and_remedy(nation: Nation, world: World) -> None:
    with pytest.raises(ScorecardRefused) as refusal:
        drafted(world, TRUSTING.replace("weight = 90", "weight = -90"))
    (problem,) = refusal.value.problems
    assert problem.line == TRUSTING.splitlines().index("weight = 90") + 1
    assert problem.remedy


def test_the_method_in_force_back_cast_changes_nothing(nation: Nation, world: World) -> None:
    """The same rules under another title: every ranking comes out as it was made, to the last bit."""
    draft = computed(world, drafted(world, RENAMED))
    rows = list(backcasts_of(draft))
    assert [(one.period, one.state) for one in rows] == [("2026-Q3", "done"), ("2026-Q2", "done")]
    for one in rows:
        assert (one.moved, one.classes_changed) == (0, 0)
        assert one.outputs_digest == one.compared_outputs
        assert (one.spearman, one.kendall) == (1.0, 1.0)
        assert one.movers == []


def test_a_draft_is_compared_ranking_by_ranking(nation: Nation, world: World) -> None:
    draft = computed(world, drafted(world))
    third = backcast_of(draft, peer_group="provinces", period="2026-Q3")
    assert third is not None
    # Hà Nội leads by results, Đà Nẵng by trust.
    assert {row[0]: (row[1], row[2]) for row in third.rows} == {"01": (1, 2), "48": (2, 1)}
    assert (third.moved, third.spearman, third.kendall) == (2, -1.0, -1.0)
    assert third.version == 1


def test_the_reasons_of_two_moves_add_up_to_the_distance_that_they_make(nation: Nation, world: World) -> None:
    """Reasons are told against the peers: of two bodies they differ by what the bodies gain on each other."""
    draft = computed(world, drafted(world))
    third = backcast_of(draft, peer_group="provinces", period="2026-Q3")
    assert third is not None
    gains = {row[0]: row[4] - row[3] for row in third.rows}
    told = {one["body"]: sum(points for _code, points in one["reasons"]) for one in third.movers}
    assert set(told) == {"01", "48"}
    assert told["48"] - told["01"] == pytest.approx(gains["48"] - gains["01"], abs=0.0201)
    assert told["48"] == pytest.approx(-told["01"])


def test_past_rankings_are_computed_by_what_was_known_when_they_were_made(nation: Nation, world: World) -> None:
    from tests.indicators.figures import tell

    # Told after the second quarter was ranked: by hindsight Hà Nội would be at 100.
    tell(world, body="01", period="2026-05", value="100")
    draft = computed(world, drafted(world, RENAMED))
    second = backcast_of(draft, peer_group="provinces", period=Q2.label)
    assert second is not None
    assert second.outputs_digest == nation.before.outputs_digest


def test_nothing_that_ranks_is_touched(nation: Nation, world: World) -> None:
    before = (Run.objects.count(), list(Standing.objects.order_by("pk").values()))
    computed(world, drafted(world))
    assert (Run.objects.count(), list(Standing.objects.order_by("pk").values())) == before


def test_headway_grows_period_by_period_and_a_second_job_finds_nothing(nation: Nation, world: World) -> None:
    draft = drafted(world)
    assert ask_backcast(actor=world.actor("quan"), at=NOW, draft=draft) == 2
    assert [period for _draft, period in waiting_backcasts()] == ["2026-Q3", "2026-Q2"]
    backcast(actor=world.machine, at=NOW, draft=draft, period="2026-Q3")
    assert (headway_of(draft).done, headway_of(draft).asked) == (1, 2)
    job.call(newest_number())
    assert not headway_of(draft).is_running
    entries = newest_number()
    job.call(entries)
    assert newest_number() == entries


def test_what_the_method_cannot_score_is_told_and_stops_nothing_else(nation: Nation, world: World) -> None:
    geometric = TRUSTING.replace('method = "arithmetic"', 'method = "geometric"').replace(
        "goalposts = [0, 10]", 'goalposts = [5, 10]\nnormalise = { method = "goalposts", truncate = false }'
    )
    draft = computed(world, drafted(world, geometric))
    headway = headway_of(draft)
    assert headway.failed == 2
    assert not headway.is_running
    assert set(backcasts_of(draft).values_list("failure", flat=True)) == {"mean_undefined"}


def test_a_revision_takes_what_was_computed_with_it(nation: Nation, world: World) -> None:
    draft = computed(world, drafted(world))
    revised = revise_draft(actor=world.actor("quan"), at=NOW, draft=draft, text=RENAMED)
    assert headway_of(revised).asked == 0
    # Who still looks at the former text cannot approve it.
    with pytest.raises(DraftRefused) as refusal:
        approve_draft(
            actor=world.actor("quan"), at=NOW, draft=revised, digest=draft.digest, approved_by="x", valid_from=OCTOBER
        )
    assert refusal.value.code == "revised"


def test_an_approved_draft_is_the_next_version_byte_for_byte(nation: Nation, world: World) -> None:
    draft = drafted(world)
    scorecard = approve_draft(
        actor=world.actor("quan"), at=NOW, draft=draft, digest=draft.digest,
        approved_by="Quyết định 12-QĐ/BCĐ", valid_from=OCTOBER,
    )  # fmt: skip
    assert (scorecard.version, scorecard.digest, scorecard.text) == (2, draft.digest, draft.text)
    assert (scorecard.approved_by, scorecard.valid_from) == ("Quyết định 12-QĐ/BCĐ", OCTOBER)
    assert [row.version for row in scorecards_on(date(2026, 9, 30))] == [1]
    assert [row.version for row in scorecards_on(OCTOBER)] == [2]
    draft.refresh_from_db()
    assert (draft.state, draft.scorecard_id) == (DraftState.APPROVED, scorecard.pk)
    told = [entry.event for entry in Entry.objects.order_by("-number")[:2]]
    assert told == ["scorecards.draft.changed", "scorecards.scorecard.loaded"]


@pytest.mark.parametrize(
    ("document", "day", "code"),
    [
        ("", OCTOBER, "no_document"),
        ("  ", OCTOBER, "no_document"),
        ("x" * 301, OCTOBER, "too_long"),
        ("Quyết định 12", date(2026, 10, 2), "not_a_quarter"),
        ("Quyết định 12", date(2026, 4, 1), "past"),
    ],
)
def test_an_approval_needs_its_document_and_a_quarter_that_is_not_over(
    nation: Nation, world: World, document: str, day: date, code: str
) -> None:
    draft = drafted(world)
    with pytest.raises(DraftRefused) as refusal:
        approve_draft(
            actor=world.actor("quan"), at=NOW, draft=draft, digest=draft.digest, approved_by=document, valid_from=day
        )
    assert refusal.value.code == code
    assert Scorecard.objects.count() == 1


def test_a_discarded_draft_comes_back_with_what_was_computed(nation: Nation, world: World) -> None:
    draft, quan = computed(world, drafted(world)), world.actor("quan")
    discard_draft(actor=quan, at=NOW, draft=draft)
    with pytest.raises(DraftRefused):
        ask_backcast(actor=quan, at=NOW, draft=draft)
    restored = restore_draft(actor=quan, at=NOW, draft=draft)
    assert restored.state == DraftState.DRAFT
    assert headway_of(restored).done == 2


@pytest.mark.parametrize("state", list(DraftState))
@pytest.mark.parametrize("step", list(DraftStep))
def test_a_step_is_open_from_one_state_alone(nation: Nation, world: World, state: DraftState, step: DraftStep) -> None:
    draft, quan = drafted(world), world.actor("quan")
    if state == DraftState.APPROVED:
        approve_draft(actor=quan, at=NOW, draft=draft, digest=draft.digest, approved_by="QĐ 1", valid_from=OCTOBER)
    elif state == DraftState.DISCARDED:
        discard_draft(actor=quan, at=NOW, draft=draft)
    acts = {
        DraftStep.REVISE: lambda: revise_draft(actor=quan, at=NOW, draft=draft, text=RENAMED),
        DraftStep.APPROVE: lambda: approve_draft(
            actor=quan, at=NOW, draft=draft, digest=draft.digest, approved_by="QĐ 1", valid_from=OCTOBER
        ),
        DraftStep.DISCARD: lambda: discard_draft(actor=quan, at=NOW, draft=draft),
        DraftStep.RESTORE: lambda: restore_draft(actor=quan, at=NOW, draft=draft),
    }
    if DRAFT_STEPS[step][0] == state:
        acts[step]()
        assert Draft.objects.get(pk=draft.pk).state == DRAFT_STEPS[step][1]
    else:
        with pytest.raises(DraftRefused):
            acts[step]()
