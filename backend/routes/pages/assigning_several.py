"""分办 straight from a list: several inquiries to one person, each as if it had been opened and assigned by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from backend.domain.errors import FieldInvalid
from backend.domain.identity import ASSIGNERS, Identity
from backend.domain.numbers import display_number
from backend.errors import problem_of
from backend.routes import operations
from backend.routes.api import checked_key, fingerprint
from backend.routes.loading import by_number
from backend.routes.pages.forms import FormKind, filled, sentence_of
from backend.routes.pages.guards import access, posted
from backend.routes.pipeline import Submission, carry_out

PICK = "pick."
"""Before the number of each inquiry that is ticked; the value is the version it was seen at."""
MOST = 50
KIND = FormKind(
    ("to_staff", "reason"),
    {"to_staff": "请选择由谁办理。", "picked": "请勾选要分派的事项。"},
    families=(PICK,),
)


def may_assign(identity: Identity) -> bool:
    return identity.holds(*ASSIGNERS)


def picked(form: Mapping[str, str]) -> dict[str, str]:
    """The ticked inquiries, each with the version it was seen at."""
    return {name.removeprefix(PICK): version for name, version in form.items() if name.startswith(PICK)}


def assign_several(identity: Identity) -> tuple[int, list[str]]:
    """Assign what is ticked, one after the other. Returns how many were, and a sentence for each that was not.

    Sent twice, each is done once. Raises FieldInvalid when nothing is ticked or nobody is chosen.
    """
    key = checked_key(posted().get("idempotency_key", ""))
    chosen = picked(posted())
    if not chosen:
        raise FieldInvalid("", "请先勾选要分派的事项。", "required")
    if len(chosen) > MOST:
        raise FieldInvalid("", f"一次最多分派 {MOST} 件。")
    data = filled(posted(), "to_staff", "reason")
    if "to_staff" not in data:
        raise FieldInvalid("/to_staff", "请选择由谁办理。", "required")
    done, refused = 0, []
    for number, version in chosen.items():
        try:
            carry_out(
                operations.assignment(by_number(number, identity), identity),
                _sent(key, number, version, data),
            )
        except Exception as error:  # one that is refused stops no other
            problem = problem_of(error)
            if problem is None:
                raise
            refused.append(f"{display_number(number)}：{sentence_of(problem)}")
        else:
            done += 1
    return done, refused


def _sent(key: str, number: str, version: str, data: dict[str, Any]) -> Submission:
    body = json.dumps([number, data], sort_keys=True, ensure_ascii=True).encode("ascii")
    return Submission(access(), f"{key[:200]}.{number[:20]}", fingerprint(body), data, version)
