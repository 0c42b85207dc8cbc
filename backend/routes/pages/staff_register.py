"""`/staff/register`: enter a call, a visit or a letter; and the 受理单 the visitor takes away."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, redirect
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import NotFound
from backend.domain.numbers import parse_number
from backend.domain.times import local_date
from backend.models import Inquiry
from backend.portal.qr_apart import qr_svg_apart
from backend.queries.reply_templates import template_titles
from backend.queries.visibility import visible_to
from backend.routes import operations
from backend.routes.installation import settings
from backend.routes.pages import drafts, forms_staff, shapes
from backend.routes.pages.forms import Form, Refusal, blank, filled_again, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pages.template_placing import with_template
from backend.routes.pipeline import carry_out, open_reading
from backend.services.registering import ensure_registrar
from backend.services.work import Work

bp = APIBlueprint("staff_register", __name__, enable_openapi=False)


DRAFT = "register"
"""The place of the one draft a person has here."""


def register_page(refusal: Refusal | None = None, form: Form | None = None) -> Response:
    """The form, with what was left half-written; the refused one as it was filled in."""
    if refusal is not None:
        drafts.keep_refused(DRAFT, refusal)
        form = refused(forms_staff.REGISTRATION, refusal)
    elif form is None:
        form = blank()
        drafts.fill(DRAFT, [("", forms_staff.REGISTRATION, form)])
    with open_reading(access().actor) as work:
        templates = template_titles(work, identity())
    return render(
        "staff/register.html",
        refusal.status if refusal else 200,
        at="/staff/register",
        me=g.me,
        form=form,
        templates=templates,
        form_actions={"register": "/staff/register", "logout": "/staff/logout"},
    )


@bp.get("/staff/register")
def ask() -> Response:
    """The form, for who may register. Raises RoleRequired."""
    ensure_registrar(identity())
    return register_page()


@bp.post("/staff/register")
@shown_again_by(register_page)
def register() -> Redirect:
    """Register, and close where an outcome was chosen; leads to the slip."""
    answer = carry_out(operations.registration(access()), submission(forms_staff.registration(posted())))
    drafts.forget(DRAFT)
    return redirect(f"/staff/inquiries/{answer.inquiry.number}/receipt", 303)


@bp.post("/staff/register/draft")
@shown_again_by(register_page)
def keep_draft() -> Response | Redirect:
    """Keep the form half-written, or forget it."""
    return drafts.keep(DRAFT, "/staff/register")


@bp.post("/staff/register/template")
@shown_again_by(register_page)
def use_template() -> Response:
    """Put a reply template under what is written already; nothing is sent yet."""
    with open_reading(access().actor) as work:
        values = with_template(work, identity(), posted())
    return register_page(form=filled_again(forms_staff.REGISTRATION, values))


@bp.get("/staff/register/<any(draft, template):form>")
def back(form: str) -> Redirect:
    """Where a form was sent is no page."""
    del form
    return redirect("/staff/register", 303)


@bp.get("/staff/inquiries/<number>/receipt")
def receipt(number: str) -> Response:
    """The slip: number, time, who has it, until when. It carries no capability, for staff may not rate.

    Who may not open the inquiry gets the slip as it was handed over, without a word of what became of it.
    """
    with open_reading(access().actor) as work:
        inquiry, is_visible = _inquiry(work, number)
        slip = shapes.slip(work, identity(), inquiry) if is_visible else shapes.slip_as_filed(work, inquiry)
    lookup_url = f"{settings().base_url}/lookup"
    return render(
        "staff/receipt.html",
        me=g.me,
        slip=slip,
        qr_svg=Markup(qr_svg_apart(lookup_url)),  # noqa: S704 - made of our own address, path by path
        lookup_url=lookup_url,
        inquiry_url=f"/staff/inquiries/{inquiry.number}" if is_visible else None,
        form_actions={"logout": "/staff/logout"},
    )


def _inquiry(work: Work, number: str) -> tuple[Inquiry, bool]:
    """The inquiry, and whether this person may open it.

    Who registers a complaint about the own section hands the slip over, and never sees it again: the same day only.
    """
    inquiry = work.session.scalar(select(Inquiry).where(Inquiry.number == (parse_number(number) or "")))
    if inquiry is None:
        raise NotFound()
    visible = select(Inquiry.id).where(Inquiry.id == inquiry.id, visible_to(identity()))
    if work.session.scalar(visible) is not None:
        return inquiry, True
    is_fresh = local_date(inquiry.recorded_at) == local_date(work.now)
    if inquiry.registered_by_id != identity().staff_id or not is_fresh:
        raise NotFound()
    return inquiry, False
