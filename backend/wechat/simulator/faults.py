"""What goes wrong on purpose: wrong answers, no answers, late answers, before or after the effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.wechat.simulator.calls import Reply, encoded
from backend.wechat.simulator.state import App

KINDS = frozenset({"timeout_before", "timeout_after", "reset", "slow", "garbage", "html"})
TEXTS = {
    -1: "system error",
    40001: "invalid credential",
    40003: "invalid openid",
    43101: "user refuse to accept the msg",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    48001: "api unauthorized",
}
_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Fault:
    """One thing that goes wrong. `times`: how often it is left, None for ever."""

    path: str
    errcode: int | None = None
    status: int | None = None
    kind: str = ""
    times: int | None = 1
    seconds: float | None = None
    after: bool = False
    """The effect takes place; only the answer is this."""

    @property
    def is_after(self) -> bool:
        return self.after or self.kind == "timeout_after"

    @property
    def is_slow(self) -> bool:
        return self.kind == "slow"

    def answer(self, rid: str) -> Reply:
        """What comes back instead of the right answer."""
        if self.errcode is not None:
            text = f"{TEXTS.get(self.errcode, 'simulated error')} rid: {rid}"
            return Reply(encoded({"errcode": self.errcode, "errmsg": text}))
        if self.status is not None:
            return Reply(_PAGE, status=self.status, content_type="text/html")
        if self.kind == "reset":
            return Reply(ends="reset")
        if self.kind == "garbage":
            return Reply(b'{"errcode":0,"errm\xff\xfe')
        if self.kind == "html":
            return Reply(_PAGE, content_type="text/html")
        return Reply(hang_seconds=30.0 if self.seconds is None else self.seconds, ends="close")


def new_fault(asked: dict[str, Any]) -> Fault:
    """A fault as the admin asks for it. Raises ValueError."""
    unknown = set(asked) - {"path", "errcode", "status", "kind", "times", "seconds", "after"}
    kind = asked.get("kind") or ""
    chosen = [name for name in ("errcode", "status", "kind") if asked.get(name) is not None]
    if unknown or len(chosen) != 1 or (kind and kind not in KINDS) or not asked.get("path"):
        raise ValueError("a fault has a path and one of errcode, status, kind")
    times = asked.get("times", 1)
    return Fault(
        path=asked["path"],
        errcode=asked.get("errcode"),
        status=asked.get("status"),
        kind=kind,
        times=times or None,
        seconds=asked.get("seconds"),
        after=bool(asked.get("after")),
    )


def take_fault(app: App, path: str) -> Fault | None:
    """The first fault that is meant for this path, used up by one."""
    for fault in app.faults:
        if fault.path not in {path, "*"}:
            continue
        if fault.times is not None:
            fault.times -= 1
            if not fault.times:
                app.faults.remove(fault)
        return fault
    return None
