"""The picture of the recommendations: where each box stands, which line leads where; plain numbers for SVG.

Trees grow from the side on which reading begins: whoever recommended stands before those recommended, and
beside the first of them. The same contacts always make the same picture.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from twincitylab.community.rules.scouting_actors import Actor
from twincitylab.community.rules.scouting_forest import Branch, Forest

BOX_WIDTH, BOX_HEIGHT = 204, 32
COLUMN, ROW, BETWEEN_TREES, MARGIN = 254, 42, 18, 14
RING_DROP = 30
LETTERS_IN_A_BOX = 20
RIGHT_TO_LEFT = frozenset({"R", "AL"})
LEFT_TO_RIGHT = "L"
WIDE = frozenset("WF")


@dataclass(frozen=True)
class Box:
    """One actor: ``x`` and ``y`` are the upper left corner; ``anchor`` and ``direction`` are for the name."""

    actor: Actor
    label: str
    direction: str
    anchor: str
    x: float
    y: float
    label_x: float
    sign_x: float
    count_x: float
    recommended: int

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2

    @property
    def is_shortened(self) -> bool:
        return self.label != self.actor.name


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    boxes: tuple[Box, ...] = ()
    lines: tuple[str, ...] = ()
    rings: tuple[str, ...] = ()


def picture(grown: Forest, *, is_mirrored: bool = False) -> Picture:
    """All trees below one another; ``is_mirrored`` for readers who begin at the right."""
    places = _places(grown)
    if not places:
        return Picture(0, 0)
    width = max(x for x, _ in places.values()) + BOX_WIDTH + MARGIN
    height = max(y for _, y in places.values()) + BOX_HEIGHT + MARGIN + (RING_DROP if grown.closing else 0)
    if is_mirrored:
        places = {pk: (width - x - BOX_WIDTH, y) for pk, (x, y) in places.items()}
    branches = _branches(grown)
    # A recommendation that closes a ring is no branch, and was made all the same.
    closing = Counter(last for last, _first in grown.closing)
    return Picture(
        width,
        height,
        tuple(
            _box(
                branch,
                *places[branch.actor.pk],
                recommended=len(branch.recommended) + closing[branch.actor.pk],
                is_mirrored=is_mirrored,
            )
            for branch in branches
        ),
        tuple(
            _line(places[branch.actor.pk], places[child.actor.pk], is_mirrored=is_mirrored)
            for branch in branches
            for child in branch.recommended
        ),
        tuple(_ring(places[last], places[first]) for last, first in grown.closing),
    )


def _places(grown: Forest) -> dict[int, tuple[float, float]]:
    """The upper left corner of each box: ends take a row each, the others the first of theirs."""
    places: dict[int, tuple[float, float]] = {}
    next_row: float = MARGIN
    for root in grown.roots:
        for branch in _ends_first(root):
            if branch.recommended:
                y = places[branch.recommended[0].actor.pk][1]
            else:
                y, next_row = next_row, next_row + ROW
            places[branch.actor.pk] = (MARGIN + COLUMN * branch.depth, y)
        next_row += BETWEEN_TREES
    return places


def _ends_first(root: Branch) -> list[Branch]:
    """Children before their parent, in the order in which they stand below one another."""
    order: list[Branch] = []
    open_ones = [root]
    while open_ones:
        branch = open_ones.pop()
        order.append(branch)
        open_ones.extend(branch.recommended)
    return order[::-1]


def _branches(grown: Forest) -> list[Branch]:
    return [branch for root in grown.roots for branch in reversed(_ends_first(root))]


def _box(branch: Branch, x: float, y: float, *, recommended: int, is_mirrored: bool) -> Box:
    label = shortened(branch.actor.name)
    reads_left = _reads_from_the_right(label)
    start = 30 if not is_mirrored else BOX_WIDTH - 30
    return Box(
        actor=branch.actor,
        label=label,
        direction="rtl" if reads_left else "ltr",
        # The name begins beside the sign on either side, however its own script runs.
        anchor="start" if reads_left == is_mirrored else "end",
        x=x,
        y=y,
        label_x=x + start,
        sign_x=x + (16 if not is_mirrored else BOX_WIDTH - 16),
        count_x=x + (BOX_WIDTH if not is_mirrored else 0),
        recommended=recommended,
    )


def _line(parent: tuple[float, float], child: tuple[float, float], *, is_mirrored: bool) -> str:
    start_x, end_x = (parent[0], child[0] + BOX_WIDTH) if is_mirrored else (parent[0] + BOX_WIDTH, child[0])
    start_y, end_y = parent[1] + BOX_HEIGHT / 2, child[1] + BOX_HEIGHT / 2
    middle = (start_x + end_x) / 2
    return f"M{start_x:g} {start_y:g}C{middle:g} {start_y:g} {middle:g} {end_y:g} {end_x:g} {end_y:g}"


def _ring(last: tuple[float, float], first: tuple[float, float]) -> str:
    """From below the one who recommended back to below the first of the ring."""
    start_x, end_x = last[0] + BOX_WIDTH / 2, first[0] + BOX_WIDTH / 2
    start_y, end_y = last[1] + BOX_HEIGHT, first[1] + BOX_HEIGHT
    lowest = max(start_y, end_y) + RING_DROP
    return f"M{start_x:g} {start_y:g}C{start_x:g} {lowest:g} {end_x:g} {lowest:g} {end_x:g} {end_y:g}"


def shortened(name: str, *, longest: int = LETTERS_IN_A_BOX) -> str:
    """As much of a name as fits into a box; letters of East Asian scripts are twice as wide."""
    room = longest
    for place, letter in enumerate(name):
        room -= 2 if unicodedata.east_asian_width(letter) in WIDE else 1
        if room < 0:
            return name[: max(place - 1, 1)].rstrip() + "…"
    return name


def _reads_from_the_right(name: str) -> bool:
    """Whether the first letter that runs in some direction runs from the right."""
    for letter in name:
        runs = unicodedata.bidirectional(letter)
        if runs in RIGHT_TO_LEFT:
            return True
        if runs == LEFT_TO_RIGHT:
            return False
    return False
