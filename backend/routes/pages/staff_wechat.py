"""`/staff/wechat`: 绑定微信: a code to type into the mini program, since when it is bound, unbinding. Only one's own."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, redirect
from werkzeug.wrappers import Response as Redirect

from backend.domain.numbers import display_binding_code
from backend.domain.times import local
from backend.routes.pages.forms import FormKind, Refusal, blank, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading, open_work
from backend.routes.staff_wechat import making_code
from backend.routes.unit_writes import carry_out_unit
from backend.services.binding import LIFETIME, binding_of, open_code, unbind_wechat

bp = APIBlueprint("staff_wechat_pages", __name__, enable_openapi=False)

NO_FIELDS = FormKind(())
MINUTES = int(LIFETIME.total_seconds() // 60)


def binding_page(refusal: Refusal | None = None) -> Response:
    """How it stands: bound since when; else the code that can be used now, and how to use it."""
    with open_reading(access().actor) as work:
        bound = binding_of(work.session, identity().staff_id)
        code = open_code(work, identity().staff_id) if bound is None else None
        is_set_up = work.tools.wechat_app_id is not None
    return render(
        "staff/wechat.html",
        refusal.status if refusal else 200,
        at="/staff/wechat",
        me=g.me,
        form=refused(NO_FIELDS, refusal) if refusal else blank(),
        is_set_up=is_set_up,
        bound_since=local(bound.bound_at).isoformat() if bound is not None else None,
        code=display_binding_code(code.code) if code is not None else None,
        expires_at=local(code.expires_at).isoformat() if code is not None else None,
        minutes=MINUTES,
        form_actions={
            "make": "/staff/wechat/codes",
            "unbind": "/staff/wechat/unbinding",
            "logout": "/staff/logout",
        },
    )


@bp.get("/staff/wechat")
def show() -> Response:
    return binding_page()


@bp.post("/staff/wechat/codes")
@shown_again_by(binding_page)
def make() -> Redirect:
    """A new code; the page shows it until it is used or over."""
    carry_out_unit(making_code(access()), submission({}))
    return redirect("/staff/wechat#code-title", 303)


@bp.post("/staff/wechat/unbinding")
@shown_again_by(binding_page)
def unbind() -> Redirect:
    """End the binding and every session that came by that WeChat."""
    with open_work(access().actor) as work:
        unbind_wechat(work, identity().staff_id)
    return redirect("/staff/wechat", 303)


@bp.get("/staff/wechat/<path:rest>")
def back(rest: str) -> Redirect:
    """Where a form was sent is no page."""
    del rest
    return redirect("/staff/wechat", 303)
