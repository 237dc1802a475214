"""What a session would give the ears as written, at the volume it begins with, for `check`."""

from __future__ import annotations

from player import paths, settings
from player.session.model import Session
from player.timeline.allowance import dose_of
from player.timeline.exposure import CALIBRATED_BED


def hearing(session: Session) -> str:
    """Level and dose where the output of the settings is calibrated, else that it is not."""
    chosen = settings.read(paths.settings_file())
    measured = list(chosen.calibration)
    device = chosen.device or (measured[0] if len(measured) == 1 else "the output")
    calibration_dba = settings.calibrated(chosen.calibration, device)
    if calibration_dba is None:
        return f"uncalibrated: nobody has entered what {device} gives in dBA"
    volume_db = min(0.0, chosen.volume_ceiling_db)
    bed_dba = calibration_dba + volume_db + session.sound.bed_lufs - CALIBRATED_BED
    rows = [row for row in session.phases if not row.music.silence]
    dose = sum(dose_of(row.length_s, bed_dba + row.level_db) for row in rows)
    loudest_dba = max((bed_dba + row.level_db for row in rows), default=bed_dba)
    return (
        f"{device} gives up to {loudest_dba:.0f} dBA at volume {volume_db:g} dB; this session is "
        f"{dose * 100:.1f} % of what seven days allow (80 dBA for 40 h, WHO-ITU H.870)"
    )
