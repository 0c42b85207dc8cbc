"""`/account`: a citizen who came by WeChat has everything destroyed that says who they are."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.domain.times import local
from backend.domain.vocabulary_contact import ErasureReason
from backend.routes.api import Shown, access, show_read
from backend.routes.documented import documented
from backend.routes.openapi import CITIZEN
from backend.routes.pipeline import open_work
from backend.schemas.account import ErasedOut
from backend.services.erasing import KEPT, erase_account

bp = APIBlueprint("account", __name__, tag="我的账号")


@bp.delete("/account")
@documented(
    bp,
    summary="注销：删除微信身份、联系方式和文件",
    answer=ErasedOut,
    codes=("outcome_unknown",),
    security=CITIZEN,
)
def erase() -> Shown:
    """At once, and for good; the session ends with it. What has to be kept is said in the answer."""
    caller = access()
    with open_work(caller.actor) as work:
        entries = erase_account(work, caller.account_id or "", ErasureReason.WISH)
        return show_read({"erased_at": local(work.now).isoformat(), "inquiries": len(entries), "kept": KEPT})
