"""The space: one float32 row per city made of blocks, and the query that asks it for both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching.blocks import Block
from eyelevel.matching.coarse import Coarse, coarsen

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

Features: TypeAlias = Sequence[Block]
"""Something that is not in the space, described by blocks of one row; a block left out counts as unknown."""

LARGEST_NORM = 1e12


class Span(NamedTuple):
    """Where one block lives in a row: columns start..stop, in a directed block traits first, then wishes."""

    name: str
    start: int
    stop: int
    is_directed: bool

    @property
    def middle(self) -> int:
        """Where the wishes of a directed block begin."""
        return (self.start + self.stop) // 2


@dataclass(frozen=True, eq=False)
class Query:
    """Two float32 vectors (D,): ``rows @ forward`` is the benefit here, ``rows @ backward`` that there.

    `row` is the row that asks, if it is one of the space: it is never its own match.
    """

    forward: Float32
    backward: Float32
    row: int | None = None


@dataclass(frozen=True, eq=False)
class Space:
    """n rows of D float32 numbers, the layout of their blocks, and default weights that sum to 1.

    `rows` is C-contiguous and read-only and may be a memory map. `largest_norm` is the length of the
    longest row: the rounding of single precision is bounded with it.
    """

    rows: Float32
    layout: tuple[Span, ...]
    weights: Mapping[str, float]
    largest_norm: float

    @classmethod
    def build(cls, blocks: Sequence[Block], *, weights: Mapping[str, float]) -> Self:
        """Join blocks of the same n rows; `weights` are the defaults of queries, one per block or 0.

        Raises ValueError without blocks, for two blocks of one name, different numbers of rows, or bad
        weights. Cost O(n D).

        >>> from eyelevel.matching import clock
        >>> space = Space.build([Block.kernel("hours", clock([1.0, 9.0]))], weights={"hours": 1})
        >>> space.names, len(space), space.rows.shape
        (('hours',), 2, (2, 3))
        """
        if not blocks:
            raise ValueError("a space needs at least one block")
        if len({len(block) for block in blocks}) > 1:
            sizes = {block.name: len(block) for block in blocks}
            raise ValueError(f"blocks have different numbers of rows: {sizes}")
        rows = np.empty((len(blocks[0]), sum(block.width for block in blocks)), dtype=np.float32)
        layout = _layout(blocks)
        for span, block in zip(layout, blocks, strict=True):
            rows[:, span.start : span.stop] = block.columns
        return cls.from_rows(rows, layout=layout, weights=weights)

    @classmethod
    def from_rows(
        cls, rows: Float32, *, layout: Iterable[tuple[str, int, int, bool]], weights: Mapping[str, float]
    ) -> Self:
        """Open a space from rows that were saved, for example a memory map; nothing is copied.

        `layout` and `weights` are those of the saved space; a layout survives a round trip through JSON.
        Raises ValueError when rows are not a C-contiguous float32 matrix of finite numbers or do not fit
        the layout. Reads every row once: O(n D).
        """
        spans = tuple(Span(*span) for span in layout)
        _check_layout(spans)
        if not (isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.dtype == np.float32):
            raise ValueError("rows must be a float32 matrix")
        if not rows.flags.c_contiguous:
            raise ValueError("rows must be C-contiguous")
        if rows.shape[1] != spans[-1].stop:
            raise ValueError(f"rows have {rows.shape[1]} columns, but the layout has {spans[-1].stop}")
        view = rows.view(np.ndarray)
        view.flags.writeable = False
        names = tuple(span.name for span in spans)
        return cls(view, spans, _shares(weights, names=names), _largest_norm(view))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(span.name for span in self.layout)

    @property
    def bounds(self) -> dict[str, slice]:
        """The columns of each block."""
        return {span.name: slice(span.start, span.stop) for span in self.layout}

    @cached_property
    def coarse(self) -> Coarse:
        """The rows once more at one byte per number, made when the compiled engine first asks for it."""
        return coarsen(self.rows)

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def query(
        self,
        row: int | Features,
        *,
        weights: Mapping[str, float] | None = None,
        back_weights: Mapping[str, float] | None = None,
    ) -> Query:
        """Ask for a row of the space, or for something new described by blocks of one row.

        `weights` say what matters here, `back_weights` what matters there (by default the same): one number
        per block, 0 for a block that is not named. They are divided by their sum, so that scores of
        different weights compare; the rows of the space are never touched. Raises IndexError for a row that
        does not exist and ValueError for unknown names, weights that are negative or not finite, or all 0.
        Cost O(D).

        >>> from eyelevel.matching import clock
        >>> space = Space.build([Block.kernel("hours", clock([1.0, 13.0]))], weights={"hours": 1})
        >>> [round(abs(float(a)), 4) for a in space.rows @ space.query(0).forward]
        [1.0, 0.0]
        """
        if isinstance(row, Sequence):
            return self.query_line(self.encode(row), weights=weights, back_weights=back_weights)
        number = self._row_number(row)
        asked = self.query_line(self.rows[number], weights=weights, back_weights=back_weights)
        return replace(asked, row=number)

    def query_line(
        self,
        line: Float32,
        *,
        weights: Mapping[str, float] | None = None,
        back_weights: Mapping[str, float] | None = None,
    ) -> Query:
        """Ask for a row that is written already, (D,) float32, for example one of a space of the same layout.

        Weights and errors are those of `query`; raises ValueError for a row of another width. Cost O(D).

        >>> from eyelevel.matching import clock
        >>> space = Space.build([Block.kernel("hours", clock([1.0, 13.0]))], weights={"hours": 1})
        >>> bool((space.query_line(space.rows[1]).forward == space.query(1).forward).all())
        True
        """
        if line.shape != (self.rows.shape[1],):
            raise ValueError(f"a row of this space has {self.rows.shape[1]} numbers, not {line.shape}")
        here = self.weights if weights is None else _shares(weights, names=self.names)
        there = here if back_weights is None else _shares(back_weights, names=self.names)
        own = np.asarray(line, dtype=np.float32)
        forward, backward = np.zeros_like(own), np.zeros_like(own)
        for span in self.layout:
            traits, wishes = slice(span.start, span.middle), slice(span.middle, span.stop)
            if span.is_directed:
                forward[traits] = own[wishes] * here[span.name]
                backward[wishes] = own[traits] * there[span.name]
            else:
                whole = slice(span.start, span.stop)
                forward[whole] = own[whole] * here[span.name]
                backward[whole] = own[whole] * there[span.name]
        return Query(forward, backward)

    def encode(self, features: Features) -> Float32:
        """Write blocks of one row as a row of this space, (D,) float32; zeros for blocks that are left out.

        Raises ValueError for a block this space has not, of another kind or width, or with more than one row.
        """
        line = np.zeros(self.rows.shape[1], dtype=np.float32)
        spans = {span.name: span for span in self.layout}
        if len({block.name for block in features}) < len(features):
            raise ValueError("a block is given twice")
        for block in features:
            span = spans.get(block.name)
            if span is None:
                raise ValueError(f"unknown block {block.name!r}; this space has {', '.join(self.names)}")
            width = span.stop - span.start
            if (len(block), block.width, block.is_directed) != (1, width, span.is_directed):
                kind = "directed" if span.is_directed else "kernel"
                raise ValueError(f"block {block.name!r} must be one row of a {kind} block, {width} wide")
            line[span.start : span.stop] = block.columns[0]
        return line

    def contributions(self, vector: Float32, *, rows: NDArray[np.integer]) -> Float64:
        """Split ``rows @ vector`` by block for some rows, (len(rows), blocks) float64; lines sum to it."""
        products = self.rows[rows].astype(np.float64) * vector
        return np.add.reduceat(products, [span.start for span in self.layout], axis=1)

    def _row_number(self, row: int) -> int:
        number = int(row)
        if not 0 <= number < len(self):
            raise IndexError(f"row {number} is not one of the {len(self)} rows of this space")
        return number


def _layout(blocks: Sequence[Block]) -> tuple[Span, ...]:
    stops = np.cumsum([block.width for block in blocks]).tolist()
    return tuple(
        Span(block.name, stop - block.width, stop, block.is_directed)
        for block, stop in zip(blocks, stops, strict=True)
    )


def _check_layout(spans: tuple[Span, ...]) -> None:
    if not spans:
        raise ValueError("a space needs at least one block")
    names = [span.name for span in spans]
    if len(set(names)) < len(names):
        raise ValueError(f"block names must differ, not {names}")
    starts = [0, *(span.stop for span in spans[:-1])]
    for span, start in zip(spans, starts, strict=True):
        odd = span.is_directed and (span.stop - span.start) % 2
        if span.start != start or span.stop <= start or odd:
            raise ValueError(f"block {span.name!r} does not fit between columns {span.start} and {span.stop}")


def _shares(weights: Mapping[str, float], *, names: tuple[str, ...]) -> dict[str, float]:
    unknown = sorted(set(weights) - set(names))
    if unknown:
        raise ValueError(f"unknown block {unknown[0]!r}; this space has {', '.join(names)}")
    values = {name: float(weights.get(name, 0.0)) for name in names}
    for name, value in values.items():
        if not (np.isfinite(value) and value >= 0):
            raise ValueError(f"the weight of {name!r} must be a finite number, at least 0, not {value}")
    largest = max(values.values())
    if largest == 0:
        raise ValueError("at least one weight must be above 0")
    scaled = {name: value / largest for name, value in values.items()}
    total = sum(scaled.values())
    return {name: value / total for name, value in scaled.items()}


def _largest_norm(rows: Float32) -> float:
    largest = float(np.sqrt(np.einsum("ij,ij->i", rows, rows).max(initial=0.0)))
    if not largest < LARGEST_NORM:
        raise ValueError("rows contain NaN, infinite or absurdly large numbers")
    return largest
