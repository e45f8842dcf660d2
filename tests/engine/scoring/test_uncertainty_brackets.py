"""Which intervals overlap, against counting every pair."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.scoring.uncertainty.brackets import brackets_of, cliques_of

INTERVALS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=8)


def overlap(low, high, one, other):
    return low[one] <= high[other] and low[other] <= high[one]


@given(INTERVALS)
def test_groups_are_the_largest_in_which_all_overlap(drawn):
    low, high = np.array([(start, start + length) for start, length in drawn], dtype=float).T
    found = {frozenset(group.tolist()) for group in cliques_of(low, high)}
    everyone = range(len(low))
    all_overlap = [
        frozenset(group)
        for size in range(2, len(low) + 1)
        for group in combinations(everyone, size)
        if all(overlap(low, high, *pair) for pair in combinations(group, 2))
    ]
    assert found == {group for group in all_overlap if not any(group < other for other in all_overlap)}


@given(INTERVALS)
def test_brackets_are_linked_within_and_apart_from_each_other(drawn):
    low, high = np.array([(start, start + length) for start, length in drawn], dtype=float).T
    found = [set(bracket.tolist()) for bracket in brackets_of(low, high)]
    assert sorted(place for bracket in found for place in bracket) == list(range(len(low)))
    for one, other in combinations(found, 2):
        assert not any(overlap(low, high, a, b) for a in one for b in other)
        assert max(high[list(one)]) < min(low[list(other)])
    for bracket in found:
        reached = {min(bracket)}
        while more := {b for a in reached for b in bracket - reached if overlap(low, high, a, b)}:
            reached |= more
        assert reached == bracket


def test_touching_intervals_overlap():
    groups = cliques_of(np.array([1.0, 3.0, 6.0]), np.array([3.0, 5.0, 7.0]))
    assert [group.tolist() for group in groups] == [[0, 1]]
    assert [part.tolist() for part in brackets_of(np.array([1.0, 3.0, 6.0]), np.array([3.0, 5.0, 7.0]))] == [
        [0, 1],
        [2],
    ]
