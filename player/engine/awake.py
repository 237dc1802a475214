"""Keeps the machine awake while a session runs, where the system lets it."""

from __future__ import annotations

import threading


class Awake:
    """Begun and ended from any thread; asks the system on its own one, which may be slow."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Keep the machine awake from now on."""
        if self._thread is None:
            self._over = threading.Event()
            self._thread = threading.Thread(target=self._hold, name="awake", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Let the machine sleep again."""
        self._over.set()
        self._thread = None

    def _hold(self) -> None:
        from wakepy import keep

        over = self._over
        with keep.running(on_fail="pass"):
            over.wait()
