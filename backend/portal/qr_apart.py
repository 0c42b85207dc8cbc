"""QR codes for the web process, drawn in a short-lived process of their own.

The library that draws them loads Pillow, and an image decoder has no business in the process that holds the keys and
talks to everybody. A sign's code never changes, so each is drawn once and kept.
"""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

# Only the drawing module is loaded, not the application: `backend` becomes an empty package over the real folder.
_BOOT = (
    "import sys, types; package = types.ModuleType('backend'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['backend'] = package; from backend.portal.qr import qr_svg; "
    "sys.stdout.buffer.write(qr_svg(sys.stdin.read()).encode())"
)
_BACKEND = Path(__file__).resolve().parents[1]
_SECONDS = 20


@lru_cache(maxsize=1024)
def qr_svg_apart(url: str) -> str:
    """The same as `qr_svg`. Raises CalledProcessError for an address no code can hold, TimeoutExpired."""
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", _BOOT, str(_BACKEND)],
        input=url.encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=True,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout.decode()
