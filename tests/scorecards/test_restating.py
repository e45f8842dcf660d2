"""A corrected figure shows whose score and rank it changed; what was known before stays what it was."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import tell
from tests.scorecards.method import Q2, Q3, score_provinces, standing
from tests.web.judgement import SUMMER, Nation, judged
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.scoring import compute
from thuocdo.indicators.models import Measurement
from thuocdo.scorecards.models import Run, Scorecard
from thuocdo.scorecards.operations import score
from thuocdo.scorecards.queries import gather, spec_of
from thuocdo.scorecards.queries.restating import effects_of, restated

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


def corrected(nation: Nation, *, at: Any = LATER, **changes: Any) -> Measurement:
    """Hà Nội's share of May, told anew after the quarter."""
    given = {"period": "2026-05", "value": "96", "reason": "Bổ sung hồ sơ"} | changes
    return tell(nation.world, at=at, **given)


def again(nation: Nation, period: Any = Q2, *, at: Any = LATER) -> Run:
    return score_provinces(nation.world, nation.scorecard, period, at=at, is_live=period == Q3)


def scored(scorecard: Scorecard, run: Run, world: World, known_at: Any) -> dict[str, float]:
    """The plain way: everything gathered as known at a moment and computed."""
    bodies = [world.body(code) for code in ("01", "48")]
    spec = spec_of(scorecard)
    period = parse_period(run.period)
    inputs = gather(
        spec=spec, peer_group="provinces", period=period, bodies=bodies, on=run.known_at.date(), known_at=known_at
    )
    outcome = compute(spec, inputs.matrix)
    return dict(zip(outcome.units, outcome.rounded_of(spec.top).tolist(), strict=True))


def test_a_correction_shows_scores_and_ranks_with_and_without_it(nation: Nation) -> None:
    row = corrected(nation)
    run = again(nation)
    (effect,) = effects_of(row, scorecard=nation.scorecard)
    assert (effect.run.pk, effect.period) == (run.pk, Q2)
    old, now = standing(nation.before, "01"), standing(run, "01")
    assert (effect.own.score_before, effect.own.score) == (old.rounded, now.rounded)
    assert (effect.own.rank_before, effect.own.rank) == (2, 1)
    (other,) = effect.others
    assert (other.code, other.rank_before, other.rank, other.gained) == ("48", 1, 2, 0.0)
    # The very numbers that the plain way gives for the moments before and after.
    before = scored(nation.scorecard, run, nation.world, row.recorded_at - timedelta(microseconds=1))
    after = scored(nation.scorecard, run, nation.world, row.recorded_at)
    assert {place.code: place.score_before for place in effect.trial.places} == before
    assert {place.code: place.score for place in effect.trial.places} == after


def test_what_was_known_before_is_scored_as_it_was(nation: Nation) -> None:
    corrected(nation)
    again(nation)
    (then,) = score(
        actor=nation.world.machine, at=LATER, scorecard=nation.scorecard, period=Q2, peer_groups=["provinces"],
        known_at=SUMMER,
    )  # fmt: skip
    assert (then.inputs_digest, then.outputs_digest) == (nation.before.inputs_digest, nation.before.outputs_digest)


def test_each_of_two_corrections_shows_its_own_step(nation: Nation) -> None:
    first = corrected(nation, value="60")
    second = corrected(nation, value="96", at=LATER + timedelta(minutes=5))
    again(nation, at=LATER + timedelta(minutes=9))
    (one,), (two,) = (effects_of(row, scorecard=nation.scorecard) for row in (first, second))
    assert one.own.score == two.own.score_before
    assert (one.own.gained, two.own.gained) == (round(20 * 50 / 100, 2), round(36 * 50 / 100, 2))


