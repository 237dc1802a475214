"""Loudness as EBU R128 defines it: K-weighted power ten times a second, and what follows from it.

The filter runs as products of matrices, 400 ms at a time: an IIR filter written as a state that
is carried from row to row of 32 samples. That is three times as quick as a filter that goes
sample by sample, and equal to it but for rounding (120 dB down).
"""

from __future__ import annotations

from array import array
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from player.sound.streams import Sound, silence
from player.units import CHANNELS, SAMPLE_RATE, Frames, Lufs

Floats: TypeAlias = NDArray[np.float64]

HOP: Frames = SAMPLE_RATE // 10
"""Power is summed over 100 ms: a quarter of a gating block (ITU-R BS.1770-5)."""
SILENT_LUFS: Lufs = -70.0
"""The absolute gate of EBU R128: what is never above it has no loudness."""
MOMENTARY, SHORT_TERM = 4, 30
"""Hops in the 400 ms of a gating block, and in 3 s (EBU Tech 3341)."""

ROW, ROWS, GROUPS = 32, 24, 25
"""Samples in a row, rows in a group, groups in a batch: 19,200 samples, four hops."""
BATCH: Frames = ROW * ROWS * GROUPS

SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
"""The two stages of K-weighting at 48 kHz (ITU-R BS.1770-5, tables 1 and 2)."""


class KMeter:
    """Takes blocks of sound in, gives the mean K-weighted power of each whole 100 ms."""

    def __init__(self) -> None:
        self._filter = _KWeighting()
        self._waiting: list[Sound] = []
        self._count = 0
        self._powers = array("d")  # a day has 864,000: as objects they would fill 30 MB

    def push(self, block: Sound) -> None:
        """Take in the next frames, (n, 2)."""
        self._waiting.append(block)
        self._count += len(block)
        if self._count >= BATCH:
            whole = np.concatenate(self._waiting) if len(self._waiting) > 1 else block
            for start in range(0, len(whole) - BATCH + 1, BATCH):
                self._keep(self._filter.powers(whole[start : start + BATCH]))
            self._count %= BATCH
            self._waiting = [whole[len(whole) - self._count :]] if self._count else []

    def finish(self) -> Floats:
        """Power by hop, (hops,), both sides summed, once everything was pushed.

        A rest under 100 ms at the end counts for nothing, as R128 has it.
        """
        hops, left = self._count // HOP, silence(BATCH - self._count)
        if hops:
            last = self._filter.powers(np.concatenate([*self._waiting, left]))
            self._keep(last[:hops])
        return np.frombuffer(self._powers, np.float64)

    def _keep(self, powers: Floats) -> None:
        self._powers.frombytes(powers.tobytes())


def loudness_of(powers: Floats) -> Floats:
    """Mean K-weighted powers in LUFS (BS.1770-5); -200 for silence."""
    found: Floats = np.log10(np.maximum(powers, 1e-20))
    found *= 10
    found -= 0.691
    return found


def power_of(lufs: Lufs) -> float:
    """The mean K-weighted power that has this loudness: a bound for powers as they are."""
    return float(10 ** ((lufs + 0.691) / 10))


def over(powers: Floats, hops: int) -> Floats:
    """The mean power of every stretch of so many hops; empty where there are fewer."""
    if len(powers) < hops:
        return np.zeros(0)
    sums = np.zeros(len(powers) + 1)
    np.cumsum(powers, out=sums[1:])
    means: Floats = sums[hops:] - sums[:-hops]
    np.maximum(0, means, out=means)
    means /= hops
    return means


def integrated(powers: Floats) -> Lufs:
    """Loudness of the whole: gated at -70 LUFS, then 10 LU under what is left (BS.1770-5)."""
    kept = _gated(over(powers, MOMENTARY), below_lu=10)
    return max(SILENT_LUFS, float(loudness_of(kept.mean()))) if len(kept) else SILENT_LUFS


def loudness_range(powers: Floats) -> float:
    """LU between the 10th and the 95th percentile of short-term loudness (EBU Tech 3342).

    Gated at -70 LUFS, then 20 LU under what is left; 0 for what is shorter than 3 s.
    """
    kept = _gated(over(powers, SHORT_TERM), below_lu=20)
    if not len(kept):
        return 0.0
    low, high = np.percentile(loudness_of(kept), [10, 95])
    return float(high - low)


def _gated(blocks: Floats, *, below_lu: float) -> Floats:
    heard = blocks[blocks > power_of(SILENT_LUFS)]
    if not len(heard):
        return heard
    kept: Floats = heard[heard > heard.mean() / 10 ** (below_lu / 10)]
    return kept


