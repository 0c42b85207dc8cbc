"""`/staff/wechat`: a member of staff's own WeChat: the code to bind it, since when it is bound, and unbinding."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.domain.errors import FullSignInRequired
from backend.domain.times import local
from backend.models import BindingCode
from backend.routes.access import Access
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.pipeline import open_reading, open_work
from backend.routes.unit_writes import UnitWrite, carry_out_unit, show_unit
from backend.routes.wechat_door import WechatNotSetUp
from backend.schemas.inquiries import EmptyIn
from backend.schemas.wechat import BindingCodeOut, BindingOut
from backend.services.binding import binding_of, new_binding_code, show_code, unbind_wechat
from backend.services.work import Work

bp = APIBlueprint("staff_wechat", __name__, tag="微信")


@bp.post("/staff/wechat/binding-codes")
@documented(
    bp,
    summary="取一个绑定码，10 分钟内用一次",
    answer=BindingCodeOut,
    body=EmptyIn,
    status=201,
    write=True,
    codes=("full_sign_in_required", "staff_already_bound", "wechat_not_set_up"),
    security=BEARER,
)
def make_code() -> Shown:
    """A code to type into the mini program; the one before it is void. Only in a session opened with the password."""
    return show_unit(carry_out_unit(making_code(access()), submission()))


def making_code(caller: Access) -> UnitWrite:
    """Making a code, for the API and for the page alike. A replay shows the same code, which is stored nowhere."""

    def authorise(work: Work) -> None:
        if caller.account_id is not None:
            raise FullSignInRequired()
        if work.tools.wechat_app_id is None:
            raise WechatNotSetUp()

    def act(work: Work, _data: dict[str, Any]) -> str:
        return new_binding_code(work, caller.staff.staff_id).id

    def render(work: Work, code_id: str) -> dict[str, Any]:
        shown = show_code(work.tools, work.session.get_one(BindingCode, code_id))
        return {"code": shown.code, "expires_at": local(shown.expires_at).isoformat()}

    return UnitWrite("make_binding_code", EmptyIn, act, render, authorise)


@bp.get("/staff/wechat")
@documented(bp, summary="我绑定的微信", answer=BindingOut, security=BEARER)
def get_binding() -> Shown:
    """Whether a WeChat is bound, and since when; only one's own."""
    with open_reading(access().actor) as work:
        bound = binding_of(work.session, access().staff.staff_id)
        since = local(bound.bound_at).isoformat() if bound is not None else None
        return show_read({"bound": bound is not None, "since": since})


@bp.delete("/staff/wechat")
@documented(bp, summary="解除绑定", answer=None, status=204, security=BEARER)
def unbind() -> tuple[str, int]:
    """End the binding, and at once every session that came by that WeChat, this one included; again: nothing to do."""
    with open_work(access().actor) as work:
        unbind_wechat(work, access().staff.staff_id)
    return "", 204
