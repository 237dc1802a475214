"""Large letters, drawn in lines."""

from __future__ import annotations

from player.screens.figures import can_draw, large


def test_letters_and_figures_keep_their_shapes(golden):
    drawn = [
        *large("ABCDEFGHIJKLM"),
        *large("NOPQRSTUVWXYZ"),
        *large("0123456789:", heavy=True),
        *large("Build 2", scale=2),
        *large("1:24:05", heavy=True, scale=2),
    ]
    golden("figures", "\n".join(row.rstrip() for row in drawn) + "\n")


def test_all_rows_are_of_one_width():
    for scale in (1, 2):
        assert len({len(row) for row in large("Grounding 1:23.", scale=scale)}) == 1


def test_accents_are_left_off_and_other_scripts_are_not_drawn():
    assert large("Élan") == large("ELAN")
    assert not can_draw("休息")
