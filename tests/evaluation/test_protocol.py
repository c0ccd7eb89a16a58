"""The evaluation protocol on links small enough to count by hand."""

import numpy as np
import pytest
from evaluation.protocol import auc, queries, recall, repaired, split, swapped, top_lists

from twincitylab.matching.tests.world_of_six import six_cities

LINKS = np.array([[0, 1], [1, 2], [3, 4]], dtype=np.int32)


def test_queries_ask_for_both_ends() -> None:
    asks, partners = queries(LINKS)
    assert asks.tolist() == [0, 1, 2, 3, 4]
    assert [who.tolist() for who in partners] == [[1], [0, 2], [1], [4], [3]]


def test_recall_counted_by_hand() -> None:
    lists = np.array([[1, *range(10, 109)], [*range(10, 60), 0, *range(60, 109)], list(range(10, 110))])
    lists = np.vstack([lists, np.full((1, 100), -1), [[3] * 100]])
    found = recall(lists, held_out=LINKS, known=np.array([[0, 5]]))
    assert (found.at_10, found.at_100) == (2 / 6, 3 / 6)
    assert (found.warm_at_10, found.cold_at_10) == (1.0, 1 / 5)
    assert (found.endpoints, found.cold) == (6, 5)


def test_split_holds_out_about_a_fifth_and_loses_nothing() -> None:
    links = np.column_stack([np.arange(1000), np.arange(1000, 2000)]).astype(np.int32)
    parts = split(links, seed=3)
    assert len(parts.known) + len(parts.held_out) == 1000
    assert 150 < len(parts.held_out) < 250
    assert not np.isin(parts.known[:, 0], parts.held_out[:, 0]).any()


def test_top_lists_leave_out_the_city_and_its_known_twins() -> None:
    lists = top_lists(
        lambda rows: np.tile(np.arange(5.0), (len(rows), 1)), np.array([4]), known=np.array([[3, 4]]), top=3
    )
    assert lists.tolist() == [[2, 1, 0]]


def test_auc_counts_ties_half() -> None:
    assert auc(np.array([2.0, 1.0]), np.array([1.0, 0.0])) == pytest.approx(3.5 / 4)


def test_swapped_pairs_stay_in_their_countries_and_are_no_links() -> None:
    table = six_cities()
    pairs = swapped(table, LINKS, all_links=LINKS, seed=1)
    countries = {tuple(sorted(line)) for line in table.country[pairs].tolist()}
    assert countries <= {(0, 1), (2, 2)}
    assert not {tuple(line) for line in pairs.tolist()} & {tuple(line) for line in LINKS.tolist()}


def test_repaired_pairs_use_the_same_ends_and_are_no_links() -> None:
    pairs = repaired(LINKS, all_links=LINKS, seed=1)
    assert set(pairs.ravel().tolist()) <= {0, 1, 2, 3, 4}
    assert not {tuple(line) for line in pairs.tolist()} & {tuple(line) for line in LINKS.tolist()}
