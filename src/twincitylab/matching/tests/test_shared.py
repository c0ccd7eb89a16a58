"""Lists of *Established* with shared exposure: real candidates only, falling scores, less fame."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from eyelevel.matching import gini
from twincitylab.matching.engine import shared
from twincitylab.matching.engine.clues import Ground
from twincitylab.matching.engine.established import Established, Net, established_scores
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


def test_shared_lists_show_the_famous_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty cities of which the first two stand at the top of every plain list."""
    count = 20
    fame = np.where(np.arange(count) < 2, 1.0, 0.0)
    liking = np.random.default_rng(1).random((count, count)) * 0.2 + 0.4 + 0.3 * fame
    np.fill_diagonal(liking, -1)

    def ranked(_ground: Ground, rows: NDArray[np.int64], *, top: int, net: Net | None) -> Established:
        order = np.argsort(-liking[rows], axis=1)[:, : count - 1]
        score = np.take_along_axis(liking[rows], order, axis=1)
        blank = ((0, 0), (0, top - order.shape[1]))
        return Established(
            np.pad(order, blank, constant_values=-1), np.pad(score, blank), np.empty((len(rows), top, 0)), ()
        )

    monkeypatch.setattr(shared, "established_scores", ranked)
    plain = np.argsort(-liking, axis=1)[:, :3]
    partners, _scores = shared_lists(
        cast("Ground", SimpleNamespace(s=range(count))), np.arange(count), ranks=3
    )
    assert _uneven(partners) < 0.5 * _uneven(plain)
    assert (np.diff(np.sort(partners, axis=1), axis=1) > 0).all()


def _uneven(lists: NDArray[np.int64]) -> float:
    return gini(np.bincount(lists[lists >= 0], minlength=20))
