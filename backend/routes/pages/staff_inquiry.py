"""`/staff/inquiries/{number}`: one inquiry and every step of the office on it."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, redirect
from sqlalchemy import select
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import NotFound
from backend.domain.numbers import parse_number
from backend.models import Handoff
from backend.queries.directory import directory
from backend.queries.notices import matter_options
from backend.queries.reply_templates import template_titles
from backend.routes import operations
from backend.routes.files import send_attachment
from backend.routes.loading import by_number, find_visible
from backend.routes.pages import (
    drafts,
    forms_follow_ups,
    forms_joint,
    forms_limits,
    forms_notices,
    forms_sign_offs,
    forms_spot_checks,
    forms_staff,
    forms_transfers,
    forms_urging,
    shapes,
)
from backend.routes.pages.forms import (
    Form,
    Refusal,
    blank,
    filled_again,
    kept_words,
    refused,
    submission,
    was_answered,
)
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pages.steps import Step
from backend.routes.pages.template_placing import with_template
from backend.routes.pipeline import carry_out, open_reading

bp = APIBlueprint("staff_inquiry", __name__, enable_openapi=False)


STEPS = {
    "confirmation": Step(
        "confirm",
        forms_staff.CONFIRMATION,
        forms_staff.confirmation,
        lambda number, who: operations.confirmation(by_number(number, who), who),
    ),
    "handoffs": Step(
        "hand_over",
        forms_staff.HANDOFF,
        forms_staff.handoff,
        lambda number, who: operations.handoff(by_number(number, who), who),
    ),
    "acceptance": Step(
        "accept",
        forms_staff.ACCEPTANCE,
        forms_staff.acceptance,
        lambda number, who: operations.handoff_acceptance(_latest_offer(number), who),
    ),
    "return": Step(
        "return",
        forms_staff.RETURN,
        forms_staff.handoff_return,
        lambda number, who: operations.handoff_return(_latest_offer(number), who),
    ),
    "assignment": Step(
        "assign",
        forms_staff.ASSIGNMENT,
        forms_staff.assignment,
        lambda number, who: operations.assignment(by_number(number, who), who),
    ),
    "closing": Step(
        "close",
        forms_staff.CLOSING,
        forms_staff.closing,
        lambda number, who: operations.closing(by_number(number, who), who),
    ),
    **forms_joint.STEPS,
    **forms_transfers.STEPS,
    **forms_notices.STEPS,
    **forms_limits.STEPS,
    **forms_urging.STEPS,
    **forms_follow_ups.STEPS,
    **forms_sign_offs.STEPS,
    **forms_spot_checks.STEPS,
}
"""Every act by its address below the inquiry."""
CHOOSING = frozenset({"hand_over", "assign", "start_joint", "decide_dispute"})
"""Acts whose forms let choose among units, sections and people."""
ADDRESSES = {step.action: address for address, step in STEPS.items()}


@bp.get("/staff/inquiries/<number>")
def show(number: str) -> Response:
    """The inquiry as staff of its chain see it. Raises NotFound outside it."""
    return inquiry_page(number)


def inquiry_page(
    number: str, step: Step | None = None, refusal: Refusal | None = None, filled: Form | None = None
) -> Response:
    """The inquiry as it is now, with a form at its version for each open act; the refused one as it was filled in.

    A form that was left half-written comes back with its draft.
    """
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
        shape = shapes.staff_inquiry(work, identity(), inquiry)
        open_acts = shapes.action_names(shape)
        units = directory(work, identity()) if not CHOOSING.isdisjoint(open_acts) else []
        matters = matter_options(work, inquiry.unit_id) if "notify" in open_acts else []
        templates = template_titles(work, identity()) if "close" in open_acts else []
    forms = {name: blank(version=shape["version"]) for name in open_acts}
    half_written = [
        (place, one.kind, forms[one.action]) for place, one in STEPS.items() if one.action in forms
    ]
    drafts.fill(f"{shape['number']}/", half_written)
    if step is not None and refusal is not None:
        forms[step.action] = refused(step.kind, refusal, version=shape["version"])
    if step is not None and filled is not None and step.action in forms:
        forms[step.action] = filled | {"version": shape["version"]}
    address = f"/staff/inquiries/{shape['number']}"
    return render(
        "staff/inquiry.html",
        refusal.status if refusal else 200,
        at=address,
        me=g.me,
        inquiry=shape,
        forms=forms,
        form_actions={
            "logout": "/staff/logout",
            **{name: f"{address}/{ADDRESSES[name]}" for name in open_acts},
        },
        kept=kept_words() if step is not None and step.action not in open_acts else [],
        targets=shapes.targets(units, identity(), shape),
        people=shapes.people(units, identity()),
        assignees=shapes.assignees(units, identity()),
        partners=forms_joint.partners(units, shape),
        arbitration=forms_transfers.arbitration_targets(units, shape),
        matters=matters,
        templates=templates,
    )


def _again(refusal: Refusal, number: str, step: str) -> Response:
    drafts.keep_refused(_place(number, step), refusal)
    return inquiry_page(number, STEPS[step], refusal)


def _closing_again(refusal: Refusal, number: str) -> Response:
    return _again(refusal, number, "closing")


def _place(number: str, step: str) -> str:
    return f"{parse_number(number) or ''}/{step}"


@bp.post(f"/staff/inquiries/<number>/<any({', '.join(STEPS)}):step>")
@shown_again_by(_again)
def act(number: str, step: str) -> Redirect:
    """Carry out one act at the version the form was made for, then show the inquiry, if it may still be seen."""
    one = STEPS[step]
    sent = submission(one.convert(posted()))
    try:
        answer = carry_out(one.operation(number, identity()), sent)
    except NotFound:
        if not was_answered(sent):
            raise
        # Sent twice: the first gave it away, and by now it is out of sight.
        return redirect("/staff", 303)
    drafts.forget(_place(number, step))
    return redirect(_afterwards(answer.inquiry.number), 303)


@bp.post(f"/staff/inquiries/<number>/<any({', '.join(STEPS)}):step>/draft")
@shown_again_by(_again)
def keep_draft(number: str, step: str) -> Response | Redirect:
    """Keep a form half-written, or forget it. Raises NotFound outside the chain."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
    return drafts.keep(f"{inquiry.number}/{step}", f"/staff/inquiries/{inquiry.number}")


