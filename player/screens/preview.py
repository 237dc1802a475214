"""A session as it looks before the engine says anything of it."""

from __future__ import annotations

from player.session.model import Session
from player.timeline.status import PhaseView, State, Status


def preview(session: Session) -> Status:
    """The session as it looks before the engine says anything of it."""
    phases, start_s = [], 0.0
    for phase in session.phases:
        phases.append(
            PhaseView(
                name=phase.name,
                role=phase.role,
                start_s=start_s,
                length_s=phase.length_s,
                ends=phase.ends,
                silence=phase.music.silence,
                passed=False,
            )
        )
        start_s += phase.length_s
    return Status(
        state=State.OPENING,
        title=session.title,
        path=str(session.source),
        phases=tuple(phases),
        phase_left_s=phases[0].length_s,
        waits_for=phases[0].ends,
        length_s=session.length_s,
        begin_asked=True,
    )
