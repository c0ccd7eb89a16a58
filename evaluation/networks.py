"""Small networks trained to rank the real partner above wrong ones; plain NumPy, one thread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

HIDDEN = (32,)
EPOCHS = 12
STEP, DROP, DECAY = 3e-3, 0.1, 1e-3
BATCH = 64
LIMIT = 6.0


@dataclass(frozen=True, eq=False)
class Ranking:
    """Examples (g, m, f) in units of their spread: the first of each m is the real partner; `offset` (m,)
    corrects for sampling."""

    standard: Float32
    offset: Float32
    mean: Float32
    scale: Float32

    @classmethod
    def of(cls, values: Float32, offset: Float32) -> Ranking:
        flat = values.reshape(-1, values.shape[-1])[::7]
        mean, scale = flat.mean(axis=0), flat.std(axis=0) + np.float32(1e-3)
        return cls(_standard(values, mean, scale), offset, mean, scale)

    def part(self, groups: NDArray[np.bool_], members: int) -> Ranking:
        """Some of the groups, and the first so many of their members."""
        return Ranking(self.standard[groups, :members], self.offset[:members], self.mean, self.scale)

    def against(self, wrong: Float32) -> Ranking:
        """The same real partners against others (g, w, f)."""
        others = _standard(wrong, self.mean, self.scale)
        rows = np.concatenate([self.standard[:, :1], others], axis=1)
        return Ranking(rows, np.zeros(rows.shape[1], dtype=np.float32), self.mean, self.scale)


def _standard(values: Float32, mean: Float32, scale: Float32) -> Float32:
    z = values - mean
    z /= scale
    return np.clip(z, -LIMIT, LIMIT, out=z)


@dataclass(frozen=True, eq=False)
class Member:
    """One trained network and its loss: layers of weights and bias, and a straight line beside them."""

    parameters: list[Float32]
    loss: float

    def as_json(self, decimals: int) -> dict[str, Any]:
        *layers, skip = [np.round(p.astype(np.float64), decimals) for p in self.parameters]
        pairs = zip(layers[::2], layers[1::2], strict=True)
        return {
            "layers": [{"weights": weights.tolist(), "bias": bias.tolist()} for weights, bias in pairs],
            "skip": skip[:, 0].tolist(),
        }


def train_member(
    ranking: Ranking, *, seed: int, hidden: tuple[int, ...] = HIDDEN, epochs: int = EPOCHS
) -> Member:
    """Adam with a cosine schedule on the listwise softmax loss (Cao et al., ICML 2007)."""
    rng = np.random.default_rng(seed)
    z = ranking.standard
    parameters = _start(z.shape[2], hidden, rng)
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    steps, t, losses = epochs * max(len(z) // BATCH, 1), 0, [0.0]
    for _epoch in range(epochs):
        order = rng.permutation(len(z))
        losses = []
        for at in range(0, max(len(z) - BATCH, 0) + 1, BATCH):
            loss, slopes = _slopes(parameters, z[order[at : at + BATCH]], ranking.offset, rng)
            losses.append(loss)
            t += 1
            rate = STEP * min(1.0, t / 50) * (0.5 * (1 + np.cos(np.pi * min(t / steps, 1))) + 0.01)
            for i, slope in enumerate(slopes):
                first[i] = 0.9 * first[i] + 0.1 * slope
                second[i] = 0.999 * second[i] + 0.001 * slope**2
                move = first[i] / (1 - 0.9**t) / (np.sqrt(second[i] / (1 - 0.999**t)) + 1e-8)
                shrink = DECAY * parameters[i] if parameters[i].ndim == 2 else 0.0
                parameters[i] = (parameters[i] - rate * (move + shrink)).astype(np.float32)
    return Member(parameters, float(np.mean(losses)))


def _start(width: int, hidden: tuple[int, ...], rng: np.random.Generator) -> list[Float32]:
    sizes = (width, *hidden, 1)
    parameters: list[Float32] = []
    for inner, outer in pairwise(sizes):
        spread = np.sqrt(2 / inner) * (0.3 if outer == 1 else 1.0)
        parameters += [
            (rng.normal(size=(inner, outer)) * spread).astype(np.float32),
            np.zeros(outer, np.float32),
        ]
    return [*parameters, np.zeros((width, 1), np.float32)]


def _slopes(
    parameters: list[Float32], z: Float32, offset: Float32, rng: np.random.Generator
) -> tuple[float, list[Float32]]:
    groups, members, width = z.shape
    flat = z.reshape(-1, width)
    layers = (len(parameters) - 1) // 2
    seen = [flat]
    for layer in range(layers - 1):
        x = np.maximum(seen[-1] @ parameters[2 * layer] + parameters[2 * layer + 1], 0)
        kept = (rng.random(x.shape[1]) > DROP) / (1 - DROP)
        seen.append((x * kept).astype(np.float32))
    score = seen[-1] @ parameters[-3] + parameters[-2] + flat @ parameters[-1]
    s = score.reshape(groups, members) + offset
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = float(-np.log(p[:, 0] + 1e-12).mean())
    p[:, 0] -= 1
    d = (p / groups).reshape(-1, 1).astype(np.float32)
    slopes: list[Float32] = [flat.T @ d]
    for layer in range(layers - 1, -1, -1):
        slopes = [seen[layer].T @ d, d.sum(axis=0), *slopes]
        if layer:
            d = (d @ parameters[2 * layer].T) * (seen[layer] > 0)
    return loss, slopes
