"""`/subscriptions`: what somebody agreed to be sent by WeChat, told by the mini program after each prompt."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary_contact import ConsentSource
from backend.routes.access import Unauthenticated
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.installation import settings
from backend.routes.openapi import BEARER, CITIZEN
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import UnitWrite, carry_out_unit, show_unit
from backend.schemas.subscriptions import SubscriptionsIn, SubscriptionsOut
from backend.services.consents import messages_left, record_results
from backend.services.work import Work
from backend.wechat.templates import load_templates

bp = APIBlueprint("subscriptions", __name__, tag="微信")


@bp.post("/subscriptions")
@documented(
    bp,
    summary="上报订阅消息的授权结果",
    answer=SubscriptionsOut,
    body=SubscriptionsIn,
    write=True,
    security=[CITIZEN, BEARER],
)
def report() -> Shown:
    """One tap of agreement is one voucher; WeChat tells us of the same tap as well, and it counts once."""
    return show_unit(carry_out_unit(_reporting(_account()), submission()))


@bp.get("/subscriptions")
@documented(bp, summary="各模板还可以发几条消息", answer=SubscriptionsOut, security=[CITIZEN, BEARER])
def get_left() -> Shown:
    """What is left, so that the mini program knows when to ask again."""
    with open_reading(access().actor) as work:
        return show_read(_left(work, _account()))


def _reporting(account_id: str) -> UnitWrite:
    configured = settings().wechat
    key_of = {} if configured is None else {id_: key for key, id_ in configured.templates.items()}
    long_term = frozenset() if configured is None else configured.long_term

    def act(work: Work, data: dict[str, Any]) -> str:
        results = {key_of.get(id_, ""): result for id_, result in data["results"].items()}
        known = {key: result for key, result in results.items() if key in load_templates()}
        if len(known) < len(data["results"]):
            raise FieldInvalid("/results", "有本小程序没有的模板编号，请重新登录取得最新的模板。")
        record_results(work, account_id, known, ConsentSource.CLIENT, long_term)
        return account_id

    def authorise(_work: Work) -> None:
        """Everybody reports for themselves."""

    return UnitWrite("report_subscriptions", SubscriptionsIn, act, _left, authorise, status=200)


def _left(work: Work, account_id: str) -> dict[str, Any]:
    configured = settings().wechat
    if configured is None:
        return {"items": []}
    keys = [key for key in load_templates() if key in configured.templates]
    left = messages_left(work.session, account_id, keys, configured.long_term)
    return {"items": [{"template": key, "granted": number} for key, number in left.items()]}


def _account() -> str:
    account_id = access().account_id
    if account_id is None:
        raise Unauthenticated()
    return account_id
