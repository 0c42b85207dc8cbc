"""What can be done about the limits of an inquiry, and what there is to choose from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.clocks import date_phrase
from backend.domain.errors import ExtensionNotAllowed
from backend.domain.states import Step, allowed
from backend.domain.vocabulary import LimitBasis, Regime
from backend.models import Inquiry, Matter
from backend.services.clocks import running_clocks
from backend.services.extending import READING, extendable
from backend.services.naming import HANDLING, SUPERIOR, gives_way
from backend.services.unit_rules import live_matters
from backend.services.work import Work

LIMIT_EVENTS = frozenset({"matter_named", "clock_extended", "clock_recalculated"})
"""Events of the timeline whose title is made here."""


def limit_actions(work: Work, inquiry: Inquiry, base: str, *, holds: bool) -> list[dict[str, Any]]:
    """认定事项 and 延长, where the state, the limits that run and the person allow it."""
    if not holds:
        return []
    actions = []
    if allowed(inquiry.status, Step.NAME_MATTER) and not _is_stated(work, inquiry):
        fields = ["matter", "regime", "days", "basis"]
        actions.append(_action("name_matter", "认定事项和办理时限", f"{base}/matter", fields))
    if allowed(inquiry.status, Step.EXTEND) and _can_extend(work, inquiry):
        actions.append(_action("extend", "说明理由延长", f"{base}/extension", ["reason", "days"]))
    return actions


def limit_title(work: Work, event: str, facts: dict[str, Any]) -> str:
    """What became of a limit, in one line of the timeline; the reason stands below it as a text of its own."""
    if event == "matter_named":
        matter = work.session.get(Matter, facts["matter"]) if facts["matter"] else None
        what = matter.name if matter is not None else Regime(facts["regime"]).label
        kind = LimitBasis(facts["basis_kind"]).label
        return f"认定为“{what}”，{kind} {facts['days']} 个工作日"
    if event == "clock_extended":
        return f"说明理由延长 {facts['days']} 个工作日，到 {_until(work, facts['due_at'])} 前"
    moved = [one for one in facts["clocks"] if one["due_at"] != one["old_due_at"]]
    ends = [f"{_until(work, one['old_due_at'])} 改为 {_until(work, one['due_at'])}" for one in moved]
    if "handoff" in facts:
        offer = f"{_until(work, facts['old_lapses_at'])} 改为 {_until(work, facts['lapses_at'])}"
        ends.append(f"转交等待承接到 {offer}")
    if not ends:
        return "放假安排公布，暂定的时限就此确定"
    undone = "，先前按暂定时限记下的超期不再成立" if any(one["undid_breach"] for one in moved) else ""
    return f"放假安排公布，时限重新计算：{'；'.join(ends)}{undone}"


def limit_choices(work: Work) -> dict[str, Any]:
    """How far a limit can be extended."""
    return {"most_days": work.tools.statute.number(READING)}


def rule_choices(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """What a form about limits lets choose besides: `(value, text)` of the 事项目录 and of the regimes."""
    return {
        "matters": _matters(work, inquiry.unit_id),
        "regimes": [(regime.value, regime.label) for regime in Regime],
    }


def _matters(work: Work, unit_id: str) -> list[tuple[str, str]]:
    options = []
    for matter in live_matters(work.session, unit_id):
        regime = f"，{matter.regime.label}" if matter.regime else ""
        days = (
            f"承诺 {matter.promised_days} 个工作日"
            if matter.promised_days
            else f"法定 {matter.legal_days} 个工作日"
        )
        options.append((matter.id, f"{matter.name}（{days}{regime}）"))
    return options


def _is_stated(work: Work, inquiry: Inquiry) -> bool:
    """A handling limit gives way to another regime's, and what a notice stated to the 事项目录: then something is left."""
    duties = {clock.duty for clock in running_clocks(work, inquiry) if not gives_way(clock)}
    known = {duty.id for duty in work.tools.statute.measures[inquiry.measure].duties}
    return SUPERIOR in duties or (HANDLING in duties and SUPERIOR not in known)


def _can_extend(work: Work, inquiry: Inquiry) -> bool:
    try:
        extendable(work, inquiry)
    except ExtensionNotAllowed:
        return False
    return True


def _until(work: Work, moment: str) -> str:
    return date_phrase(datetime.fromisoformat(moment), work.now)


def _action(name: str, label: str, href: str, fields: list[str]) -> dict[str, Any]:
    return {"name": name, "label": label, "method": "POST", "href": href, "fields": fields}
