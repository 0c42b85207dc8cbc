"""`python -m backend.wechat.simulator`: serve the local WeChat until stopped."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from backend.processes import die_with_parent
from backend.wechat.simulator.application import create_simulator
from backend.wechat.simulator.clock import SimulatedClock
from backend.wechat.simulator.making import AskedWrongly, make_app
from backend.wechat.simulator.serving import Server
from backend.wechat.simulator.state import World

READY = "模拟微信已在运行："


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C. 0: stopped as asked. 1: the file of apps or the port cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m backend.wechat.simulator")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0: any free one, printed when ready")
    parser.add_argument("--apps", type=Path, help='JSON: {"apps": [what POST /_admin/apps takes, ...]}')
    parser.add_argument(
        "--clock-file", type=Path, help="a file with an ISO 8601 time that stands in for the clock"
    )
    parser.add_argument("--die-with-parent", action="store_true")
    options = parser.parse_args(arguments)
    if options.die_with_parent:
        die_with_parent(os.getppid())
    world = World(SimulatedClock(options.clock_file))
    try:
        if options.apps:
            for asked in json.loads(options.apps.read_text("utf-8"))["apps"]:
                world.add(make_app(asked))
        server = Server(options.host, options.port, create_simulator(world))
    except (OSError, AskedWrongly, ValueError, KeyError, TypeError) as error:
        print(f"模拟微信不能启动：{type(error).__name__}", file=sys.stderr, flush=True)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    host = f"[{options.host}]" if ":" in options.host else options.host
    try:
        print(f"{READY}http://{host}:{server.server_address[1]}", flush=True)
        server.serve_forever(poll_interval=0.5)
    except KeyboardInterrupt:
        return 0
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
