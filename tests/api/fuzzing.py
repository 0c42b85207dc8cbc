"""What a fuzzer needs to get past the doors: inquiries at every stage, sessions, keys, versions, fair bodies."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from schemathesis import Case
from schemathesis.schemas import APIOperation
from sqlalchemy import select

from backend.domain.exports import ExportFormat, ExportState
from backend.domain.vocabulary_contact import CheckState
from backend.models import ContentCheck, Inquiry
from tests.support.app import Api, Office, new_key
from tests.support.export_rows import export_request
from tests.support.fake_wechat import WECHAT
from tests.support.rules import PLAIN, matter_ids, take
from tests.support.surveys import give_account, link_of
from tests.vault.media_samples import encoded, picture

Choose = Callable[[Sequence[Any]], Any]
"""Picks one of several; the first is what gets furthest."""

REFERENCES = {
    "sign", "unit", "section", "to_unit", "to_section", "to_staff", "username", "password", "number", "phone_tail",
    "occurred_at", "item", "staff", "decided_on", "measures", "dismissed", "tolerance", "dated_on", "units", "tasks",
    "numbers", "period", "found_at", "served_at", "received_at", "js_code", "code", "results",
}  # fmt: skip
"""Fields of a body that name something there is, or a time that was: made-up values hardly ever do."""
INSTEAD = {"external": {"to_unit", "to_section", "to_staff"}}
"""A field that stands alone: with it, none of these."""

NOBODYS = "0" * 32
TEMPLATE = {"title": "执照材料", "body": "请带身份证原件。"}
PHOTO = encoded(picture(8, 8), "PNG")
OUTSIDERS = ("business_a", "general", "discipline", "neighbour_general", "overseer", "auditor", "lu_window_a")
INQUIRY = "/api/v1/inquiries/{number}"
STAFF = "/api/v1/staff/inquiries/{number}"
JOINT = f"{STAFF}/joint"
HANDOFF = "/api/v1/staff/handoffs/{handoff_id}"
LETTER = "/api/v1/staff/external-handoffs/{letter_id}"
DISPUTE = "/api/v1/staff/disputes/{dispute_id}"
LEAD = "/api/v1/staff/leads/{lead_id}"
SURVEY = "/api/v1/surveys/{token}"
REVIEW = "/api/v1/staff/reviews/{review_id}"
EXPORT = "/api/v1/staff/exports/{export_id}"
ACTORS = {
    "acceptance": "business_b",
    "return": "business_b",
    "assignment": "window_head",
    "supervision": "general",
    "leads": "discipline",
    "spot-checks": "discipline",
    "unit-records": "general",
    f"{JOINT}/tasks": "neighbour_general",
    f"{DISPUTE}/decision": "general",
    f"{DISPUTE}/escalation": "general",
    LEAD: "discipline",
    "exports": "general",
    EXPORT: "general",
    f"{EXPORT}/decision": "discipline",
    f"{EXPORT}/download": "general",
    REVIEW: "general",
    f"{LEAD}/elements/{{element}}": "discipline",
    f"{LEAD}/decision": "discipline",
    f"{STAFF}/opinions": "window_head",
    "/api/v1/staff/opinions": "window_head",
    "summaries": "general",
}
"""Who may do it, by address or by how it ends; window_a everything else."""
STAGES = {
    f"POST {INQUIRY}/reopening": "closed",
    f"POST {INQUIRY}/rating": "closed",
    f"PUT {INQUIRY}/rating": "rated",
    f"GET {INQUIRY}/attachments/{{attachment_id}}": "attached",
    f"GET {STAFF}/attachments/{{attachment_id}}": "attached",
    f"POST {INQUIRY}/notice/receipt": "noticed",
    f"POST {STAFF}/supplements": "noticed",
    f"POST {HANDOFF}/acceptance": "offered",
    f"POST {HANDOFF}/return": "offered",
    f"POST {DISPUTE}/decision": "disputed",
    f"POST {DISPUTE}/escalation": "disputed",
    f"GET {STAFF}/letters/{{letter_id}}": "letter drafted",
    f"POST {LETTER}/service": "letter drafted",
    f"POST {LETTER}/cancellation": "letter drafted",
    f"POST {LETTER}/result": "letter served",
    f"POST {JOINT}/opinions": "joint",
    f"POST {JOINT}/plan": "joint, talked over",
    f"POST {JOINT}/report": "joint",
    f"POST {JOINT}/tasks": "joint, planned",
    f"GET {JOINT}/report": "joint, reported",
    f"POST {STAFF}/follow-ups": "closed",
    f"POST {STAFF}/spot-checks": "closed",
    f"GET {SURVEY}": "surveyed",
    f"POST {SURVEY}": "surveyed",
    f"POST {REVIEW}": "doubted",
    f"GET {EXPORT}": "export asked",
    f"POST {EXPORT}/decision": "export asked",
    f"POST {EXPORT}/download": "export allowed",
    f"GET {LEAD}": "with a lead",
    f"PUT {LEAD}/elements/{{element}}": "with a lead",
    f"POST {LEAD}/statements": "with a lead",
    f"POST {LEAD}/decision": "with a lead",
}
"""Where an inquiry must be for an operation to succeed; filed for every other."""
IN_DOUBT = f"POST {INQUIRY}/supplements in doubt"
TO_AN_AUTHORITY = f"POST {STAFF}/handoffs to an authority"
REFUSAL = (f"POST {STAFF}/handoffs", f"POST {HANDOFF}/return")
ROADS: dict[str, tuple[str, ...]] = {
    "filed": (),
    "closed": (f"POST {STAFF}/closing",),
    "rated": (f"POST {STAFF}/closing", f"POST {INQUIRY}/rating"),
    "attached": (f"POST {INQUIRY}/attachments",),
    "noticed": (f"POST {STAFF}/notice",),
    "offered": (f"POST {STAFF}/handoffs",),
    "disputed": REFUSAL * 3,
    "letter drafted": (TO_AN_AUTHORITY,),
    "letter served": (TO_AN_AUTHORITY, f"POST {LETTER}/service"),
    "joint": (f"POST {JOINT}",),
    "joint, talked over": (f"POST {JOINT}", f"POST {JOINT}/opinions"),
    "joint, planned": (f"POST {JOINT}", f"POST {JOINT}/opinions", f"POST {JOINT}/plan"),
    "joint, reported": (f"POST {JOINT}", f"POST {JOINT}/report"),
    "with a lead": (f"POST {STAFF}/leads",),
    "surveyed": (f"POST {STAFF}/closing",),
    "doubted": (IN_DOUBT,),
    "export asked": (),
    "export allowed": (),
}
"""What is done from filing on until an inquiry is at the stage."""
MADE = {
    f"POST {INQUIRY}/attachments": "attachment_id",
    f"POST {STAFF}/handoffs": "handoff_id",
    TO_AN_AUTHORITY: "letter_id",
    f"POST {STAFF}/leads": "lead_id",
}
"""What the id in the answer to a step is the id of."""
ENDINGS = {"DELETE /api/v1/sessions/current", "DELETE /api/v1/account"}
"""After these a citizen is signed in no more."""
IDS = (*MADE.values(), "clock_id", "dispute_id", "token", "review_id", "export_id")


@dataclass(frozen=True)
class Known:
    """An inquiry as it stands, with what opens it and the ids of what belongs to it."""

    stage: str
    number: str
    token: str
    version: int
    ids: Mapping[str, str]


@dataclass
class Town:
    """Inquiries and people to ask about. An inquiry that a request changed is replaced at its stage by a new one."""

    office: Office
    _known: dict[str, Known] = field(default_factory=dict)
    _there: dict[str, str] = field(default_factory=dict)
    _citizen: Api | None = None
    _bound: set[str] = field(default_factory=set)
    _report: str = ""
    _template: str = ""

    @property
    def there(self) -> Mapping[str, str]:
        """What a body may name without having to: an entry of the unit's 事项目录."""
        if not self._there:
            unit = self.office.org.unit
            take(self.office, unit, matters=[PLAIN])
            self._there["matter"] = matter_ids(self.office, unit)[PLAIN["name"]]
        return self._there

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

    def bound_code(self, name: str) -> str:
        """What wx.login gives somebody of the staff whose WeChat is bound."""
        if name not in self._bound:
            self.office.bound_session(name)
            self._bound.add(name)
        return self.office.wechat.code(name)

    def passing_bearer(self) -> str:
        """A session of nobody else's, which may be ended."""
        answer = self.office.anybody.post("/staff/sessions", self._account("window_b"))
        return f"Bearer {answer.json['token']}"

    def citizens_bearer(self, operation: str) -> Callable[[], str]:
        """How a citizen shows a session; one of nobody else's for what ends it or may be done only so often."""
        if operation not in {*ENDINGS, "POST /api/v1/inquiries"}:
            return lambda: self.citizen.headers["Authorization"]
        return lambda: self.office.citizen_session(new_key()).headers["Authorization"]

    @property
    def citizen(self) -> Api:
        """One citizen who stays signed in."""
        if self._citizen is None:
            self._citizen = self.office.citizen_session("wang")
        return self._citizen

    @property
    def report(self) -> str:
        """A report of the window's ledger."""
        if not self._report:
            made = self.office.staff("window_a").post("/staff/ledger/submissions", {"period": "2026-11"})
            self._report = made.json["id"]
        return self._report

    @property
    def template(self) -> str:
        """A reply template of the window."""
        if not self._template:
            made = self.office.staff("window_a").post("/staff/reply-templates", TEMPLATE)
            self._template = made.json["id"]
        return self._template

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
            "POST /api/v1/sessions/wechat": {"js_code": self.office.wechat.code("wang")},
            "POST /api/v1/staff/sessions/wechat": {"js_code": self.bound_code("window_b")},
            "POST /api/v1/subscriptions": {"results": {WECHAT.templates["progress"]: "accept"}},
            "POST /api/v1/phone-numbers": {"code": self.office.wechat.phone_code("+8613812345678")},
            "POST /api/v1/staff/inquiries": {"channel": "call", "category": "consult", "content": "问材料"},
            f"POST {INQUIRY}/rating": {"grade": "fair"},
            f"PUT {INQUIRY}/rating": {"grade": "satisfied"},
            f"POST {INQUIRY}/reopening": {"reason": "没有解决"},
            f"POST {INQUIRY}/supplements": {"text": "补充一点"},
            f"POST {INQUIRY}/attachments": {"file": PHOTO},
            f"POST {STAFF}/closing": {"outcome": "answered", "reply": "请带身份证"},
            f"POST {STAFF}/handoffs": {"to_section": org.business.section.id, "reason": "属于业务科职责"},
            TO_AN_AUTHORITY: {"external": {"name": "税务局", "phone": "0519-82800000"}, "reason": "属于税务"},
            f"POST {STAFF}/assignment": {"to_staff": org.people["window_b"].id},
            f"POST {STAFF}/supervision": {"kind": "supervision", "text": "请抓紧"},
            f"POST {STAFF}/notice": {
                "basis": "《食品经营许可和备案管理办法》第十条",
                "time_limit": "材料补齐后 5 个工作日内办结",
                "procedure": "受理、审查、发证",
                "documents": ["身份证"],
                "days": 5,
                "days_kind": "legal",
            },
            f"POST {STAFF}/supplements": {
                "text": "租赁合同原件",
                "received_at": self.office.clock.now().isoformat(),
            },
            f"POST {STAFF}/classification": {"category": "report", "reason": "说的是另一回事"},
            f"POST {STAFF}/matter": {"regime": "petition", "days": 60, "basis": "《信访工作条例》第三十四条"},
            f"POST {STAFF}/extension": {"reason": "要向区里请示"},
            f"POST {HANDOFF}/return": {"reason": "不属于本科职责", "clause": "三定规定"},
            f"POST {LETTER}/service": {
                "served_at": self.office.clock.now().isoformat(),
                "how": "in_person",
                "receipt": "收件人李某",
            },
            f"POST {LETTER}/cancellation": {"reason": "写错了"},
            f"POST {LETTER}/result": {"text": "已补办证明"},
            f"POST {DISPUTE}/decision": {"to_section": org.business.section.id, "reason": "权责清单第三条"},
            f"POST {DISPUTE}/escalation": {"reason": "请主要负责人裁定"},
            f"POST {JOINT}": {"units": [org.neighbour.id], "matter": "既要许可，又要社保登记"},
            f"POST {JOINT}/opinions": {"kind": "consultation", "text": "谈过一次"},
            f"POST {JOINT}/plan": {
                "plan": "先登记再发证",
                "tasks": [{"unit": org.neighbour.id, "task": "办理社保登记"}],
            },
            f"POST {JOINT}/report": {
                "to": "government_office",
                "matters": "门面房的用途认定",
                "positions": "各有理据",
                "opinion": "建议先登记",
            },
            f"POST {JOINT}/tasks": {"text": "登记完成"},
            f"POST {STAFF}/follow-ups": {"result": "answered", "grade": "fair"},
            f"POST {STAFF}/spot-checks": {"by": "discipline", "how": "record", "finding": "记录齐全"},
            f"POST {SURVEY}": {"grade": "satisfied"},
            f"POST {REVIEW}": {"decision": "folded"},
            IN_DOUBT: {"text": "加我微信，刷单兼职"},
            f"POST {STAFF}/leads": {"item": "第十条（一）3", "note": "现场看到"},
            f"PUT {LEAD}/elements/{{element}}": {"found": True, "text": "经核实"},
            f"POST {LEAD}/statements": {"text": "说明"},
            f"POST {LEAD}/decision": {
                "decided_on": "2026-11-16",
                "body": "机关纪委",
                "measures": ["criticism"],
                "reason": "属实",
            },
            "POST /api/v1/staff/searches": {"phone_tail": "5678"},
            "POST /api/v1/staff/reply-templates": TEMPLATE,
            "PUT /api/v1/staff/reply-templates/{template_id}": TEMPLATE,
            f"POST {STAFF}/opinions": {"role": "section_head", "text": "同意"},
            "POST /api/v1/staff/opinions": {
                "numbers": [known.number],
                "role": "section_head",
                "text": "已阅",
            },
            "POST /api/v1/staff/ledger/submissions": {"period": "2026-11"},
            "POST /api/v1/staff/ledger/summaries": {"period": "2026-Q4"},
            "POST /api/v1/staff/exports": {"scope": "unit", "year": 2026, "format": "xlsx", "reason": "核查"},
            f"POST {EXPORT}/decision": {"decision": "approved"},
            "POST /api/v1/staff/unit-records": {
                "kind": "rules",
                "title": "实施细则",
                "dated_on": "2026-11-16",
                "body": "第一条",
            },
        }
        return bodies.get(operation, {})

    def path(self, known: Known) -> dict[str, str]:
        """Every path parameter there is."""
        return {name: known.ids.get(name, NOBODYS) for name in IDS} | {
            "number": known.number,
            "code": self.office.org.window.sign.code,
            "element": "other-breach",
            "unit_id": self.office.org.unit.id,
            "report_id": self.report,
            "template_id": self.template,
        }

    def headers(self, operation: APIOperation, known: Known, choose: Choose) -> dict[str, str]:
        """The headers the operation asks for. The key is fresh, or one used before."""
        insider = actor_of(operation.path)
        named = {parameter.name for parameter in operation.headers}
        shown: dict[str, Callable[[], str]] = {
            "Idempotency-Key": lambda: choose([new_key(), new_key(), new_key(), "the-same-key-again"]),
            "If-Match": lambda: choose([f'"{known.version}"'] * 4 + ['"99"']),
            "X-Tracking-Token": lambda: known.token,
            "Authorization": lambda: self.bearer(choose([insider] * 7 + list(OUTSIDERS))),
        }
        if not operation.path.startswith("/api/v1/staff/"):
            shown["Authorization"] = self.citizens_bearer(operation.label)
        if operation.label == "DELETE /api/v1/staff/sessions/current":
            shown["Authorization"] = self.passing_bearer
        return {name: show() for name, show in shown.items() if name in named}

    def _account(self, name: str) -> dict[str, str]:
        return {"username": self.office.org.people[name].username, "password": self.office.org.password}

    def _make(self, stage: str) -> Known:
        filed = self.office.file()
        ids = {"clock_id": filed["clocks"][0]["id"]}
        known = Known(stage, filed["number"], filed["tracking_token"], 1, ids)
        if stage == "surveyed":
            give_account(self.office, known.number)
        for step in ROADS[stage]:
            known = self._go(known, step)
        if stage == "surveyed":
            known = replace(known, ids={**known.ids, "token": link_of(self.office, known.number)})
        if stage == "doubted":
            known = replace(known, ids={**known.ids, "review_id": self._doubt(known.number)})
        if stage.startswith("export "):
            known = replace(known, ids={**known.ids, "export_id": self._ask_for_export(stage)})
        if stage == "disputed":
            shown = self.office.citizen(known.token).get(f"/inquiries/{known.number}").json
            known = replace(known, ids={**known.ids, "dispute_id": shown["dispute"]["id"]})
        return known

    def _doubt(self, number: str) -> str:
        """The check of this inquiry that waits for somebody."""
        with self.office.looking() as work:
            doubted = select(ContentCheck.id).join(Inquiry).where(Inquiry.number == number)
            return work.session.scalars(doubted.where(ContentCheck.state == CheckState.REVIEW)).one()

    def _ask_for_export(self, stage: str) -> str:
        """A copy of the unit's ledger the general post asked for, and discipline has allowed or not yet."""
        general, discipline = (self.office.org.people[name] for name in ("general", "discipline"))
        with self.office.working() as work:
            leave = (
                {"decided_by_id": discipline.id, "decided_at": work.now} if stage == "export allowed" else {}
            )
            return export_request(
                work.session,
                general,
                format=ExportFormat.XLSX,
                is_full=True,
                reason="核查",
                row_count=1,
                state=ExportState.READY if leave else ExportState.WAITING,
                requested_at=work.now,
                expires_at=work.now + timedelta(days=1),
                **leave,
            ).id

    def _go(self, known: Known, step: str) -> Known:
        """Do this to the inquiry. Returns it as it stands then."""
        method, path = step.split()[:2]
        headers = {"Idempotency-Key": new_key(), "If-Match": f'"{known.version}"'}
        if path.startswith(INQUIRY):
            headers["X-Tracking-Token"] = known.token
        else:
            headers["Authorization"] = self.bearer(actor_of(path))
        sent: dict[str, Any] = {"json": self.body(step, known)}
        if path.endswith("/attachments"):
            sent = {"data": {"file": (io.BytesIO(PHOTO), "照片.png")}}
        client = self.office.anybody.client
        answer = client.open(path.format_map(self.path(known)), method=method, headers=headers, **sent)
        assert answer.status_code < 300, (step, answer.json)
        made = {MADE[step]: answer.json["id"]} if step in MADE else {}
        version = int(answer.headers["ETag"].strip('"'))
        return replace(known, version=version, ids={**known.ids, **made})