@bp.post("/staff/inquiries/<number>/closing/template")
@shown_again_by(_closing_again)
def use_template(number: str) -> Response:
    """Put a reply template under what is written already; nothing is sent yet."""
    with open_reading(access().actor) as work:
        values = with_template(work, identity(), posted())
    return inquiry_page(number, STEPS["closing"], filled=filled_again(forms_staff.CLOSING, values))


@bp.get(f"/staff/inquiries/<number>/<any({', '.join(STEPS)}):step>")
def back(number: str, step: str) -> Redirect:
    """Where a form was sent is no page: whoever asks for it comes back to the inquiry."""
    del step
    return redirect(f"/staff/inquiries/{number}", 303)


@bp.get("/staff/inquiries/<number>/attachments/<attachment_id>")
def download(number: str, attachment_id: str) -> Response:
    """A file, inert."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
        return send_attachment(work, inquiry, attachment_id)


def _latest_offer(number: str) -> str:
    """The hand-off a page of this inquiry spoke of: the last one, also when it has been answered meanwhile."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
        found = work.session.scalar(
            select(Handoff.id)
            .where(Handoff.inquiry_id == inquiry.id)
            .order_by(Handoff.offered_at.desc(), Handoff.id)
            .limit(1)
        )
    if found is None:
        raise NotFound("没有等待承接的转交。")
    return found


def _afterwards(number: str) -> str:
    with open_reading(access().actor) as work:
        try:
            find_visible(work, number, identity())
        except NotFound:
            return "/staff"
    return f"/staff/inquiries/{number}"
