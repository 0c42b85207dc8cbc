"""`/units/{id}/records`: what a unit has put on record about itself; staff add to it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from backend.domain.actors import Actor
from backend.domain.identity import Identity
from backend.models import UnitRecord
from backend.queries.unit_records import record_shape, unit_records
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import UnitWrite, carry_out_unit, show_unit
from backend.schemas.unit_records import PublishedRecordOut, PublishedRecordsOut, RecordListIn, UnitRecordIn
from backend.services.unit_records import NewRecord, ensure_recorder, put_on_record
from backend.services.work import Work

public = APIBlueprint("unit_records", __name__, tag="单位")
staff = APIBlueprint("staff_unit_records", __name__, tag="单位")


@public.get("/units/<unit_id>/records")
@documented(
    public,
    summary="单位的实施细则、简化优化措施和鼓励激励",
    answer=PublishedRecordsOut,
    body=RecordListIn,
    location="query",
    codes=("cursor_invalid",),
)
def get_list(unit_id: str) -> Shown:
    """One page, newest first (坛 八、十一; 泸 二（二）1)."""
    with open_reading(Actor("citizen")) as work:
        return show_read(unit_records(work, unit_id, request.args.get("cursor")))


@staff.post("/staff/unit-records")
@documented(
    staff,
    summary="公布本单位的一份记录",
    answer=PublishedRecordOut,
    body=UnitRecordIn,
    status=201,
    write=True,
    codes=("role_required",),
    security=BEARER,
)
def add() -> Shown:
    """The general post or the head puts it on record; it is public at once."""
    return show_unit(carry_out_unit(recording(access().staff), submission()))


def recording(identity: Identity) -> UnitWrite:
    """Putting a record on record, for the API and for the form alike."""

    def act(work: Work, data: dict[str, Any]) -> str:
        new = NewRecord(
            kind=data["kind"],
            title=data["title"],
            dated_on=data["dated_on"],
            body=data["body"],
            document_number=data.get("document_number", ""),
            section_id=data.get("section"),
            staff_id=data.get("staff"),
        )
        return put_on_record(work, identity, new).id

    def render(work: Work, record_id: str) -> dict[str, Any]:
        return record_shape(work, work.session.get_one(UnitRecord, record_id))

    def authorise(_work: Work) -> None:
        ensure_recorder(identity)

    return UnitWrite("put_on_record", UnitRecordIn, act, render, authorise)
