"""The steps of the demo's stories that the statute adds: notices, classification, letters, joint handling, urging."""

from __future__ import annotations

from sqlalchemy import select

from backend.demo import script
from backend.demo.building import Offices
from backend.domain.identity import Identity
from backend.domain.notices import NoticeParts
from backend.domain.spot_checks import SpotCheck
from backend.domain.vocabulary import LimitBasis, ServiceMethod
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckBy, SpotCheckMethod
from backend.models import ExternalHandoff, Inquiry, Matter
from backend.services.classifying import Reclassification, reclassify_inquiry
from backend.services.extending import extend_limit
from backend.services.external import Outside, address_outside, record_result, record_service
from backend.services.follow_up_calls import Call, report_call
from backend.services.joint_acts import Task, plan_joint, put_opinion
from backend.services.joints import JointRequest, start_joint
from backend.services.naming import Naming, name_matter
from backend.services.notices import NewNotice, give_notice
from backend.services.signing_off import sign_off
from backend.services.spot_checks import spot_check
from backend.services.urging import supervise_inquiry
from backend.services.work import Work


def tell_statute_step(
    work: Work, offices: Offices, identity: Identity, inquiry: Inquiry, step: script.StaffStep
) -> None:
    """Carry out one step. What the rules refuse is a mistake in the script, and raises what they raise."""
    match step:
        case script.Notify():
            parts = NoticeParts(step.basis, step.limit, step.procedure, step.documents)
            kind = LimitBasis.LEGAL if step.days is not None else None
            give_notice(work, identity, inquiry, NewNotice(parts, step.days, kind))
        case script.Classify():
            reclassify_inquiry(work, identity, inquiry, Reclassification(step.category, step.reason))
        case script.Extend():
            extend_limit(work, identity, inquiry, reason=step.reason, days=None)
        case script.NameMatter():
            matter = select(Matter.id).where(
                Matter.unit_id == inquiry.unit_id, Matter.name == step.matter, Matter.ended_at.is_(None)
            )
            name_matter(work, identity, inquiry, Naming(work.session.scalars(matter).one()))
        case script.Together():
            units = tuple(offices.units[key].id for key in step.units)
            start_joint(work, identity, inquiry, JointRequest(units, step.matter))
        case script.Speak():
            put_opinion(work, identity, inquiry, kind=step.kind, text=step.text)
        case script.Plan():
            tasks = [Task(offices.units[key].id, text) for key, text in step.tasks]
            plan_joint(work, identity, inquiry, plan=step.plan, tasks=tasks)
        case script.Supervise():
            supervise_inquiry(work, identity, inquiry, kind=step.kind, text=step.text)
        case script.SignOff():
            sign_off(work, identity, inquiry, role=step.role, text=step.text)
        case script.CallBack():
            report_call(work, identity, inquiry, Call(FollowUpState.ANSWERED, step.grade))
        case script.CheckTogether():
            check = SpotCheck(
                by=SpotCheckBy.JOINT,
                how=SpotCheckMethod.PHONE,
                result=FollowUpState.ANSWERED,
                grade=step.grade,
                finding=step.finding,
                needs_rectification=True,
                with_staff=offices.staff(step.companion).id,
            )
            spot_check(work, identity, inquiry, check)
        case _:
            _tell_letter(work, identity, inquiry, step)


def _tell_letter(work: Work, identity: Identity, inquiry: Inquiry, step: script.StaffStep) -> None:
    match step:
        case script.Letter():
            outside = Outside(step.name, step.address, step.phone)
            address_outside(work, identity, inquiry, outside, reason=step.reason)
        case script.Serve():
            record_service(
                work,
                identity,
                inquiry,
                _letter(work, inquiry),
                served_at=work.now,
                how=ServiceMethod.IN_PERSON,
                receipt=step.receipt,
            )
        case script.ResultBack():
            record_result(work, identity, inquiry, _letter(work, inquiry), text=step.text)


def _letter(work: Work, inquiry: Inquiry) -> ExternalHandoff:
    latest = select(ExternalHandoff).where(ExternalHandoff.inquiry_id == inquiry.id)
    return work.session.scalars(latest.order_by(ExternalHandoff.made_at.desc()).limit(1)).one()
