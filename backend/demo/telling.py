"""Tell the stories of the demo through the same use cases that real people call, each step at its own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from backend.demo import script
from backend.demo.building import Offices
from backend.demo.names import citizen_phone
from backend.demo.telling_statute import tell_statute_step
from backend.demo.timeline import Timeline
from backend.domain.actors import Actor
from backend.domain.external_numbers import ExternalGiven
from backend.domain.identity import Identity
from backend.domain.vocabulary import Channel, Source
from backend.models import Handoff, Inquiry
from backend.services.assigning import assign_inquiry
from backend.services.changing import open_offer
from backend.services.closing import Closing, close_inquiry, withdraw_inquiry
from backend.services.confirming import confirm_inquiry
from backend.services.contacts import Contact
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.following import rate_inquiry, reopen_inquiry, supplement_inquiry
from backend.services.handing_over import Offer, accept_handoff, offer_handoff, return_handoff
from backend.services.notices import receive_notice
from backend.services.organising import identity_of
from backend.services.registering import register_inquiry
from backend.services.routing import Destination, destination_of_sign, destination_without_sign
from backend.services.urging import remind_inquiry
from backend.services.work import Work


@dataclass(frozen=True, slots=True)
class _Event:
    """One step of one story at its moment; `place` keeps steps of one minute in the order they were written."""

    at: datetime
    place: tuple[int, int]
    step: script.Step


class Teller:
    """Runs every step in the order of time, so that no unit's chain goes back in time."""

    def __init__(self, work: Work, offices: Offices) -> None:
        self._work = work
        self._offices = offices
        self._timeline = Timeline(work.calendar, work.now)
        self._inquiries: dict[int, Inquiry] = {}

    def tell(self, stories: Iterable[script.Story]) -> None:
        """Run the stories. A step that the rules refuse is a mistake in the script, and raises what they raise."""
        events = [
            _Event(self._timeline.moment(step.day, step.at), (story, place), step)
            for story, told in enumerate(stories)
            for place, step in enumerate((told.filing, *told.steps))
        ]
        for event in sorted(events, key=lambda event: (event.at, event.place)):
            self._run(event)

    def _run(self, event: _Event) -> None:
        story, step = event.place[0], event.step
        work = replace(self._work, now=event.at)
        if isinstance(step, script.Filing):
            self._inquiries[story] = self._file(work.acting_as(Actor("citizen")), step)
        elif isinstance(step, script.StaffStep):
            self._as_staff(work, story, step)
        else:
            inquiry = self._inquiries[story]
            self._citizen_step(work.acting_as(Actor("citizen", inquiry.citizen_id)), inquiry, step)

    def _file(self, work: Work, filing: script.Filing) -> Inquiry:
        new = NewInquiry(
            destination=self._destination(work, filing),
            category=filing.category,
            content=filing.content,
            channel=Channel.OTHER,
            source=filing.source,
            contact=_contact(filing),
            about=filing.about,
        )
        return file_inquiry(work, new).inquiry

    def _destination(self, work: Work, filing: script.Filing) -> Destination:
        if filing.source is Source.SIGN:
            return destination_of_sign(work.session, self._offices.signs[filing.where].code)
        unit_id, section_id = self._place(filing.where)
        return destination_without_sign(work.session, unit_id, section_id)

    def _as_staff(self, work: Work, story: int, step: script.StaffStep) -> None:
        identity = identity_of(self._offices.staff(step.by))
        work = work.acting_as(identity.actor)
        if isinstance(step, script.Registration):
            self._inquiries[story] = self._register(work, identity, step)
        else:
            self._staff_step(work, identity, self._inquiries[story], step)

    def _register(self, work: Work, identity: Identity, step: script.Registration) -> Inquiry:
        filed, _ = register_inquiry(
            work,
            identity,
            channel=step.channel,
            category=step.category,
            content=step.content,
            summary=step.summary,
            contact=_contact(step),
            about=None,
            about_name=None,
            written=None,
            occurred_at=self._timeline.moment(*step.occurred) if step.occurred else None,
            closing=step.closing,
            external=self._external(step),
        )
        return filed.inquiry

    def _external(self, step: script.Registration) -> ExternalGiven | None:
        if step.external is None:
            return None
        number, due, basis = step.external
        return ExternalGiven(number, self._timeline.moment(*due), basis)

    def _staff_step(self, work: Work, identity: Identity, inquiry: Inquiry, step: script.StaffStep) -> None:
        match step:
            case script.Confirm():
                confirm_inquiry(work, identity, inquiry, summary=step.summary, competent=step.competent)
            case script.Offer():
                unit_id, section_id = self._place(step.to)
                offer_handoff(
                    work, identity, inquiry, Offer(unit_id, section_id, None, step.mode, step.reason, None)
                )
            case script.Accept():
                accept_handoff(work, identity, inquiry, self._offer(work, inquiry))
            case script.Return():
                return_handoff(
                    work,
                    identity,
                    inquiry,
                    self._offer(work, inquiry),
                    reason=step.reason,
                    clause=step.clause,
                )
            case script.Assign():
                to = self._offices.staff(step.to)
                assign_inquiry(work, identity, inquiry, to_staff_id=to.id, reason=step.reason)
            case script.Close():
                closing = Closing(
                    step.outcome,
                    step.reply,
                    step.reason,
                    step.basis,
                    step.remedy,
                    step.authority,
                    step.help,
                )
                close_inquiry(work, identity, inquiry, closing)
            case _:
                tell_statute_step(work, self._offices, identity, inquiry, step)

    def _citizen_step(self, work: Work, inquiry: Inquiry, step: script.Step) -> None:
        match step:
            case script.Supplement():
                supplement_inquiry(work, inquiry, text=step.text)
            case script.Receive():
                receive_notice(work, inquiry)
            case script.Remind():
                remind_inquiry(work, inquiry, text=step.text)
            case script.Withdraw():
                withdraw_inquiry(work, inquiry, reason=step.reason)
            case script.Reopen():
                reopen_inquiry(work, inquiry, reason=step.reason)
            case script.Rate():
                rate_inquiry(
                    work,
                    inquiry,
                    grade=step.grade,
                    comment=step.comment,
                    share_with_section=step.share,
                    source="tracking",
                )

    def _place(self, key: str) -> tuple[str, str | None]:
        unit = self._offices.units[key.partition("/")[0]]
        return unit.id, self._offices.sections[key].id if "/" in key else None

    def _offer(self, work: Work, inquiry: Inquiry) -> Handoff:
        offer = open_offer(work, inquiry)
        if offer is None:
            raise ValueError("the script answers an offer that nobody made")
        return offer


def _contact(step: script.Filing | script.Registration) -> Contact:
    phone = citizen_phone(step.caller) if step.caller is not None else None
    if isinstance(step, script.Registration):
        return Contact(name=step.name, phone=phone)
    return Contact(step.kind, step.name, step.org_name, phone)
