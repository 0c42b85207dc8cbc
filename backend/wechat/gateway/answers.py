"""What WeChat answers, as far as we use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a js_code belongs to. The session_key that comes with it is dropped on the spot and never leaves the call."""

    openid: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the content check says of a text: `label` is WeChat's (100 is normal)."""

    suggest: Literal["pass", "review", "risky"]
    label: int
