"""Reads what WeChat answered: success is an errcode that is absent or 0, and the thing asked for beside it."""

from __future__ import annotations

import json
import re
from typing import Any

from backend.wechat.gateway.endpoints import Endpoint
from backend.wechat.gateway.problems import WechatProblem
from backend.wechat.gateway.transport import Reply

OK = 200
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_RID = re.compile(r"\brid:\s*([0-9a-f]{8}(?:-[0-9a-f]{8}){2})")
_ADDRESS = re.compile(r"invalid ip ([0-9a-f.:]{3,45})")


def read_json(endpoint: Endpoint, reply: Reply) -> dict[str, Any]:
    """The answer's fields. Raises WechatProblem for an errcode, and for what is no answer of WeChat's at all."""
    answer = _fields(reply.body)
    if answer is None:
        raise WechatProblem("answer_unreadable", endpoint.unanswered)
    errcode = _whole(answer.get("errcode", 0))
    if errcode is None or (errcode == 0 and reply.status != OK):
        raise WechatProblem("answer_unreadable", endpoint.unanswered)
    if errcode:
        raise _refusal(endpoint, errcode, str(answer.get("errmsg", "")))
    return answer


def read_receipt(endpoint: Endpoint, reply: Reply) -> dict[str, Any]:
    """The same where nothing but the errcode itself says that it was done."""
    answer = read_json(endpoint, reply)
    if "errcode" not in answer:
        raise incomplete(endpoint)
    return answer


def read_image(endpoint: Endpoint, reply: Reply) -> bytes:
    """A picture, told from an error by its first bytes. Raises WechatProblem."""
    if reply.status == OK and reply.body.startswith(_PICTURES):
        return reply.body
    read_json(endpoint, reply)
    raise incomplete(endpoint)


def incomplete(endpoint: Endpoint) -> WechatProblem:
    """WeChat says it went well and does not give what was asked for."""
    return WechatProblem("answer_incomplete", endpoint.unanswered)


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _whole(value: object) -> int | None:
    """Some calls write their errcode as text."""
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _refusal(endpoint: Endpoint, errcode: int, errmsg: str) -> WechatProblem:
    """Of the text only the request id is kept, and our address where it was not on the list: the rest may quote."""
    code, remedy = endpoint.meaning(errcode)
    rid = _RID.search(errmsg)
    address = _ADDRESS.search(errmsg)
    return WechatProblem(
        code,
        remedy,
        errcode=errcode,
        rid=rid and rid[1],
        address=address and address[1],
    )
