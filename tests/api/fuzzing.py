"""What a fuzzer needs to get past the doors: inquiries at every stage, sessions, keys, versions, fair bodies."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemathesis import Case
from schemathesis.schemas import APIOperation

from tests.support.app import Office, new_key
from tests.vault.media_samples import encoded, picture

Choose = Callable[[Sequence[Any]], Any]
"""Picks one of several; the first is what gets furthest."""

REFERENCES = {
    "sign", "unit", "section", "to_unit", "to_section", "to_staff", "username", "password", "number", "phone_tail",
    "occurred_at",
}  # fmt: skip
"""Fields of a body that name something there is: made-up values hardly ever do."""

NOBODYS = "0" * 32
PHOTO = encoded(picture(8, 8), "PNG")
OUTSIDERS = ("business_a", "general", "discipline", "neighbour_general", "overseer", "auditor", "lu_window_a")
HANDOFF = "/api/v1/staff/handoffs/{handoff_id}"
INQUIRY = "/api/v1/inquiries/{number}"
ACTORS = {"acceptance": "business_b", "return": "business_b", "assignment": "window_head"}
"""Who may do it; window_a everything else."""
STAGES = {
    f"POST {INQUIRY}/reopening": "closed",
    f"POST {INQUIRY}/rating": "closed",
    f"PUT {INQUIRY}/rating": "rated",
    f"GET {INQUIRY}/attachments/{{attachment_id}}": "attached",
    "GET /api/v1/staff/inquiries/{number}/attachments/{attachment_id}": "attached",
    f"POST {HANDOFF}/acceptance": "offered",
    f"POST {HANDOFF}/return": "offered",
}
"""Where an inquiry must be for an operation to succeed; filed for every other."""
ALL_STAGES = ("filed", "closed", "rated", "attached", "offered")


@dataclass(frozen=True)
class Known:
    """An inquiry as it stands, with what opens it."""

    stage: str
    number: str
    token: str
    version: int
    handoff_id: str = NOBODYS
    attachment_id: str = NOBODYS


@dataclass
class Town:
    """Inquiries and people to ask about. An inquiry that a request changed is replaced at its stage by a new one."""

    office: Office
    _known: dict[str, Known] = field(default_factory=dict)

    def at(self, stage: str) -> Known:
        """An inquiry of the window at this stage."""
        if stage not in self._known:
            self._known[stage] = self._make(stage)
        return self._known[stage]

    def moved_on(self, known: Known) -> None:
        """Something was done to it."""
        self._known.pop(known.stage, None)

    def bearer(self, name: str) -> str:
        """How this person shows a session."""
        return self.office.staff(name).headers["Authorization"]

    def passing_bearer(self) -> str:
        """A session of nobody else's, which may be ended."""
        answer = self.office.anybody.post("/staff/sessions", self._account("window_b"))
        return f"Bearer {answer.json['token']}"

    def body(self, operation: str, known: Known) -> dict[str, Any]:
        """A body with which the operation succeeds."""
        org = self.office.org
        bodies: dict[str, dict[str, Any]] = {
            "POST /api/v1/lookups": {"number": known.number, "phone_tail": "5678"},
            "POST /api/v1/inquiries": {
                "sign": org.window.sign.code,
                "category": "report",
                "content": "井盖坏了",
            },
            "POST /api/v1/staff/sessions": self._account("window_a"),
            "POST /api/v1/staff/inquiries": {"channel": "call", "category": "consult", "content": "问材料"},
            f"POST {INQUIRY}/rating": {"grade": "fair"},
            f"PUT {INQUIRY}/rating": {"grade": "satisfied"},
            f"POST {INQUIRY}/reopening": {"reason": "没有解决"},
            f"POST {INQUIRY}/supplements": {"text": "补充一点"},
            f"POST {INQUIRY}/attachments": {"file": PHOTO},
            "POST /api/v1/staff/inquiries/{number}/closing": {"outcome": "answered", "reply": "请带身份证"},
            "POST /api/v1/staff/inquiries/{number}/handoffs": {
                "to_section": org.business.section.id,
                "reason": "属于业务科职责",
            },
            "POST /api/v1/staff/inquiries/{number}/assignment": {"to_staff": org.people["window_b"].id},
            f"POST {HANDOFF}/return": {"reason": "不属于本科职责", "clause": "三定规定"},
        }
        return bodies.get(operation, {})

    def path(self, known: Known) -> dict[str, str]:
        """Every path parameter there is."""
        return {
            "number": known.number,
            "handoff_id": known.handoff_id,
            "attachment_id": known.attachment_id,
            "code": self.office.org.window.sign.code,
        }

    def headers(self, operation: APIOperation, known: Known, choose: Choose) -> dict[str, str]:
        """The headers the operation asks for. The key is fresh, or one used before."""
        insider = ACTORS.get(operation.path.rsplit("/", 1)[-1], "window_a")
        named = {parameter.name for parameter in operation.headers}
        shown: dict[str, Callable[[], str]] = {
            "Idempotency-Key": lambda: choose([new_key(), new_key(), new_key(), "the-same-key-again"]),
            "If-Match": lambda: choose([f'"{known.version}"'] * 4 + ['"99"']),
            "X-Tracking-Token": lambda: known.token,
            "Authorization": lambda: self.bearer(choose([insider] * 7 + list(OUTSIDERS))),
        }
        if operation.label == "DELETE /api/v1/staff/sessions/current":
            shown["Authorization"] = self.passing_bearer
        return {name: show() for name, show in shown.items() if name in named}

    def _attach(self, number: str, token: str) -> str:
        headers = {"X-Tracking-Token": token, "Idempotency-Key": new_key()}
        file = (io.BytesIO(PHOTO), "照片.png")
        path = f"/api/v1/inquiries/{number}/attachments"
        answer = self.office.anybody.client.post(path, data={"file": file}, headers=headers)
        return str(answer.json["id"])

    def _account(self, name: str) -> dict[str, str]:
        return {"username": self.office.org.people[name].username, "password": self.office.org.password}

    def _make(self, stage: str) -> Known:
        filed = self.office.file()
        number, token = filed["number"], filed["tracking_token"]
        if stage == "filed":
            return Known(stage, number, token, 1)
        if stage == "attached":
            return Known(stage, number, token, 2, attachment_id=self._attach(number, token))
        if stage == "offered":
            body = self.body("POST /api/v1/staff/inquiries/{number}/handoffs", Known(stage, number, token, 1))
            made = self.office.act("window_a", number, "handoffs", body).json["id"]
            return Known(stage, number, token, 2, handoff_id=made)
        self.office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
        if stage == "rated":
            self.office.citizen(token).post(f"/inquiries/{number}/rating", {"grade": "fair"})
        return Known(stage, number, token, 2)


