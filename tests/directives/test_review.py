"""A person decides on what the machine found: correct, split, merge, reject, restore, add by hand."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.world import NOW, World, recall_world
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import (
    CandidateSettled,
    DirectiveRefused,
    Part,
    add_by_hand,
    correct,
    mark_confirmed,
    merge,
    reject,
    restore,
    split,
    undo_reshaping,
)
from thuocdo.directives.queries import (
    candidate_by_id,
    named,
    progress,
    quote,
    review_list,
    segments,
    undoable_reshapings,
    with_progress,
)
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number


@pytest.fixture
def review(world: World) -> tuple[Document, list[Candidate]]:
    """A notice with the four assignments found in it."""
    load_sample_groups(world)
    document = receive_notice(world)
    return document, found_in(world, document)


def test_every_candidate_lies_on_its_sentence(review: tuple[Document, list[Candidate]]) -> None:
    document, candidates = review
    texts = [document.text[one.start : one.end] for one in candidates]
    assert texts[0].startswith("Bộ Tư pháp chủ trì")
    assert texts[1].endswith("tháng 11/2026")
    shown = quote(document, candidates[1].start, candidates[1].end, around=30)
    assert shown.text == texts[1]
    assert document.text[candidates[1].start - len(shown.before) : candidates[1].start] == shown.before


def test_the_review_list_names_everybody_without_a_query_per_row(
    world: World, review: tuple[Document, list[Candidate]], django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        names = [named(one) for one in review_list(review[0])]
    first = names[0]
    assert [(one.part, one.written) for one in first] == [
        ("lead", "Bộ Tư pháp"),
        ("coordinating", "Bộ Nội vụ"),
        ("coordinating", "các cơ quan liên quan"),
    ]
    assert [one.settled.body.code if one.settled and one.settled.body else None for one in first] == [
        "BTP",
        "BNV",
        None,
    ]


def test_corrections_change_the_fields_and_find_the_body_anew(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    corrected = correct(
        actor=world.actor("thu"),
        at=NOW,
        candidate=review[1][0],
        lead=["Bộ Y tế"],
        deliverable="danh mục văn bản",
        deadline_date=date(2026, 10, 10),
    )
    assert [one.settled.body.code for one in named(corrected) if one.part == "lead" and one.settled] == ["BYT"]  # type: ignore[union-attr]
    assert corrected.deadline_date == date(2026, 10, 10)
    entry = Entry.objects.get(number=newest_number())
    assert entry.event == "directives.candidate.corrected"
    assert '"fields":["lead","deliverable","deadline_date"]' in entry.data


def test_a_correction_that_changes_nothing_leaves_no_trace(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    before = newest_number()
    correct(actor=world.actor("thu"), at=NOW, candidate=review[1][0], action=review[1][0].action)
    assert newest_number() == before


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"action": "  "}, "action", "action_empty"),
        ({"start": 10_000, "end": 10_001}, "start", "span_outside"),
        ({"end": 0}, "start", "span_outside"),
        ({"deadline_kind": "someday"}, "deadline_kind", "deadline_kind_unknown"),
        ({"deadline_date": "31/2/2026"}, "deadline_date", "deadline_not_a_date"),
    ],
)
def test_impossible_corrections_name_field_and_remedy(
    world: World, review: tuple[Document, list[Candidate]], changes: dict[str, object], field: str, code: str
) -> None:
    candidate = review[1][0]
    with pytest.raises(DirectiveRefused) as refused:
        correct(actor=world.actor("thu"), at=NOW, candidate=candidate, **changes)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert ";" in str(refused.value)
    action = candidate.action
    candidate.refresh_from_db()
    assert candidate.action == action


def test_a_deadline_taken_away_or_given_changes_its_kind(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    thu = world.actor("thu")
    without = correct(actor=thu, at=NOW, candidate=review[1][0], deadline_date=None)
    assert without.deadline_kind == "none"
    again = correct(actor=thu, at=NOW, candidate=without, deadline_date=date(2026, 12, 1))
    assert again.deadline_kind == "by"


def test_splitting_leaves_the_deadline_with_the_part_that_states_it_and_those_before(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, candidates = review
    whole = candidates[0]
    cut = document.text.index("; trình Ban Chỉ đạo")
    first, second = split(actor=world.actor("thu"), at=NOW, candidate=whole, offset=cut)
    assert document.text[second.start : second.end].startswith("trình Ban Chỉ đạo")
    assert first.deliverable == "danh mục văn bản cần sửa đổi"
    assert second.deliverable == ""
    assert first.deadline_date == second.deadline_date == date(2026, 10, 14)
    assert first.lead == second.lead == ["Bộ Tư pháp"]
    assert list(first.parents.all()) == [whole]
    assert [one.settled is not None for one in named(first)] == [True, True, False]
    whole.refresh_from_db()
    assert whole.state == "replaced"
    assert [one.pk for one in review_list(document)][:2] == [first.pk, second.pk]
    assert progress(document).total == 5


def test_a_part_after_the_stated_deadline_has_none(world: World, review: tuple[Document, list[Candidate]]) -> None:
    document, _ = review
    text = document.text
    start = text.index("Bộ trưởng Bộ Y tế")
    wide = add_by_hand(
        actor=world.actor("thu"),
        at=NOW,
        document=document,
        start=start,
        end=text.index("dọn dẹp"),
        deadline_raw="trong tháng 11/2026",
        deadline_date=date(2026, 11, 30),
    )
    parts = [Part(start, text.index("3. Các bộ")), Part(text.index("Các bộ, ngành, địa phương"), wide.end)]
    first, second = split(actor=world.actor("thu"), at=NOW, candidate=wide, parts=parts)
    assert (first.deadline_date, second.deadline_date) == (date(2026, 11, 30), None)
    assert second.deadline_kind == "none"


@pytest.mark.parametrize("where", ["start", "end", "outside"])
def test_a_cut_at_the_edge_or_outside_is_refused(
    world: World, review: tuple[Document, list[Candidate]], where: str
) -> None:
    candidate = review[1][0]
    offset = {"start": candidate.start, "end": candidate.end, "outside": candidate.end + 40}[where]
    with pytest.raises(DirectiveRefused) as refused:
        split(actor=world.actor("thu"), at=NOW, candidate=candidate, offset=offset)
    assert refused.value.code == "split_outside"
    candidate.refresh_from_db()
    assert candidate.state == "proposed"


def test_neighbours_merge_into_one_with_the_earliest_deadline(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, candidates = review
    merged = merge(actor=world.actor("thu"), at=NOW, candidates=[candidates[1], candidates[0]])
    assert (merged.start, merged.end) == (candidates[0].start, candidates[1].end)
    assert merged.lead == ["Bộ Tư pháp", "Bộ trưởng Bộ Y tế"]
    assert merged.deadline_date == date(2026, 10, 14)
    assert set(merged.parents.all()) == set(candidates[:2])
    assert progress(document).total == 3


@pytest.mark.parametrize(
    ("chosen", "code"), [([0, 2], "not_neighbours"), ([1], "merge_too_few"), ([1, 1], "merge_too_few")]
)
def test_only_two_or_more_neighbours_merge(
    world: World, review: tuple[Document, list[Candidate]], chosen: list[int], code: str
) -> None:
    with pytest.raises(DirectiveRefused) as refused:
        merge(actor=world.actor("thu"), at=NOW, candidates=[review[1][index] for index in chosen])
    assert refused.value.code == code
    assert not Candidate.objects.filter(state="replaced").exists()


def test_a_split_is_taken_back_while_nothing_that_came_of_it_is_decided(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, candidates = review
    thu, whole = world.actor("thu"), candidates[0]
    cut = document.text.index("; trình Ban Chỉ đạo")
    first, second = split(actor=thu, at=NOW, candidate=whole, offset=cut)
    assert undoable_reshapings(review_list(document)) == {first.pk: "split", second.pk: "split"}
    assert undo_reshaping(actor=thu, at=NOW, candidate=second) == [whole]
    assert [one.pk for one in review_list(document)] == [one.pk for one in candidates]
    whole.refresh_from_db()
    assert (whole.state, whole.decided_at, whole.deadline_date) == ("proposed", None, date(2026, 10, 14))
    assert undoable_reshapings(review_list(document)) == {}
    # What had been split off stays on record, and the sentence can be split anew and taken back anew.
    assert {one.state for one in Candidate.objects.filter(pk__in=[first.pk, second.pk])} == {"replaced"}
    anew = split(actor=thu, at=NOW, candidate=whole, offset=cut)
    undo_reshaping(actor=thu, at=NOW, candidate=anew[0])
    steps = [json.loads(entry.data)["step"] for entry in Entry.objects.filter(subject=whole.label).order_by("number")]
    assert steps == ["split", "return", "split", "return"]


def test_a_merge_is_taken_back_and_a_later_split_first(world: World, review: tuple[Document, list[Candidate]]) -> None:
    document, candidates = review
    thu = world.actor("thu")
    merged = merge(actor=thu, at=NOW, candidates=candidates[:2])
    assert undoable_reshapings([merged]) == {merged.pk: "merge"}
    parts = split(actor=thu, at=NOW, candidate=merged, offset=candidates[1].start)
    assert undo_reshaping(actor=thu, at=NOW, candidate=parts[0]) == [merged]
    merged.refresh_from_db()
    assert undo_reshaping(actor=thu, at=NOW, candidate=merged) == candidates[:2]
    assert [one.pk for one in review_list(document)] == [one.pk for one in candidates]


def test_nothing_is_taken_back_once_a_part_was_decided(world: World, review: tuple[Document, list[Candidate]]) -> None:
    document, candidates = review
    thu = world.actor("thu")
    with pytest.raises(DirectiveRefused) as never:
        undo_reshaping(actor=thu, at=NOW, candidate=candidates[1])
    assert never.value.code == "not_reshaped"
    cut = document.text.index("; trình Ban Chỉ đạo")
    first, second = split(actor=thu, at=NOW, candidate=candidates[0], offset=cut)
    reject(actor=thu, at=NOW, candidate=first)
    assert undoable_reshapings(review_list(document)) == {}
    with pytest.raises(DirectiveRefused) as refused:
        undo_reshaping(actor=thu, at=NOW, candidate=second)
    assert refused.value.code == "part_decided"
    with pytest.raises(CandidateSettled):
        undo_reshaping(actor=thu, at=NOW, candidate=first)
    with pytest.raises(NotAllowed):
        undo_reshaping(actor=world.actor("an"), at=NOW, candidate=second)
    assert progress(document).total == 5


def test_the_review_is_complete_when_nothing_waits_and_reopens_by_a_restore(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, candidates = review
    thu = world.actor("thu")
    for candidate in candidates[1:]:
        reject(actor=thu, at=NOW, candidate=candidate)
    mark_confirmed(actor=thu, at=NOW, candidate=candidates[0])
    document.refresh_from_db()
    done = progress(document)
    assert (document.state, done.decided, done.total, done.is_complete) == ("reviewed", 4, 4, True)
    restored = restore(actor=thu, at=NOW, candidate=candidates[3])
    assert (restored.state, restored.decided_at, restored.decided_by) == ("proposed", None, "")
    document.refresh_from_db()
    assert (document.state, progress(document).decided) == ("extracted", 3)
    counted = with_progress(Document.objects.all()).get()
    assert (counted.found, counted.confirmed, counted.rejected) == (4, 1, 2)  # type: ignore[attr-defined]


def test_what_is_decided_is_not_decided_again(world: World, review: tuple[Document, list[Candidate]]) -> None:
    thu, candidate = world.actor("thu"), review[1][0]
    mark_confirmed(actor=thu, at=NOW, candidate=candidate)
    before = newest_number()
    for step in (mark_confirmed, reject, restore, correct):
        with pytest.raises(CandidateSettled, match="Đã xác nhận"):
            step(actor=thu, at=NOW, candidate=candidate)
    assert newest_number() == before


def test_an_assignment_marked_by_hand_takes_the_marked_text(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, _ = review
    start = document.text.index("xây dựng kế hoạch")
    added = add_by_hand(
        actor=world.actor("thu"), at=NOW, document=document, start=start, end=start + 30, lead=["Bộ Nội vụ"]
    )
    assert added.action == document.text[start : start + 30].strip()
    assert (added.origin, added.state, added.addressee_kind) == ("person", "proposed", "named")
    assert candidate_by_id(world.actor("thu"), added.pk) == added
    assert candidate_by_id(world.actor("an"), added.pk) is None


@pytest.mark.parametrize("person", ["lan", "minh", "thanh", "binh"])
def test_only_the_standing_office_decides(world: World, review: tuple[Document, list[Candidate]], person: str) -> None:
    document, candidates = review
    actor = world.actor(person)
    for step in (correct, reject, mark_confirmed):
        with pytest.raises(NotAllowed):
            step(actor=actor, at=NOW, candidate=candidates[0])
    with pytest.raises(NotAllowed):
        split(actor=actor, at=NOW, candidate=candidates[0], offset=candidates[0].start + 20)
    with pytest.raises(NotAllowed):
        merge(actor=actor, at=NOW, candidates=candidates[:2])
    with pytest.raises(NotAllowed):
        add_by_hand(actor=actor, at=NOW, document=document, start=0, end=10)


@given(
    st.text(alphabet="aâ \n", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6),
)
def test_segments_join_to_the_text_and_know_what_covers_them(text: str, spans: list[tuple[int, int]]) -> None:
    document = Document(text=text)
    candidates = [
        Candidate(pk=number, start=start, end=start + length)
        for number, (start, length) in enumerate(spans, 1)
        if start + length <= len(text)
    ]
    pieces = segments(document, candidates)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        covering = {one.pk for one in candidates if one.start <= piece.start and piece.end <= one.end}
        assert set(piece.candidates) == covering


def test_of_two_reviewers_at_once_one_decides(own_database: str) -> None:
    world = recall_world()
    actor, document = world.actor("thu"), receive_notice(world)
    candidate = found_in(world, document)[0]

    def decide(step: object) -> str:
        try:
            step(actor=actor, at=NOW, candidate=candidate)  # type: ignore[operator]
        except CandidateSettled:
            return "too late"
        finally:
            connection.close()
        return "decided"

    with ThreadPoolExecutor(2) as people:
        answers = sorted(people.map(decide, [mark_confirmed, reject]))
    assert answers == ["decided", "too late"]
    assert Entry.objects.filter(event="directives.candidate.decided").count() == 1
