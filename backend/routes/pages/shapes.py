"""What templates want beyond the read models: icons, order, addresses. The one place where shapes are adapted."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, select

from backend.domain.boxes import Box
from backend.domain.identity import Identity
from backend.domain.numbers import display_number
from backend.domain.vocabulary import Category
from backend.models import Inquiry, LedgerEntry, Unit
from backend.queries.inquiry import citizen_detail, receipt_of, staff_detail
from backend.queries.leads import lead_choices
from backend.queries.limits import rule_choices
from backend.queries.people import ref
from backend.queries.worklist import box_counts, own_boxes
from backend.services.work import Work

Group = tuple[str | None, list[tuple[str, str]]]
"""A labelled group of `(value, text)` options."""

Units = list[dict[str, Any]]
"""The directory, as read once for a page."""

ICONS = {
    "filed": "inbox",
    "confirmed": "check",
    "offered": "handoff",
    "accepted": "person",
    "assigned": "person",
    "returned": "return",
    "withdrawn": "return",
    "lapsed": "hourglass",
    "closed": "done",
    "rated": "star",
    "rating_changed": "star",
    "supplemented": "plus",
    "attached": "clip",
    "reopened": "reopen",
    "clock_overdue": "alert",
    "addressed_outside": "handoff",
    "external_cancelled": "cross",
    "result_back": "done",
    "dispute_opened": "flag",
    "dispute_escalated": "flag",
    "dispute_decided": "person",
    "joint_started": "building",
    "joint_opinion": "chat",
    "joint_planned": "doc",
    "joint_referred": "flag",
    "joint_task_done": "check",
    "clock_due_soon": "hourglass",
    "noticed": "doc",
    "notice_received": "check",
    "reclassified": "pen",
    "clock_extended": "clock",
    "clock_recalculated": "clock",
    "matter_named": "book",
    "reminded": "clock",
    "supervised": "flag",
    "instructed": "pen",
    "followed_up": "phone",
    "erased": "cross",
    "reviewed": "search",
    "lead_opened": "alert",
    "lead_element": "search",
    "lead_statement": "chat",
    "lead_decided": "doc",
}
RUNNING = ("overdue", "due_soon", "running", "paused")
FIRST_LOOK = (
    Box.TODO,
    Box.OFFERED,
    Box.UNSIGNED,
    Box.DISPUTES,
    Box.OVERDUE,
    Box.DUE_SOON,
    Box.JOINT,
    Box.MINE,
    Box.SECTION,
    Box.UNIT,
)
"""The order in which a box that has something is opened first."""


def citizen_inquiry(work: Work, inquiry: Inquiry, token: str) -> dict[str, Any]:
    """The follow page's inquiry."""
    shape = _drawn(citizen_detail(work, inquiry), f"/t/{token}")
    return shape | {"complaint_phone": inquiry.first_unit.complaint_phone or None}


def staff_inquiry(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any]:
    """The console's inquiry."""
    shape = _drawn(staff_detail(work, identity, inquiry), f"/staff/inquiries/{inquiry.number}")
    shape["limit_choices"] |= rule_choices(work, inquiry)
    if "open_lead" in action_names(shape):
        shape["lead_choices"] = lead_choices(work, identity, inquiry)
    if shape["handoff"] is not None:
        shape["handoff"]["lapses_at_text"] += " 前"
    return shape


def receipt(work: Work, inquiry: Inquiry) -> dict[str, Any] | None:
    """Place and hash of the entry that took the inquiry in."""
    entry = work.session.scalar(_filed(inquiry))
    return receipt_of(entry) if entry is not None else None


def slip(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any]:
    """The 受理单 for who may open the inquiry: as it stands now."""
    shape = staff_detail(work, identity, inquiry)
    kept = ("display_number", "received_at", "category_label", "unit", "section", "first_responder", "holder")
    closed = {
        "outcome_label": shape["outcome_label"],
        # One registration, one moment: what was closed later was not closed on the spot.
        "is_on_the_spot": inquiry.closed_at == inquiry.recorded_at,
    }
    return {name: shape[name] for name in kept} | {
        "closed": closed if inquiry.closed_at is not None else None,
        "clocks": [clock for clock in shape["clocks"] if clock["state"] in RUNNING],
        "no_limit_note": shape["no_limit_note"],
        "has_phone": bool(shape["contact"] and shape["contact"]["phone"]),
    }


def slip_as_filed(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """The same for who handed it over and may not see it: what the entry of its filing says, and nothing since."""
    body = json.loads(work.session.scalars(_filed(inquiry)).one().body)
    facts = body["facts"]
    return {
        "display_number": display_number(body["number"]),
        "received_at": facts["received_at"],
        "category_label": Category(facts["category"]).label,
        "unit": ref(work.session.get_one(Unit, facts["first_unit"])),
        "has_phone": None,
    }


def _filed(inquiry: Inquiry) -> Select[LedgerEntry]:
    return select(LedgerEntry).where(
        LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "filed", ~LedgerEntry.is_mirror
    )


def action_names(shape: dict[str, Any]) -> list[str]:
    """The acts that are open now."""
    return [action["name"] for action in shape["actions"]]


def boxes(work: Work, identity: Identity) -> list[dict[str, Any]]:
    """The boxes this person has, each with its address."""
    shown = own_boxes(identity, box_counts(work, identity))
    return [box | {"href": f"/staff?box={box['name']}"} for box in shown]


def first_box(shown: list[dict[str, Any]]) -> Box:
    """Where the day begins: the first box that has something in it."""
    totals = {box["name"]: box["total"] for box in shown}
    return next((box for box in FIRST_LOOK if totals.get(box.value)), Box.TODO)


def targets(units: Units, identity: Identity, shape: dict[str, Any]) -> list[Group]:
    """Whom a matter can be handed to, as `unit/section`: staffed sections, and other units' general posts."""
    section = ((shape["holder"] or {}).get("section") or {}).get("id")
    groups: list[Group] = []
    for unit in units:
        options = [
            (f"{unit['id']}/{one['id']}", one["name"])
            for one in unit["sections"]
            if one["staffed"] and one["id"] != section
        ]
        if unit["id"] != identity.unit_id:
            options.append((f"{unit['id']}/", "由对方总岗承接"))
        if options:
            groups.append((unit["name"], options))
    return groups


def people(units: Units, identity: Identity) -> list[Group]:
    """Present handlers of the own unit, by section."""
    return _people(units, identity, within=lambda _section: True)


def assignees(units: Units, identity: Identity) -> list[Group]:
    """Present handlers inside this person's scope, by section."""
    return _people(units, identity, within=lambda section: identity.may_assign(identity.unit_id, section))


def _people(units: Units, identity: Identity, *, within: Any) -> list[Group]:
    own = next((unit for unit in units if unit["id"] == identity.unit_id), None)
    return [
        (section["name"], [(one["id"], one["name"]) for one in section["staff"]])
        for section in (own["sections"] if own else [])
        if section["staff"] and within(section["id"])
    ]


def _drawn(shape: dict[str, Any], address: str) -> dict[str, Any]:
    for entry in shape["timeline"]:
        entry["icon"] = ICONS.get(entry["event"], "dot")
    for file in shape["attachments"]:
        file["url"] = f"{address}/attachments/{file['id']}"
    for clock in shape["clocks"]:
        clock["explain"] = f"{address}/clocks/{clock['id']}"
    shape["clocks"].sort(key=lambda clock: (clock["state"] not in RUNNING, clock["due_at"]))
    return shape
