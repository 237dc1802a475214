"""A file that is changed between its measuring and its turn: told, and never dead air."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import tones

from player.errors import RunFailed
from player.library.catalogue import Catalogue
from player.listening import listen
from player.render import render
from player.session.loader import load
from player.session.model import Session

S = 48_000
SESSION = """format: 1
title: Changed
sound: {first_fade: 1s, crossfade: 1s, end_fade: 1s}
phases: [{name: One, length: 30s, music: [a.wav, b.wav]}]
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    for name, hz in (("a.wav", 300), ("b.wav", 500)):
        tones.write(tmp_path / name, tones.tone(14 * S, hz, gain=0.1))
    (tmp_path / "s.yaml").write_text(SESSION)
    return load(tmp_path / "s.yaml")


def shortened(file: Path) -> Callable[[str, float], None]:
    """Cuts a file down once it was measured."""

    def tell(what: str, share: float) -> None:
        if what == "rendering" and share == 0:
            tones.write(file, tones.tone(4 * S, 500, gain=0.1))

    return tell


def vanished(file: Path) -> Callable[[str, float], None]:
    """Takes a file away once it was measured."""

    def tell(what: str, share: float) -> None:
        if what == "rendering" and share == 0:
            file.unlink()

    return tell


@pytest.mark.parametrize("change", [shortened, vanished])
def test_what_broke_off_in_a_render_is_told_and_the_next_piece_comes_in(
    session: Session, tmp_path: Path, change: Callable[[Path], Callable[[str, float], None]]
) -> None:
    out = tmp_path / "out.wav"
    rendered = render(session, out, change(tmp_path / "b.wav"))
    (told,) = rendered.passed_over()
    assert told.startswith(f"{tmp_path / 'b.wav'}: ")
    with av.open(str(out)) as container:
        sound = np.concatenate([f.to_ndarray().reshape(-1, 2) for f in container.decode(audio=0)])
    assert len(sound) == 30 * S
    level = np.sqrt(np.mean((sound / 32767.0).reshape(-1, S // 2, 2) ** 2, axis=(1, 2)))
    assert level[2:-2].min() > 0.01, "no half second of it is silent"


def test_a_deep_check_fails_where_a_file_was_changed_under_it(
    session: Session, tmp_path: Path
) -> None:
    with Catalogue() as catalogue, pytest.raises(RunFailed) as fault:
        listen(session, catalogue, device=None, progress=shortened(tmp_path / "b.wav"))
    assert "b.wav" in str(fault.value)
    assert "check once more" in str(fault.value)
