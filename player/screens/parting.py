"""What people are told where the sound ended and the session did not, on screen and in lines."""

from __future__ import annotations

OFFERED = "stillroom offers to take the session up again"
PARTED = f"the system ended the sound: {OFFERED}"
GIVEN_UP = "it is over; nothing of it is kept"
NOT_BEGUN_YET = "the sound ended before the session had begun: begin it again"
