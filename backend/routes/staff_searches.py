"""`/staff/searches`: find an inquiry by number, phone tail, or words of its summary. What is asked stands in no address."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.models.types import new_id
from backend.queries.searching import Wanted, ensure_searchable, search
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.pipeline import Submission, open_reading, open_work
from backend.schemas.answers_lists import SearchOut
from backend.schemas.staff import SearchIn
from backend.services.idempotency import find_replay, remember

bp = APIBlueprint("staff_searches", __name__, tag="办理")


@bp.post("/staff/searches")
@documented(
    bp,
    summary="查找事项：编号、电话后四位、摘要里的字，至少一样；只找得到自己看得到的",
    answer=SearchOut,
    body=SearchIn,
    write=True,
    codes=("cursor_invalid",),
    security=BEARER,
)
def find() -> Shown:
    """One page, newest first."""
    sent = submission()
    wanted, cursor, is_replay = _asked(sent)
    with open_reading(access().actor) as work:
        body, status, headers = show_read(search(work, access().staff, wanted, cursor))
    return body, status, headers | ({"Idempotent-Replayed": "true"} if is_replay else {})


def _asked(sent: Submission) -> tuple[Wanted, str | None, bool]:
    """What is looked for, and whether it is the same question again; only the key is kept, and not what was asked.

    Raises KeyReused, ValidationError, FieldInvalid.
    """
    owner, key, fingerprint = sent.access.owner, sent.key, sent.fingerprint
    with open_work(sent.access.actor) as work:
        kept = find_replay(work, owner=owner, key=key, fingerprint=fingerprint)
        data: dict[str, Any] = SearchIn().load(sent.data)
        wanted = Wanted(data.get("number"), data.get("phone_tail"), data.get("text"))
        ensure_searchable(wanted)
        if kept is None:
            remember(
                work,
                owner=owner,
                key=key,
                fingerprint=fingerprint,
                operation="search",
                status=200,
                resource_id=new_id(),
            )
    return wanted, data.get("cursor"), kept is not None
