"""The globe as the engine measures it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_KM = 6371.0
"""The mean radius."""


def compass(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
    """Degrees (n,) as unit vectors, (n, 3): the inner product of two is the cosine of their distance.

    >>> compass([0.0, 90.0], [0.0, 50.0]).round(3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    phi, theta = np.radians(latitude), np.radians(longitude)
    flat = np.cos(phi)
    return np.column_stack([flat * np.cos(theta), flat * np.sin(theta), np.sin(phi)])
