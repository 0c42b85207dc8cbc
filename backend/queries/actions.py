"""Which acts are open, to whom: the server says so, and clients show exactly that."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import NotRateable
from backend.domain.identity import Identity
from backend.domain.ratings import can_change, ensure_rateable
from backend.domain.states import Step, allowed
from backend.domain.vocabulary import Outcome
from backend.models import Handoff, Inquiry, Rating
from backend.queries.classification import classification_actions
from backend.queries.follow_ups import follow_up_actions
from backend.queries.joints import joint_actions
from backend.queries.leads import lead_actions
from backend.queries.limits import limit_actions
from backend.queries.notices import notice_actions, receipt_actions
from backend.queries.sign_offs import sign_off_actions
from backend.queries.spot_checks import spot_check_actions
from backend.queries.transfers import transfer_actions
from backend.queries.urging import reminder_actions, supervision_actions
from backend.services.assigning import may_assign
from backend.services.changing import acts_for
from backend.services.clocks import running_clocks
from backend.services.confirming import knows_on_the_spot
from backend.services.following import is_from_staff_phone, is_from_staff_wechat
from backend.services.handing_over import may_answer
from backend.services.holdings import live_holding
from backend.services.pending import pending_of
from backend.services.work import Work
from backend.statute.model import Event


def citizen_actions(work: Work, inquiry: Inquiry, rating: Rating | None) -> list[dict[str, Any]]:
    """What the citizen can do now."""
    base = f"/api/v1/inquiries/{inquiry.number}"
    actions = receipt_actions(work, inquiry, base)
    if allowed(inquiry.status, Step.SUPPLEMENT):
        actions.append(_action("supplement", "补充说明", "POST", f"{base}/supplements", ["text"]))
    if allowed(inquiry.status, Step.ATTACH):
        actions.append(_action("attach", "添加照片或文件", "POST", f"{base}/attachments", ["file"]))
    actions += reminder_actions(work, inquiry, base)
    if allowed(inquiry.status, Step.WITHDRAW):
        actions.append(_action("withdraw", "撤回", "POST", f"{base}/withdrawal", ["reason"]))
    if allowed(inquiry.status, Step.REOPEN) and inquiry.outcome is not Outcome.WITHDRAWN:
        actions.append(_action("reopen", "重新打开", "POST", f"{base}/reopening", ["reason"]))
    fields = ["grade", "comment", "share_with_section"]
    if is_from_staff_phone(work, inquiry) or is_from_staff_wechat(work, inquiry):
        return actions
    if rating is None and _rateable(work, inquiry):
        actions.append(_action("rate", "评价", "POST", f"{base}/rating", fields))
    if rating is not None and can_change(rating.rated_at, rating.changed_at, work.now):
        actions.append(_action("change_rating", "修改评价", "PUT", f"{base}/rating", fields))
    return actions


def staff_actions(
    work: Work, identity: Identity, inquiry: Inquiry, offer: Handoff | None
) -> list[dict[str, Any]]:
    """What this member of staff can do now."""
    base = f"/api/v1/staff/inquiries/{inquiry.number}"
    holding = live_holding(work.session, inquiry)
    holds = holding is not None and acts_for(work, identity, holding)
    pending = pending_of(work, inquiry)
    actions = []
    if holds and allowed(inquiry.status, Step.CONFIRM):
        fields = ["summary", "competent"] if _competence_matters(work, inquiry) else ["summary"]
        if knows_on_the_spot(work, inquiry):
            fields.append("on_the_spot")
        actions.append(_action("confirm", "签收", "POST", f"{base}/confirmation", fields))
    if offer is not None and may_answer(work.session, identity, offer, work.now):
        href = f"/api/v1/staff/handoffs/{offer.id}"
        actions.append(_action("accept", "承接", "POST", f"{href}/acceptance", []))
        actions.append(_action("return", "退回", "POST", f"{href}/return", ["reason", "clause"]))
    if holds and allowed(inquiry.status, Step.OFFER) and not pending.is_anything:
        fields = ["to_unit", "to_section", "to_staff", "mode", "reason", "written"]
        actions.append(_action("hand_over", "转交", "POST", f"{base}/handoffs", fields))
    actions += [
        _action(name, label, "POST", f"/api/v1/staff{path}", fields)
        for name, label, path, fields in transfer_actions(work, identity, inquiry, pending, holds=holds)
    ]
    if allowed(inquiry.status, Step.ASSIGN) and may_assign(work.session, identity, inquiry):
        actions.append(_action("assign", "分派", "POST", f"{base}/assignment", ["to_staff", "reason"]))
    actions += limit_actions(work, inquiry, base, holds=holds)
    if holds and allowed(inquiry.status, Step.CLOSE):
        fields = ["outcome", "reply", "reason", "basis", "remedy", "authority", "help"]
        actions.append(_action("close", "答复并办结", "POST", f"{base}/closing", fields))
    actions += supervision_actions(work, identity, inquiry, base)
    actions += lead_actions(identity, inquiry)
    actions += joint_actions(work, identity, inquiry, holds=holds, is_free=not pending.is_anything)
    actions += notice_actions(inquiry, base, holds=holds)
    actions += classification_actions(work, identity, inquiry, base, holds=holds)
    actions += follow_up_actions(work, identity, inquiry, base)
    actions += sign_off_actions(work, identity, inquiry, base)
    actions += spot_check_actions(work, identity, inquiry, base)
    return actions


def _competence_matters(work: Work, inquiry: Inquiry) -> bool:
    """Whether saying 属本单位职责 ends a limit that runs (坛 六（四）): only a written application has one."""
    duties = (work.tools.statute.duty(clock.measure, clock.duty) for clock in running_clocks(work, inquiry))
    return any(Event.COMPETENCE_CONFIRMED in (*duty.met_by, *duty.cancelled_by) for duty in duties)


def _rateable(work: Work, inquiry: Inquiry) -> bool:
    try:
        ensure_rateable(
            inquiry.status, inquiry.outcome, inquiry.closed_at, work.now, work.tools.rating_window
        )
    except NotRateable:
        return False
    return True


def _action(name: str, label: str, method: str, href: str, fields: list[str]) -> dict[str, Any]:
    return {"name": name, "label": label, "method": method, "href": href, "fields": fields}