def proper(town: Town, operation: APIOperation) -> tuple[Case, Known]:
    """A call that has everything it needs."""
    known = town.at(STAGES.get(operation.label, "filed"))
    wanted = {parameter.name for parameter in operation.path_parameters}
    case = operation.Case(
        method=operation.method.upper(),
        path_parameters={name: value for name, value in town.path(known).items() if name in wanted},
        headers=town.headers(operation, known, first),
    )
    if operation.body:
        case.body = town.body(operation.label, known)
        case.media_type = operation.body[0].media_type
    return case, known


def dress(town: Town, case: Case, choose: Choose, spared: str | None = None) -> Known:
    """Put real things in place of made-up ones, as `choose` says; the parameter `spared` stays as it is."""
    operation = case.operation
    known = town.at(choose([STAGES.get(operation.label, "filed")] * 8 + list(ALL_STAGES)))
    for name, value in town.path(known).items():
        if name in case.path_parameters and name != spared and choose(OFTEN):
            case.path_parameters[name] = value
    for name, value in town.headers(operation, known, choose).items():
        if name != spared and choose(OFTEN):
            case.headers[name] = value
    return known


def refer(body: Mapping[str, Any], good: Mapping[str, Any]) -> dict[str, Any]:
    """The body with every reference in it to something there is, or without it."""
    kept = {name: value for name, value in body.items() if name not in REFERENCES}
    return kept | {name: value for name, value in good.items() if name in REFERENCES}


OFTEN = (True,) * 9 + (False,)


def first(choices: Sequence[Any]) -> Any:
    """The choice that gets furthest."""
    return choices[0]
