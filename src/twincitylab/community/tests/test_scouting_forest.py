"""Trees of recommendations and their picture: deterministic, readable, and never caught in a ring."""

import time
from itertools import combinations

from twincitylab.community.choices import ContactKind
from twincitylab.community.rules.scouting_actors import Actor
from twincitylab.community.rules.scouting_forest import Forest, forest
from twincitylab.community.rules.scouting_picture import (
    BOX_HEIGHT,
    BOX_WIDTH,
    Picture,
    picture,
    shortened,
)


def _actors(**recommended_by: int | None) -> list[Actor]:
    """``_actors(a=None, b=1)``: the contact 1 is called a, 2 is called b and recommended by 1."""
    return [
        Actor(number, ContactKind.PERSON, name, recommended_by=by)
        for number, (name, by) in enumerate(recommended_by.items(), start=1)
    ]


def _told(grown: Forest) -> list[tuple[str, int]]:
    told = []
    open_ones = list(grown.roots)
    while open_ones:
        branch = open_ones.pop(0)
        told.append((branch.actor.name, branch.depth))
        open_ones = [*branch.recommended, *open_ones]
    return told


def test_the_largest_tree_comes_first_and_loners_stand_apart() -> None:
    grown = forest(_actors(a=None, b=1, c=None, d=3, e=4, f=None))
    assert _told(grown) == [("c", 0), ("d", 1), ("e", 2), ("a", 0), ("b", 1)]
    assert [actor.name for actor in grown.loners] == ["f"]
    assert grown.closing == ()


def test_a_ring_is_cut_before_its_first_member() -> None:
    grown = forest(_actors(a=3, b=1, c=2, d=2))
    assert _told(grown) == [("a", 0), ("b", 1), ("c", 2), ("d", 2)]
    assert grown.closing == ((3, 1),)
    assert len(picture(grown).rings) == 1


def test_two_who_recommended_each_other_are_a_ring() -> None:
    grown = forest(_actors(a=2, b=1))
    assert grown.closing == ((2, 1),)
    assert [box.recommended for box in picture(grown).boxes] == [1, 1]


def test_a_recommender_who_is_not_on_the_map_counts_as_none() -> None:
    assert [actor.name for actor in forest(_actors(a=99)).loners] == ["a"]


def test_a_chain_and_a_ring_of_a_thousand_are_drawn_quickly() -> None:
    chain = [Actor(n, ContactKind.PERSON, f"n{n}", recommended_by=n - 1 or None) for n in range(1, 1001)]
    ring = [Actor(n, ContactKind.PERSON, f"n{n}", recommended_by=n - 1 or 1000) for n in range(1, 1001)]
    began = time.perf_counter()
    assert len(picture(forest(chain)).boxes) == 1000
    assert len(picture(forest(ring)).rings) == 1
    assert time.perf_counter() - began < 2


def test_no_two_boxes_touch_and_all_stand_in_the_picture() -> None:
    actors = [Actor(n, ContactKind.PLACE, f"n{n}", recommended_by=n // 3 or None) for n in range(1, 120)]
    drawn = picture(forest(actors))
    assert all(
        abs(a.x - b.x) >= BOX_WIDTH or abs(a.y - b.y) >= BOX_HEIGHT for a, b in combinations(drawn.boxes, 2)
    )
    assert all(box.x >= 0 and box.x + BOX_WIDTH <= drawn.width for box in drawn.boxes)
    assert all(box.y >= 0 and box.y + BOX_HEIGHT <= drawn.height for box in drawn.boxes)


def test_the_picture_is_mirrored_for_readers_from_the_right() -> None:
    grown = forest(_actors(a=None, b=1, c=1))
    left, right = picture(grown), picture(grown, is_mirrored=True)
    assert [box.x for box in right.boxes] == [left.width - box.x - BOX_WIDTH for box in left.boxes]
    assert {(box.direction, box.anchor) for box in left.boxes} == {("ltr", "start")}
    assert {(box.direction, box.anchor) for box in right.boxes} == {("ltr", "end")}


def test_a_name_in_another_script_begins_beside_the_sign() -> None:
    grown = forest(
        [Actor(1, ContactKind.PERSON, "مكتبة"), Actor(2, ContactKind.PERSON, "b", recommended_by=1)]
    )
    assert [(box.direction, box.anchor) for box in picture(grown).boxes] == [("rtl", "end"), ("ltr", "start")]


def test_nobody_makes_an_empty_picture() -> None:
    assert picture(forest([])) == Picture(0, 0)


def test_long_names_are_shortened_by_the_room_they_take() -> None:
    assert shortened("Choir") == "Choir"
    assert shortened("Neighbourhood house of the north") == "Neighbourhood house…"
    assert shortened("京都市国際交流協会本部事務局") == "京都市国際交流協会…"