def test_a_withdrawn_figure_and_a_weaker_source(nation: Nation) -> None:
    withdrawn = corrected(nation, state="null", value=None)
    again(nation)
    (effect,) = effects_of(withdrawn, scorecard=nation.scorecard)
    assert effect.own.gained == -20
    # What somebody declares anew where a system told counts for nothing.
    declared = corrected(nation, period="2026-08", value="99", provenance="declared", source="Báo cáo")
    assert effects_of(declared, scorecard=nation.scorecard) == []
    other = corrected(nation, period="2026-08", value="98", provenance="declared", source="Báo cáo",
                      at=LATER + timedelta(minutes=1))  # fmt: skip
    assert other.supersedes_id == declared.pk
    assert effects_of(other, scorecard=nation.scorecard) == []


def test_a_period_tells_all_its_corrections_together(nation: Nation) -> None:
    assert restated(nation.before).rows == ()
    first = corrected(nation, value="60")
    second = corrected(nation, value="96", at=LATER + timedelta(minutes=5))
    third = corrected(nation, body="48", value="71", at=LATER + timedelta(minutes=6))
    # Told anew while its period runs, a figure is brought up to date and not corrected.
    tell(nation.world, at=SUMMER - timedelta(days=40), body="48", period="2026-06", value="10")
    tell(nation.world, at=SUMMER - timedelta(days=39), body="48", period="2026-06", value="12")
    run = again(nation, at=LATER + timedelta(minutes=9))
    found = restated(run)
    assert [row.pk for row in found.rows] == [third.pk, second.pk, first.pk]
    assert {one.code for one in found.changed} >= {"01"}
    before = scored(nation.scorecard, run, nation.world, first.recorded_at - timedelta(microseconds=1))
    assert found.trial is not None
    assert {one.code: one.score_before for one in found.trial.places} == before
    # What merely came later is no correction: it counts on both sides.
    tell(nation.world, at=LATER + timedelta(minutes=20), body="48", period="2026-06", value="12", source="Nguồn khác")
    tell(nation.world, at=LATER + timedelta(minutes=20), body="01", period="2026-06", value="11")
    assert restated(again(nation, at=LATER + timedelta(minutes=21))).changed == []


def test_the_page_of_a_figure_and_the_page_of_the_ranking_tell_it(
    nation: Nation, django_assert_max_num_queries: Any
) -> None:
    row = corrected(nation)
    again(nation)
    client = Client()
    client.force_login(nation.world.people["thu"])
    with time_machine.travel(LATER, tick=False):
        with django_assert_max_num_queries(15):
            page = client.get(f"/so-lieu/{row.pk}/").text
        assert f'hx-get="/so-lieu/{row.pk}/dinh-chinh/"' in page
        for headers in [dict[str, str](), {"HX-Request": "true"}]:
            with django_assert_max_num_queries(15):
                page = client.get(f"/so-lieu/{row.pk}/dinh-chinh/", headers=headers).text
            assert ("<html" in page) is (not headers)
            for words in ("lên 1 bậc", "xuống 1 bậc", "tăng 28,00", "62,00", "90,00"):
                assert words in page, words
        # A figure that corrects none has no such page; nor has anybody who does not see scores or the figure.
        assert client.get(f"/so-lieu/{row.supersedes_id}/dinh-chinh/").status_code == 404
        client.force_login(nation.world.people["lan"])
        assert client.get(f"/so-lieu/{row.pk}/dinh-chinh/").status_code == 404
        client.force_login(nation.world.people["thu"])
        # Who looks at a day in the past is told nothing of what came later.
        assert "Đính chính này" not in client.get(f"/so-lieu/{row.supersedes_id}/?luc=01/08/2026").text
        with django_assert_max_num_queries(15):
            page = client.get("/xep-hang/dinh-chinh/?nhom=provinces&ky=2026-Q2").text
        for words in ("1 số liệu", "2 cơ quan", "Bổ sung hồ sơ", f"/so-lieu/{row.pk}/#dinh-chinh"):
            assert words in page, words
        assert "Chưa số liệu nào" in client.get("/xep-hang/dinh-chinh/?nhom=provinces&ky=2026-Q3").text
        assert "/xep-hang/dinh-chinh/?nhom=provinces" in client.get("/xep-hang/?nhom=provinces").text
