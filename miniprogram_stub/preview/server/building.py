"""Runs the build, and runs it again when a source has changed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from threading import Lock

FOLDER = Path(__file__).parents[1]
ROOT = FOLDER.parents[1]
SOURCES = ROOT / "miniprogram_stub" / "miniprogram"
TOKENS = ROOT / "backend" / "portal" / "static" / "tokens.css"
_PARTS = ("build", "runtime", "frame")


class BuildFailed(Exception):
    """What the build said."""


def build(output: Path, sources: Path = SOURCES) -> str:
    """Build the preview of `sources` into `output` and return what the build said. Raises BuildFailed."""
    done = subprocess.run(
        ["node", str(FOLDER / "build.mjs"), str(sources), str(output), str(TOKENS)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildFailed(done.stderr.strip() or done.stdout.strip())
    return (done.stderr + done.stdout).strip()


class Build:
    """A built preview that follows its sources."""

    def __init__(self, output: Path, sources: Path = SOURCES) -> None:
        self.output, self._sources = output, sources
        self._built = 0.0
        self._turn = Lock()

    def refresh(self) -> str | None:
        """Build if something changed since the last time; what the build said, None when nothing changed."""
        with self._turn:
            newest = max(map(_newest, (self._sources, *(FOLDER / part for part in _PARTS))))
            if newest <= self._built:
                return None
            said = build(self.output, self._sources)
            self._built = newest
            return said


def _newest(folder: Path) -> float:
    found = [0.0]
    for place, _, names in os.walk(folder):
        found.append(Path(place).stat().st_mtime)  # a file that was taken away changes its folder
        found += [(Path(place) / name).stat().st_mtime for name in names]
    return max(found)
