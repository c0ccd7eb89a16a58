"""Blocks and their explicit feature maps: each turns one kind of fact into unit float32 rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float32 = NDArray[np.float32]

UNIT_TOLERANCE = 1e-3
BUMP_OVERLAP = 1.1
"""Kernel width of the default bumps in spacings of their centres: the sum over centres is then smooth."""
BUMP_MARGIN = 1.0
"""How far centres reach beyond the range, in kernel widths, so that the ends are no special places."""


@dataclass(frozen=True, eq=False)
class Block:
    """One matching factor: what n rows have (`traits`) and, in a directed block, what they seek (`wishes`).

    A kernel block compares like with like: the similarity of i and j is ``<traits_i, traits_j>``, the same
    in both directions, 1 for a row with itself. A directed block lets wishes meet traits: the benefit of i
    from j is ``<wishes_i, traits_j>`` and the benefit of j from i is ``<wishes_j, traits_i>``.
    """

    name: str
    traits: Float32
    wishes: Float32 | None = None

    @classmethod
    def kernel(cls, name: str, features: ArrayLike) -> Block:
        """Return a symmetric block of `features` (n, d) with rows of norm 1, or 0 where nothing is known.

        Raises ValueError for features that are not a finite matrix, or whose rows have another norm: a block
        whose rows are longer would weigh more than its weight says (`unit_rows` or `Block.directed` help).

        >>> Block.kernel("hours", clock([0.0, 12.0])).traits.shape
        (2, 3)
        """
        traits = _matrix(features, name=name)
        norms = np.sqrt(np.einsum("ij,ij->i", traits, traits, dtype=np.float64))
        wrong = np.flatnonzero((np.abs(norms - 1) > UNIT_TOLERANCE) & (norms != 0))
        if wrong.size:
            raise ValueError(
                f"block {name!r}: row {wrong[0]} has norm {norms[wrong[0]]:.4g}, but in a kernel block "
                "it must be 1 (or 0 where nothing is known); pass them through unit_rows()"
            )
        return cls(name, traits)

    @classmethod
    def directed(cls, name: str, *, traits: ArrayLike, wishes: ArrayLike) -> Block:
        """Return a block in which what one row wishes meets what another row has; both are (n, d).

        Raises ValueError when one of the two is not a finite matrix or their shapes differ.

        >>> block = Block.directed("needs", traits=[[1.0, 0.0]], wishes=[[0.0, 1.0]])
        >>> block.width
        4
        """
        has, seeks = _matrix(traits, name=name), _matrix(wishes, name=name)
        if has.shape != seeks.shape:
            raise ValueError(f"block {name!r}: traits are {has.shape}, but wishes are {seeks.shape}")
        return cls(name, has, seeks)

    @property
    def is_directed(self) -> bool:
        return self.wishes is not None

    @property
    def width(self) -> int:
        """How many numbers of a row of the space this block takes."""
        return int(self.traits.shape[1]) * (2 if self.is_directed else 1)

    @property
    def columns(self) -> Float32:
        """The numbers as a space stores them: traits, or traits and wishes side by side."""
        return self.traits if self.wishes is None else np.hstack([self.traits, self.wishes])

    def __len__(self) -> int:
        return int(self.traits.shape[0])


def bumps(
    values: ArrayLike, *, low: float, high: float, count: int = 12, width: float | None = None
) -> Float32:
    """Spread numbers on a line over `count` Gaussian bumps, so that near numbers are alike.

    The inner product of two rows is ``exp(-(x - y)**2 / (2 * width**2))`` within 0.009 for all x, y between
    `low` and `high` at the default width; a larger width is closer still. Values outside are taken to the
    nearest end.

    Parameters
    ----------
    values : (n,) numbers in any unit, for example the logarithm of populations; NaN where unknown.
    low, high : the range of interest, in the same unit.
    count : number of bumps, d.
    width : standard deviation of the kernel, in the same unit; by default as fine as `count` bumps can draw.

    Returns
    -------
    (n, count) float32 of norm 1.

    Raises
    ------
    ValueError
        for an empty range, fewer than four bumps, or a width finer than `count` bumps can draw.

    Notes
    -----
    A Gaussian is the integral of products of two Gaussians narrower by the root of two; evenly
    spaced centres are the trapezoidal rule for it, whose error falls as ``exp(-(pi * width / spacing)**2 /
    2)`` (L. N. Trefethen and J. A. C. Weideman, SIAM Review 56, 2014). Cost O(n count).

    Examples
    --------
    >>> rows = bumps([5.0, 5.5, 7.0], low=4.0, high=7.6)
    >>> [round(float(x), 2) for x in rows @ rows[0]]
    [1.0, 0.54, 0.0]
    """
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"low must be below high and both finite, not {low} and {high}")
    if count < 4:
        raise ValueError(f"count must be at least 4, not {count}")
    finest = bump_width(low=low, high=high, count=count)
    scale = finest if width is None else float(width)
    if not (np.isfinite(scale) and scale >= finest * 0.999):
        raise ValueError(
            f"{count} bumps between {low} and {high} can draw a width of {finest:.3g}, not {width}"
        )
    margin = BUMP_MARGIN * scale
    centres = np.linspace(low - margin, high + margin, count)
    x = np.clip(_vector(values, name="values", allow_nan=True), low, high)
    return unit_rows(np.nan_to_num(np.exp(-(((x[:, None] - centres) / scale) ** 2)), nan=0.0))


def bump_width(*, low: float, high: float, count: int = 12) -> float:
    """Return the finest kernel width that `bumps` can draw with `count` bumps between `low` and `high`.

    >>> round(bump_width(low=4.0, high=7.6), 2)
    0.45
    """
    return (high - low) * BUMP_OVERLAP / (count - 1 - 2 * BUMP_MARGIN * BUMP_OVERLAP)


def sphere(latitude: ArrayLike, longitude: ArrayLike) -> Float32:
    """Place points of the globe so that the inner product is ``(1 + cos(angle)) / 2``: 1 here, 0 opposite.

    `latitude` and `longitude` are (n,) in degrees; returns (n, 4) float32 of norm 1. Raises ValueError for
    different lengths, values that are not finite, or a latitude beyond the poles. Cost O(n).

    >>> rows = sphere([0.0, 0.0, 90.0], [0.0, 180.0, 0.0])
    >>> [round(abs(float(x)), 4) for x in rows @ rows[0]]
    [1.0, 0.0, 0.5]
    """
    lat, lon = _vector(latitude, name="latitude"), _vector(longitude, name="longitude")
    if lat.shape != lon.shape:
        raise ValueError(f"there are {lat.size} latitudes, but {lon.size} longitudes")
    if lat.size and np.abs(lat).max() > 90:
        raise ValueError("latitude must lie between -90 and 90 degrees")
    phi, theta = np.radians(lat), np.radians(lon)
    across = np.cos(phi)
    unit = np.column_stack([np.ones_like(phi), across * np.cos(theta), across * np.sin(theta), np.sin(phi)])
    return np.asarray(unit * np.sqrt(0.5), dtype=np.float32)


def clock(hours: ArrayLike, *, period: float = 24.0) -> Float32:
    """Place hours on a circle so that the inner product is ``(1 + cos(2 pi (x - y) / period)) / 2``.

    `hours` is (n,), any real numbers: 25 is 1, and -3.5 is 20.5. Two clocks that agree give 1, two that are
    half a period apart give 0. Returns (n, 3) float32 of norm 1. Raises ValueError for hours that are not
    finite. Cost O(n).

    >>> rows = clock([1.0, 25.0, 13.0, 7.0])
    >>> [round(abs(float(x)), 4) for x in rows @ rows[0]]
    [1.0, 1.0, 0.0, 0.5]
    """
    if not (np.isfinite(period) and period > 0):
        raise ValueError(f"period must be a positive number, not {period}")
    angle = _vector(hours, name="hours") * (2 * np.pi / period)
    unit = np.column_stack([np.ones_like(angle), np.cos(angle), np.sin(angle)])
    return np.asarray(unit * np.sqrt(0.5), dtype=np.float32)


def classes(labels: ArrayLike, *, similarity: ArrayLike) -> Float32:
    """Give each member of a class a row, so that the inner product of two is the similarity of their classes.

    `labels` is (n,) of integers below m, -1 where unknown (a row of 0); `similarity` is (m, m), symmetric,
    positive semidefinite, with ones on the diagonal; an identity matrix says that only equal classes are
    alike. Returns (n, m) float32 of norm 1. Raises ValueError for labels out of range, or when no feature
    map can give the similarity (its nearest one is off by more than 0.001; `low_rank` says by how much).
    Cost O(m**3 + n m).

    >>> rows = classes([0, 1, 1, -1], similarity=[[1.0, 0.5], [0.5, 1.0]])
    >>> [round(abs(float(x)), 4) for x in rows @ rows[0]]
    [1.0, 0.5, 0.5, 0.0]
    """
    factor = low_rank(similarity)
    if factor.max_error > UNIT_TOLERANCE:
        raise ValueError(
            f"similarity is not positive semidefinite: the nearest feature map is off "
            f"by {factor.max_error:.3g} (unit_rows(low_rank(similarity).features) would accept that)"
        )
    which = np.asarray(labels)
    if which.ndim != 1 or not (which.size == 0 or np.issubdtype(which.dtype, np.integer)):
        raise ValueError("labels must be a list of integers")
    count = len(factor.features)
    if which.size and (which.min() < -1 or which.max() >= count):
        raise ValueError(f"labels must lie between 0 and {count - 1}, or be -1 where unknown")
    rows = np.vstack([factor.features, np.zeros((1, factor.features.shape[1]), dtype=np.float32)])
    return unit_rows(rows[which.astype(np.int64)])


@dataclass(frozen=True, eq=False)
class LowRank:
    """`features` (m, r) whose inner products come near to a similarity, and by how much they miss it."""

    features: Float32
    max_error: float


def low_rank(similarity: ArrayLike, *, rank: int | None = None) -> LowRank:
    """Factor a symmetric similarity (m, m) into rows of `rank` numbers, by default m.

    Keeps the eigenvectors of the largest eigenvalues and sets negative eigenvalues to 0, which is the
    nearest positive semidefinite matrix of that rank in the Frobenius norm (N. J. Higham, Linear Algebra
    Appl. 103, 1988). `max_error` is the largest absolute difference between ``features @ features.T`` and
    the similarity. The sign of each column is fixed by its largest entry, so that equal input gives equal
    output. Raises ValueError for a matrix that is not square, finite and symmetric, or a rank out of range.
    Cost O(m**3).

    >>> low_rank([[1.0, 1.0], [1.0, 1.0]], rank=1).max_error < 1e-6
    True
    """
    target = np.asarray(similarity, dtype=np.float64)
    if target.ndim != 2 or target.shape[0] != target.shape[1] or not np.isfinite(target).all():
        raise ValueError("similarity must be a square matrix of finite numbers")
    if not np.allclose(target, target.T, atol=1e-6):
        raise ValueError("similarity must be symmetric")
    size = len(target)
    keep = size if rank is None else rank
    if not (size == keep or 1 <= keep <= size):
        raise ValueError(f"rank must lie between 1 and {size}, not {rank}")
    values, vectors = np.linalg.eigh((target + target.T) / 2)
    kept = np.argsort(-values, kind="stable")[:keep]
    factor = vectors[:, kept] * np.sqrt(np.maximum(values[kept], 0.0))
    peaks = factor[np.abs(factor).argmax(axis=0), np.arange(len(kept))] if size else np.ones(0)
    features = np.ascontiguousarray(factor * np.where(peaks < 0, -1.0, 1.0), dtype=np.float32)
    product = features.astype(np.float64) @ features.T.astype(np.float64)
    return LowRank(features, float(np.abs(product - target).max(initial=0.0)))


def language_shares(shares: ArrayLike) -> Float32:
    """Turn shares of speakers into rows whose inner product says how well two places can talk.

    `shares` is (n, languages), each between 0 and 1; a row may sum to more than 1 where people speak
    several. The plain product of two rows is the chance that two strangers meet in one language; divided by
    the chance within each place, as here, two places that speak alike give 1 and two without a common
    language 0. A row of zeros stays one: unknown. Returns (n, languages) float32 of norm 1. Raises
    ValueError for shares outside 0..1. Cost O(n languages).

    >>> rows = language_shares([[1.0, 0.0], [0.6, 0.8], [0.0, 0.5]])
    >>> [round(abs(float(x)), 4) for x in rows @ rows[0]]
    [1.0, 0.6, 0.0]
    """
    table = _matrix(shares, name="shares")
    if table.size and (table.min() < 0 or table.max() > 1):
        raise ValueError("shares must lie between 0 and 1")
    return unit_rows(table)


def stack(parts: Sequence[ArrayLike], *, weights: Sequence[float] | None = None) -> Float32:
    """Join feature maps of the same n rows into one, whose kernel is the weighted mean of theirs.

    `weights` are shares of the parts, by default equal; they are divided by their sum. A row in which some
    part is unknown (all 0) is scaled to norm 1 on the others. Returns (n, sum of widths) float32. Raises
    ValueError without parts, for different numbers of rows, or for weights that are negative, not finite,
    or all 0. Cost O(n d).

    >>> rows = stack([clock([0.0, 12.0]), sphere([0.0, 0.0], [8.0, 8.0])], weights=[3, 1])
    >>> [round(abs(float(x)), 4) for x in rows @ rows[0]]
    [1.0, 0.25]
    """
    tables = [_matrix(part, name="part") for part in parts]
    if not tables:
        raise ValueError("there is no part to stack")
    if len({len(table) for table in tables}) > 1:
        raise ValueError(f"parts have different numbers of rows: {[len(table) for table in tables]}")
    shares = np.ones(len(tables)) if weights is None else np.asarray(weights, dtype=np.float64)
    if (
        shares.shape != (len(tables),)
        or not np.isfinite(shares).all()
        or (shares < 0).any()
        or not shares.any()
    ):
        raise ValueError("weights must be one number per part, finite, at least 0, and not all 0")
    scale = np.sqrt(shares / shares.sum())
    return unit_rows(np.hstack([table * by for table, by in zip(tables, scale, strict=True)]))


def unit_rows(features: ArrayLike) -> Float32:
    """Scale each row of `features` (n, d) to norm 1; rows of zeros stay as they are. Cost O(n d).

    >>> unit_rows([[3.0, 4.0], [0.0, 0.0]]).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    table = np.asarray(features, dtype=np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise ValueError("features must be a matrix of finite numbers")
    largest = np.abs(table).max(axis=1, keepdims=True, initial=0.0)
    scaled = table / np.where(largest > 0, largest, 1.0)
    norms = np.sqrt(np.einsum("ij,ij->i", scaled, scaled))[:, None]
    return np.asarray(scaled / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def _matrix(values: ArrayLike, *, name: str) -> Float32:
    table = np.ascontiguousarray(np.asarray(values, dtype=np.float32))
    if table.ndim != 2:
        raise ValueError(f"{name!r} must be a matrix with one row per city, not of shape {table.shape}")
    if not np.isfinite(table).all():
        raise ValueError(f"{name!r} contains NaN or infinite numbers")
    return table


def _vector(values: ArrayLike, *, name: str, allow_nan: bool = False) -> NDArray[np.float64]:
    line: NDArray[Any] = np.asarray(values, dtype=np.float64)
    if line.ndim != 1:
        raise ValueError(f"{name} must be a list of numbers, not of shape {line.shape}")
    if not np.isfinite(line[~np.isnan(line)] if allow_nan else line).all():
        raise ValueError(f"{name} contains {'infinite' if allow_nan else 'NaN or infinite'} numbers")
    return line
