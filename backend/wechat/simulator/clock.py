"""What time it is for the simulator: the system's, a file shared with the application, or what a test says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from backend.clock import Clock, FileClock, SystemClock
from backend.domain.times import SHANGHAI


class SimulatedClock:
    """Another clock, moved by an offset or stopped at a moment."""

    def __init__(self, file: Path | None = None) -> None:
        self._below: Clock = FileClock(file) if file else SystemClock()
        self._offset = timedelta()
        self._fixed: datetime | None = None

    def now(self) -> datetime:
        """An aware time in Shanghai."""
        return (self._fixed or self._below.now() + self._offset).astimezone(SHANGHAI)

    def stop_at(self, moment: datetime) -> None:
        """Stand still at an aware time."""
        self._fixed = moment

    def shift(self, seconds: float) -> None:
        """Go on, so many seconds away from the clock below."""
        self._fixed, self._offset = None, timedelta(seconds=seconds)
