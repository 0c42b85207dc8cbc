"""The command that starts the simulator without loading the application: a third of a second instead of two."""

from __future__ import annotations

import sys
from pathlib import Path

# `backend` becomes an empty package over the real folder, as for the children of backend/vault/media.py.
_BOOT = (
    "import sys, types; package = types.ModuleType('backend'); package.__path__ = [sys.argv.pop(1)]; "
    "sys.modules['backend'] = package; from backend.wechat.simulator.__main__ import main; sys.exit(main())"
)
COMMAND = (sys.executable, "-c", _BOOT, str(Path(__file__).resolve().parents[2]))
"""To be followed by the arguments of `python -m backend.wechat.simulator`, which does the same more slowly."""
