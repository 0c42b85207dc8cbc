"""回访 as writes: the citizen answers a survey, the office puts on record what came of a call."""

from __future__ import annotations

from typing import Any

from backend.domain.actors import Actor
from backend.domain.errors import NotRateable, RoleRequired, StaffCannotRate
from backend.domain.identity import Identity
from backend.models import Inquiry
from backend.queries.surveys import find_survey, is_of_this_round
from backend.routes.answers import rated_answer, step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import found_inquiry
from backend.routes.pipeline import Operation, Result, locked, open_work
from backend.schemas.follow_ups import FollowUpIn
from backend.schemas.inquiries import RatingIn
from backend.services.follow_up_calls import Call, may_call, report_call
from backend.services.following import is_from_staff_phone, is_from_staff_wechat, rate_inquiry
from backend.services.work import Work

SURVEY = "survey"
"""Where a grade given by a survey's link came from (`ratings.source`)."""


def answer_survey(token: str, raw: Any, *, by_staff: bool) -> dict[str, Any]:
    """The citizen's own grade by the link of a survey. The link itself makes it once: no key is asked for.

    In the contract's order: 404 and 410, 403, 422, 409. Raises NotFound, SurveyExpired, StaffCannotRate,
    ValidationError, NotRateable, AlreadyRated.
    """
    with open_work(Actor("citizen")) as work:
        locked(work, find_survey(work, token)[1])
        # Once more under the lock: whoever was asked may just have been erased.
        row, inquiry = find_survey(work, token)
        if by_staff or is_from_staff_phone(work, inquiry) or is_from_staff_wechat(work, inquiry):
            raise StaffCannotRate()
        data = RatingIn().load(raw)
        if not is_of_this_round(row, inquiry):
            raise NotRateable("这件事已经重新办理，等办结以后再评价。")
        rating, entry = rate_inquiry(
            work.acting_as(Actor("citizen", inquiry.citizen_id)),
            inquiry,
            grade=data["grade"],
            comment=data.get("comment"),
            share_with_section=data["share_with_section"],
            source=SURVEY,
        )
        return rated_answer(work, Result(inquiry, entry, rating.id))


def call_report(load: Load, identity: Identity) -> Operation:
    """What came of a call. Nothing that staff see of the inquiry moves, and neither does its version."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        if not may_call(work, identity, found_inquiry(inquiry)):
            raise RoleRequired("电话回访由首问责任岗、首问责任总岗或者机关纪委进行。")

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        call = Call(data["result"], data.get("grade"), data.get("comment"))
        row, entry = report_call(work, identity, found, call)
        return Result(found, entry, row.id)

    return Operation(
        "follow_up", FollowUpIn, load, act, step_answer, authorise, needs_version=True, status=201
    )
