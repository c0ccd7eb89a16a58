"""A coarse copy of the rows: one byte per number, so a quarter to read, and a bound of what it hides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

BATCH = 4096
SMALLEST = 1e-30
"""What is smaller counts as 0, since subnormal numbers are slow; the slack knows."""
UNIT = float(np.finfo(np.float32).eps) / 2


@dataclass(frozen=True, eq=False)
class Coarse:
    """Rows are ``codes * steps`` up to half a step: `codes` (n, D) int8, `steps` (D,) float32."""

    codes: NDArray[np.int8]
    steps: Float32

    def weigh(self, vector: Float32) -> tuple[Float32, float]:
        """Return the vector to multiply codes with, and how far that product may be from the true one.

        Half a step in every column, all in the worst direction, and the rounding of single precision (N. J.
        Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1).
        """
        step_sum = float(np.abs(vector.astype(np.float64) * self.steps).sum())
        rounding = 128 * (len(vector) + 5) * UNIT
        weighed = (vector * self.steps).astype(np.float32)
        weighed[np.abs(weighed) < SMALLEST] = 0
        return weighed, step_sum * (0.50001 + 1.01 * rounding) + 128 * len(vector) * SMALLEST


def coarsen(rows: Float32) -> Coarse:
    """Round each column to 255 evenly spaced values between minus and plus its largest size. Cost O(n D).

    >>> coarse = coarsen(np.array([[1.0, 0.0], [-0.5, 0.0]], dtype=np.float32))
    >>> coarse.codes.tolist()
    [[127, 0], [-64, 0]]
    """
    largest = np.zeros(rows.shape[1], dtype=np.float32)
    for start in range(0, len(rows), BATCH):
        np.maximum(largest, np.abs(rows[start : start + BATCH]).max(axis=0), out=largest)
    steps = np.maximum(largest / np.float32(127), np.float32(SMALLEST))
    codes = np.empty(rows.shape, dtype=np.int8)
    for start in range(0, len(rows), BATCH):
        codes[start : start + BATCH] = np.rint(rows[start : start + BATCH] / steps)
    codes.flags.writeable = False
    return Coarse(codes, steps)
