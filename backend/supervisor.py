"""`python -m backend.supervisor [run|serve|keys]`: one foreground process that prepares, starts and watches the others.

`run` sets everything up by itself, with a demo in an empty DATA_DIR. `serve` is production: it changes nothing,
refuses what `preflight` refuses, and takes all settings from the environment. Both start the web server and the
worker as children that end with this process, also when it is killed; both stop on Ctrl-C or SIGTERM with exit 0.
`run` starts a simulated WeChat beside them, on PORT + 1, unless a real one is set up.
`keys` makes the keys of a new installation, which every command of the application needs, and ends.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

import structlog

from backend.domain.vocabulary import Role
from backend.handout import Handout
from backend.logs import configure_logging
from backend.preflight import DEMO_FILE, preflight, problems_of_data_dir
from backend.preparing import Refused, lock_data_dir, make_keys, prepare, wait_for_port
from backend.processes import Child, die_with_parent
from backend.settings import Settings, SettingsInvalid
from backend.simulating import Simulation, simulate

WEB = (sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn_conf", "wsgi:app")
WORKER = (sys.executable, "-m", "flask", "--app", "wsgi", "shouwen", "worker")

STOP_SECONDS = 10.0
WEB_DEATHS = 3
"""The web server may die this often in a row before it has answered once; then the run ends."""
_STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_WATCHED = _STOP | {signal.SIGCHLD}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped. 0: stopped as asked. 1: refused to start, or the web server would not stay up."""
    parser = argparse.ArgumentParser(prog="python -m backend.supervisor")
    parser.add_argument("mode", nargs="?", choices=("run", "serve", "keys"), default="run")
    parser.add_argument(
        "--die-with-parent", action="store_true", help="stop when the process that started this ends"
    )
    options = parser.parse_args(arguments)
    os.umask(0o077)  # whatever this process and its children write is the owner's alone
    for number in _STOP:
        signal.signal(number, _interrupt)
    if options.die_with_parent:
        die_with_parent(os.getppid(), signal.SIGTERM)
    try:
        settings = Settings.from_env(os.environ)
        configure_logging(production=settings.production)
        return {"run": _run, "serve": _serve, "keys": _keys}[options.mode](settings)
    except (Refused, SettingsInvalid) as refusal:
        print(f"不能启动：{refusal}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("已停止")
        return 0


def say(line: str) -> None:
    """One line for the person at the terminal."""
    print(f"· {line}", flush=True)


def _run(settings: Settings) -> int:
    if settings.production:
        raise Refused("make run 带演示数据，不能和 PRODUCTION=1 一起用；正式运行用 make serve")
    _take_data_dir(settings)
    wait_for_port(settings)
    say(f"数据目录：{settings.data_dir}")
    simulation = simulate(settings)
    if simulation is None:
        return _watch(settings, prepare(settings, say))
    wait_for_port(simulation.settings)
    os.environ.update(simulation.environment)  # for this process and its children alike
    settings = Settings.from_env(os.environ)
    handout = prepare(settings, say, simulation.url)
    return _watch(settings, handout, simulation)


def _serve(settings: Settings) -> int:
    _take_data_dir(settings)
    wait_for_port(settings)
    if problems := preflight(settings):
        for problem in problems[:-1]:
            print(f"启动检查：{problem}", file=sys.stderr)
        raise Refused(problems[-1])
    say("启动检查：通过")
    return _watch(settings, None)


def _keys(settings: Settings) -> int:
    _take_data_dir(settings)
    make_keys(settings, say)
    return 0


def _take_data_dir(settings: Settings) -> None:
    if problems := problems_of_data_dir(settings):
        raise Refused(problems[0])
    lock_data_dir(settings)  # held by the open descriptor until this process ends


def _watch(settings: Settings, handout: Handout | None, simulation: Simulation | None = None) -> int:
    """Keep the children running until asked to stop."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    web = Child("web", WEB)
    children = [web, Child("worker", WORKER)]
    if simulation is not None:
        children.append(Child("simulator", simulation.command))
    log = structlog.get_logger("supervisor")
    is_announced = is_answering = False
    say("正在启动网页服务和后台任务")
    while True:
        for child in children:
            if child.start_when_due() and child is web:
                is_answering = False
        arrived = signal.sigtimedwait(_WATCHED, 1.0 if is_answering else 0.1)
        if arrived is not None and arrived.si_signo in _STOP:
            return _stop(children, 0)
        for child in children:
            if (status := child.reap()) is not None:
                log.warning("child died", child=child.name, status=status)
        if web.quick_deaths >= WEB_DEATHS:
            print("不能启动：网页服务接连三次起不来，原因见上面的记录", file=sys.stderr, flush=True)
            return _stop(children, 1)
        if not is_answering and web.is_running and _answers(settings):
            is_answering = True
            web.forgive()
            if not is_announced:
                is_announced = True
                _announce(settings, handout, simulation)


def _stop(children: list[Child], code: int) -> int:
    """Ask the children to stop, insist after ten seconds or at the next Ctrl-C."""
    for child in children:
        child.terminate()
    limit = time.monotonic() + STOP_SECONDS
    while any(child.is_running for child in children) and (left := limit - time.monotonic()) > 0:
        arrived = signal.sigtimedwait(_WATCHED, min(left, 0.5))
        for child in children:
            child.reap()
        if arrived is not None and arrived.si_signo in _STOP:
            break
    for child in children:
        child.kill()
    say("已停止")
    return code


def _answers(settings: Settings) -> bool:
    host = _EVERYWHERE.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(settings: Settings, handout: Handout | None, simulation: Simulation | None) -> None:
    base = settings.base_url
    if handout is None:
        say(f"首问码已在运行：{base}/")
        return
    lines = ["", f"首问码已在运行：{base}/", f"  工作台：{base}/staff"]
    if simulation is not None:
        lines.append(f"  模拟的手机（没有接真的微信，服务通知到这里）：{simulation.phones_url}")
    if handout["signs"]:
        sign = handout["signs"][0]
        lines.append(f"  岗牌（{sign['unit']} {sign['section'] or ''}）：{sign['url']}")
    lines.append(f"  账号，每种角色一个（全部在 {settings.data_dir / DEMO_FILE}）：")
    lines += [
        f"    {label}：{entry['username']}  密码 {entry['password']}"
        + (f"  动态码密钥 {entry['totp_secret']}" if entry.get("totp_secret") else "")
        for label, entry in _one_per_role(handout)
    ]
    lines.append(
        "  试一试：打开岗牌的地址提交一件事，再用“首问责任岗”的账号登录工作台签收、答复，回到跟踪页评价。"
    )
    lines.append("  按 Ctrl-C 停止。")
    print("\n".join(lines), flush=True)


def _one_per_role(handout: Handout) -> list[tuple[str, Handout]]:
    """An account for each role, best from the first sign's section, else its unit, else any."""
    home = handout["signs"][0] if handout["signs"] else {"unit": None, "section": None}

    def nearness(entry: Handout) -> tuple[bool, bool, int]:
        return entry["section"] != home["section"], entry["unit"] != home["unit"], len(entry["roles"])

    return [
        (role.label, min(holders, key=nearness))
        for role in Role
        if (holders := [entry for entry in handout["staff"] if role.value in entry["roles"]])
    ]


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
