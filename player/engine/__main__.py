"""The engine's process: ``python -m player.engine``."""

from __future__ import annotations

import sys

from player.engine.service import serve

sys.exit(serve())