def actor_of(path: str) -> str:
    """Who of the staff may do what this address is for."""
    return ACTORS.get(path) or ACTORS.get(path.rsplit("/", 1)[-1], "window_a")


def proper(town: Town, operation: APIOperation, stage: str | None = None) -> tuple[Case, Known]:
    """A call that has everything it needs, at the stage it is for or at another one."""
    known = town.at(stage or STAGES.get(operation.label, "filed"))
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
    known = town.at(choose([STAGES.get(operation.label, "filed")] * 2 * len(ROADS) + list(ROADS)))
    for name, value in town.path(known).items():
        if name in case.path_parameters and name != spared and choose(OFTEN):
            case.path_parameters[name] = value
    for name, value in town.headers(operation, known, choose).items():
        if name != spared and choose(OFTEN):
            case.headers[name] = value
    return known


def refers(body: Mapping[str, Any], good: Mapping[str, Any], there: Mapping[str, str]) -> bool:
    """Whether the body has, or needs, a reference to something there is."""
    return bool(good.keys() & REFERENCES or body.keys() & there.keys())


def refer(body: Mapping[str, Any], good: Mapping[str, Any], there: Mapping[str, str]) -> dict[str, Any]:
    """The body with every reference in it to something there is, or without it.

    `good` is a body that succeeds; what `there` holds is put where the body has something made up.
    """
    alone = {other for name in INSTEAD if body.get(name) is not None for other in INSTEAD[name]}
    kept = {name: value for name, value in body.items() if name not in REFERENCES}
    named = {name: there[name] for name in kept.keys() & there.keys() - good.keys()}
    return kept | named | {name: good[name] for name in good.keys() & REFERENCES - alone}


OFTEN = (True,) * 9 + (False,)


def first(choices: Sequence[Any]) -> Any:
    """The choice that gets furthest."""
    return choices[0]