class _Matrices(NamedTuple):
    """The filter, as what rows and groups of rows are multiplied by."""

    direct: Sound
    outlet: Sound
    into: Sound
    within: Sound
    carried: Sound
    across: Floats
    onward: Floats


@cache
def _matrices() -> _Matrices:
    """Made once for all files: it takes as long as three seconds of sound."""
    step, inlet, read, direct = _state_space()
    outlet = np.stack([read @ np.linalg.matrix_power(step, n) for n in range(ROW)], axis=1)
    echo = np.concatenate([[direct], (inlet @ outlet)[: ROW - 1]])
    toeplitz = np.stack([np.concatenate([np.zeros(n), echo[: ROW - n]]) for n in range(ROW)])
    into = np.stack([np.linalg.matrix_power(step, ROW - 1 - n) @ inlet for n in range(ROW)])
    row_step = np.linalg.matrix_power(step, ROW)
    return _Matrices(
        direct=toeplitz.astype(np.float32),
        outlet=outlet.astype(np.float32),
        into=into.astype(np.float32),
        within=_summed(row_step, ROWS).astype(np.float32),
        carried=_carried(row_step, ROWS).astype(np.float32)[:, :-4].copy(),
        across=_summed(np.linalg.matrix_power(row_step, ROWS), GROUPS),
        onward=_carried(np.linalg.matrix_power(row_step, ROWS), GROUPS),
    )


class _KWeighting:
    """The filter and its state, for both sides of a stereo stream."""

    def __init__(self) -> None:
        self._by = _matrices()
        self._state = np.zeros((CHANNELS, 4))

    def powers(self, batch: Sound) -> Floats:
        """The power of the batch's four hops, both sides summed. The batch is (19200, 2)."""
        rows = np.ascontiguousarray(batch.T).reshape(CHANNELS * GROUPS, ROWS, ROW)
        heard = rows @ self._by.direct
        heard += self._states(rows) @ self._by.outlet
        hops = heard.reshape(CHANNELS, -1, HOP)
        sides: Floats = np.vecdot(hops, hops).astype(np.float64)
        summed: Floats = sides.sum(axis=0)
        summed /= HOP
        return summed

    def _states(self, rows: Sound) -> Sound:
        """The filter's state before each row, (groups, rows, 4); carries the last one on."""
        groups = (rows @ self._by.into).reshape(CHANNELS, GROUPS, ROWS * 4) @ self._by.within
        ends = groups[:, :, -4:].reshape(CHANNELS, GROUPS * 4).astype(np.float64)
        starts = ends @ self._by.across + self._state @ self._by.onward
        self._state = starts[:, -4:]
        before = starts[:, :-4].reshape(CHANNELS, GROUPS, 4).astype(np.float32)
        return (groups[:, :, :-4] + before @ self._by.carried).reshape(-1, ROWS, 4)


def _state_space() -> tuple[Floats, Floats, Floats, float]:
    """Both stages as one: state' = step @ state + inlet * x, y = read @ state + direct * x.

    In coordinates in which noise fills every direction of the state alike: no power of the step
    is then greater than 1, and 32-bit floats are enough. (The plain form has steps of 4,000.)
    """
    ahead = np.convolve(SHELF[0], HIGH_PASS[0])
    back = np.convolve([1, *SHELF[1]], [1, *HIGH_PASS[1]])
    step = np.zeros((4, 4))
    step[:, 0] = -back[1:]
    step[:3, 1:] = np.eye(3)
    inlet = ahead[1:] - back[1:] * ahead[0]
    filled = np.linalg.solve(np.eye(16) - np.kron(step, step), np.outer(inlet, inlet).reshape(-1))
    shape = np.linalg.cholesky(filled.reshape(4, 4))
    return np.linalg.solve(shape, step @ shape), np.linalg.solve(shape, inlet), shape[0], ahead[0]


def _summed(step: Floats, count: int) -> Floats:
    """What `count` inputs to a state, laid side by side, add to the state before and after each."""
    whole = np.zeros((4 * count, 4 * (count + 1)))
    for taken in range(count):
        for place in range(taken + 1, count + 1):
            power = np.linalg.matrix_power(step, place - taken - 1).T
            whole[4 * taken : 4 * taken + 4, 4 * place : 4 * place + 4] = power
    return whole


def _carried(step: Floats, count: int) -> Floats:
    """What a state at the beginning is at each of `count` steps and after the last."""
    return np.concatenate([np.linalg.matrix_power(step, n).T for n in range(count + 1)], axis=1)
