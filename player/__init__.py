"""Stillroom: timed music and spoken grounding cues for eye-shades-and-headphones sessions."""

from __future__ import annotations

__version__ = "0.1.0"
