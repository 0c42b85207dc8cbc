"""`python -m miniprogram_stub.preview.server`: what `make phone` runs.

It shows the mini program of this folder in a browser, against the demo that runs on DATA_DIR, or against one that it
starts itself and that ends with it. Settings: DATA_DIR, PORT and HOST as for `make run`, PHONE_PORT (PORT + 2).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from backend.handout import read_handout
from backend.preflight import DEMO_FILE
from backend.processes import die_with_parent, spawn
from backend.settings import Settings, SettingsInvalid
from miniprogram_stub.preview.server.application import create_preview
from miniprogram_stub.preview.server.building import Build, BuildFailed
from miniprogram_stub.preview.server.upstream import Unreachable, ask
from miniprogram_stub.preview.server.wechat import WeChat

HOST = "127.0.0.1"
SUPERVISOR = (sys.executable, "-m", "backend.supervisor", "run", "--die-with-parent")
START_SECONDS = 300.0
STOP_SECONDS = 12.0


class Refused(Exception):
    """One line for the person at the terminal."""


class Quiet(WSGIRequestHandler):
    """A page asks for dozens of things; none of them is news."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped. 0: stopped as asked. 1: refused to start, or the demo it had started ended."""
    parser = argparse.ArgumentParser(prog="python -m miniprogram_stub.preview.server")
    parser.add_argument(
        "--die-with-parent", action="store_true", help="stop when the process that started this ends"
    )
    options = parser.parse_args(arguments)
    os.umask(0o077)  # what is built into DATA_DIR is the owner's alone
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    if options.die_with_parent:
        die_with_parent(os.getppid(), signal.SIGTERM)
    demo: subprocess.Popen[bytes] | None = None
    try:
        settings = _settings()
        port = _phone_port(settings)
        handout = running_demo(settings.data_dir)
        if handout is None:
            say("还没有在运行的首问码，现在启动一个")
            demo = spawn(SUPERVISOR)  # before any thread: it ends with the thread that made it
            handout = _wait_for_demo(settings.data_dir, demo)
        return _serve(settings, port, handout, demo)
    except (Refused, SettingsInvalid) as refusal:
        print(f"不能启动：{refusal}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("已停止")
        return 0
    finally:
        _stop(demo)


def _settings() -> Settings:
    settings = Settings.from_env(os.environ)
    if settings.production:
        raise Refused("make phone 用演示数据，不能和 PRODUCTION=1 一起用")
    return settings


def say(line: str) -> None:
    """One line for the person at the terminal."""
    print(f"· {line}", flush=True)


def running_demo(data_dir: Path) -> dict[str, Any] | None:
    """demo.json of the demo that runs on this folder; None when none does."""
    handout = read_handout(data_dir / DEMO_FILE)
    if handout is None:
        return None
    try:
        return handout if ask(handout["base_url"], "GET", "/healthz").status == 200 else None
    except Unreachable:
        return None


def _wait_for_demo(data_dir: Path, demo: subprocess.Popen[bytes]) -> dict[str, Any]:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if demo.poll() is not None:
            raise Refused("首问码没有启动，原因见上面")
        if (handout := running_demo(data_dir)) is not None:
            return handout
        time.sleep(0.2)
    raise Refused("首问码迟迟没有启动")


def _serve(
    settings: Settings, port: int, handout: dict[str, Any], demo: subprocess.Popen[bytes] | None
) -> int:
    build = Build(settings.data_dir / "phone")
    try:
        say(build.refresh() or "预览已生成")
    except BuildFailed as failure:
        raise Refused(f"小程序没有生成：{failure}") from None
    server = _listen(port, build, handout)
    Thread(target=server.serve_forever, daemon=True).start()
    _announce(server.port, handout)
    while demo is None or demo.poll() is None:
        time.sleep(0.5)
    print("首问码已经结束，预览也停下", file=sys.stderr, flush=True)
    return 1


def _phone_port(settings: Settings) -> int:
    text = os.environ.get("PHONE_PORT", "") or str(settings.port + 2)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Refused(f"PHONE_PORT 要是 1 到 65535 的数，不是 {text}")
    return int(text)


def _listen(port: int, build: Build, handout: dict[str, Any]) -> BaseWSGIServer:
    wechat = None
    if handout.get("simulator_url") and handout.get("wechat"):
        told = handout["wechat"]
        wechat = WeChat(handout["simulator_url"], told["appid"], told["templates"])
    app = create_preview(build, handout["base_url"], wechat, handout["signs"])
    try:
        return make_server(HOST, port, app, threaded=True, request_handler=Quiet)
    except (OSError, SystemExit):
        raise Refused(f"端口 {port} 已经有人用；可以用 PHONE_PORT=另一个端口") from None


def _announce(port: int, handout: dict[str, Any]) -> None:
    lines = [
        "",
        f"小程序预览：http://{HOST}:{port}/",
        f"  服务：{handout['base_url']}/   工作台：{handout['base_url']}/staff",
        "  试一试：在右边“扫岗牌上的码”里点一个，提交一件事，点“允许”接收消息；",
        "          用工作台办结以后，回来看“服务通知”，点开评价。",
        "  工作人员：换成“窗口工作人员”拿手机，打开“工作人员入口”；绑定码在工作台的“绑定微信”里取。",
        "  改了 miniprogram_stub/miniprogram 里的文件，刷新页面就是新的。预览不是微信，最后要在开发者工具和真手机上看。",
        "  按 Ctrl-C 停止。",
    ]
    print("\n".join(lines), flush=True)


def _stop(demo: subprocess.Popen[bytes] | None) -> None:
    """End the demo that was started here, the web server and the simulator with it."""
    if demo is None:
        return
    demo.terminate()
    try:
        demo.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        demo.kill()
        demo.wait()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
