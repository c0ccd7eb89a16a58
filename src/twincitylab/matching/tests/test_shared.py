"""Lists of *Established* with shared exposure: real candidates only, falling scores, less fame."""

import numpy as np
import pytest
from numpy.typing import NDArray

from eyelevel.matching import gini
from twincitylab.matching.engine.established import established_scores
from twincitylab.matching.engine.shared import shared_lists
from twincitylab.matching.tests.test_established import ground

TWINNED = np.array([0, 1, 3, 4])


def test_shared_lists_leave_out_the_city_itself_and_its_known_twins() -> None:
    partners, _scores = shared_lists(ground(), TWINNED, ranks=3)
    plain = established_scores(ground(), TWINNED, top=6).index
    for line, possible, row in zip(partners, plain, TWINNED, strict=True):
        assert row not in line
        assert set(line[line >= 0]) <= set(possible)


def test_shared_lists_fall_in_score_and_stay_between_zero_and_one() -> None:
    _partners, scores = shared_lists(ground(), TWINNED, ranks=3)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (np.diff(scores, axis=1) <= 0).all()


def test_shared_lists_tell_how_far_they_are() -> None:
    told: list[float] = []
    shared_lists(ground(), TWINNED, ranks=2, progress=told.append)
    assert told[-1] == pytest.approx(1.0)


def test_shared_lists_of_nobody_are_empty() -> None:
    partners, scores = shared_lists(ground(), np.empty(0, dtype=np.int64), ranks=3)
    assert partners.shape == scores.shape == (0, 3)


def test_shared_lists_show_nobody_more_unevenly_than_the_plain_ones() -> None:
    partners, _scores = shared_lists(ground(), TWINNED, ranks=1)
    assert _uneven(partners) <= _uneven(established_scores(ground(), TWINNED, top=1).index)


def _uneven(lists: NDArray[np.int64]) -> float:
    return gini(np.bincount(lists[lists >= 0], minlength=6))
