"""What a session of hours is judged by, on looks that were made up."""

from __future__ import annotations

import pytest

HOURS_8 = 8 * 3600.0


@pytest.fixture
def soak(script):
    return script("soak")


@pytest.fixture
def looks(soak):
    """Looks at a session of eight hours up to a time of it; the last may be unlike the rest."""

    def made(to_s=HOURS_8 - 100, **last):
        rows = [soak.Look(at_s, 90.0, 30, 7) for at_s in range(400, int(to_s), 400)]
        return [*rows, soak.Look(to_s, **({"mb": 91.0, "handles": 30, "pid": 7} | last))]

    return made


def test_a_session_that_one_engine_played_to_its_end_is_well(soak, looks):
    assert soak.told(looks(), HOURS_8, 400)
    assert soak.told(looks(HOURS_8), HOURS_8, 400)


def test_a_session_that_died_is_not(soak, looks, capsys):
    assert not soak.told(looks(2.0), HOURS_8, 400)
    assert not soak.told([], HOURS_8, 400)
    assert not soak.told(looks(HOURS_8 - 1000), HOURS_8, 400)
    assert "did not get to its end" in capsys.readouterr().out


@pytest.mark.parametrize(
    "last", [{"pid": 8}, {"faults": ("it broke off",)}, {"handles": 31}, {"mb": 92.1}]
)
def test_another_engine_a_fault_more_handles_or_more_memory_is_not(soak, looks, last):
    assert not soak.told(looks(**last), HOURS_8, 400)
