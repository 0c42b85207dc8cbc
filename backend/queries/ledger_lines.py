"""Lines of the ledger opened: names, phones and texts joined and decrypted a few at a time, in the shape every client shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from backend.domain import ledger_form as form
from backend.domain.numbers import display_number
from backend.domain.ratings import shown_to_staff_until
from backend.domain.texts import mask_numbers
from backend.domain.times import local
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Measure
from backend.domain.vocabulary_ledger import LineKind, SignOffRole
from backend.models import (
    Citizen,
    ExternalHandoff,
    ExternalNumber,
    Inquiry,
    InquiryText,
    Opinion,
    Section,
    Staff,
    Unit,
)
from backend.queries.ledger_books import Book
from backend.queries.ledger_remarks import Remarked, external_shape, remarks_of
from backend.queries.spot_checks import Recorded, recorded_checks, remark_of
from backend.services.contacts import Contact, masked_name, masked_phone, national, read_contact
from backend.services.texts import open_text
from backend.services.work import Work

Line = Any
"""A `LedgerRow`, or a plain row of its columns."""
_TEXT_LABELS = {
    "reply": "",
    "reason": "理由：",
    "basis": "依据：",
    "remedy": "救济途径：",
    "help": "提供的帮助：",
    "authority_name": "主管部门：",
    "authority_address": "地址：",
    "authority_phone": "电话：",
    "result": "移交事项的办理结果：",
}
"""What 具体办理情况 is put together from, in this order."""


_OF_AN_AUTHORITY = frozenset({"authority_name", "authority_address", "authority_phone"})
"""Of an office and public: nothing of it is masked."""


class _Known(NamedTuple):
    """Who asked, as far as it is known, and whether this copy of the line may say so."""

    contact: Contact | None
    is_erased: bool
    is_shown: bool

    def told(self, text: str) -> str:
        """A text of the line as this copy shows it: masked, without the name the field 服务对象 masks and without phones."""
        if self.is_shown:
            return text
        name = self.contact.name if self.contact is not None else None
        if name is not None and len(name) > 1:
            text = text.replace(name, masked_name(name))
        return mask_numbers(text)


class _Matter(NamedTuple):
    """What a line needs of its inquiry."""

    id: str
    number: str
    unit_id: str
    first_unit_id: str
    first_section_id: str | None
    measure: Measure
    citizen_id: str | None
    wrapped_key: bytes | None


class LineReader:
    """Opens lines of one book. Names it has met it remembers; everything else it forgets with each batch."""

    def __init__(self, work: Work, book: Book, *, full: bool) -> None:
        self._work = work
        self._book = book
        self._full = full
        self._until = shown_to_staff_until(work.now)
        self._names: dict[tuple[type[Any], str], str] = {}

    def read(self, rows: Sequence[Line]) -> list[dict[str, Any]]:
        """The lines in the order given."""
        if not rows:
            return []
        batch = _Batch(self._work, rows)
        self._learn_names(batch)
        return [self._shape(batch, row) for row in rows]

    def _shape(self, batch: _Batch, row: Line) -> dict[str, Any]:
        matter = batch.matters[row.inquiry_id]
        satisfaction = form.satisfaction_of(row, self._until, sees_own=self._book.sees_own_grades)
        known = self._known(batch, row, matter)
        remarks = remarks_of(self._remarked(batch, row, matter, known), satisfaction.note)
        return {
            "id": row.id,
            "number": matter.number,
            "display_number": display_number(matter.number),
            "kind": row.kind.value,
            "kind_label": row.kind.label,
            "counted": row.kind is not LineKind.CONTINUED,
            "restricted": row.is_restricted,
            "late_entry": row.is_late_entry,
            "unit": self._ref(Unit, row.unit_id),
            "section": self._ref(Section, row.section_id),
            "first_unit": self._ref(Unit, matter.first_unit_id),
            "first_section": self._ref(Section, matter.first_section_id),
            "taken_at": local(row.taken_at).isoformat(),
            "taken_text": form.moment_text(row.taken_at),
            "received_at": local(row.received_at).isoformat(),
            "received_text": form.moment_text(row.received_at),
            "first_responder": self._ref(Staff, row.first_responder_id),
            **self._citizen(known),
            "channel": row.channel.value,
            "channel_label": row.channel.label,
            "channel_boxes": form.boxes(Channel, row.channel),
            "source": row.source.value,
            "source_label": row.source.label,
            "category": row.category.value,
            "category_label": row.category.label,
            "category_boxes": form.boxes(Category, row.category),
            "content": known.told(batch.text(row.inquiry_id, row.texts.get("content")) or ""),
            "disposition": row.disposition.value,
            "disposition_label": row.disposition.label,
            "disposition_boxes": form.boxes(Disposition, row.disposition),
            "handling": self._handling(batch, row, known),
            "round": row.round,
            "outcome": row.outcome.value if row.outcome else None,
            "outcome_label": row.outcome.label if row.outcome else None,
            "closed_at": local(row.closed_at).isoformat() if row.closed_at else None,
            "closed_text": form.moment_text(row.closed_at),
            "followed_up_at": local(row.followed_up_at).isoformat() if row.followed_up_at else None,
            "followed_up_text": form.moment_text(row.followed_up_at),
            "follow_up_result": row.follow_up_result.value if row.follow_up_result else None,
            "follow_up_result_label": row.follow_up_result.label if row.follow_up_result else None,
            "grade": satisfaction.grade.value if satisfaction.grade else None,
            "grade_label": satisfaction.grade.label if satisfaction.grade else None,
            "grade_boxes": form.boxes(Grade, satisfaction.grade),
            "grade_note": satisfaction.note,
            "section_head_opinion": self._opinion(batch, row, SignOffRole.SECTION_HEAD, known),
            "deputy_leader_opinion": self._opinion(batch, row, SignOffRole.DEPUTY_LEADER, known),
            "external": external_shape(batch.externals.get(row.inquiry_id), batch.text),
            "remarks": remarks,
            "remark": "；".join(remarks),
        }

    def _ref(self, kind: type[Any], row_id: str | None) -> dict[str, str] | None:
        return {"id": row_id, "name": self._names[kind, row_id]} if row_id is not None else None

    def _name(self, kind: type[Any], row_id: str | None) -> str:
        return self._names[kind, row_id] if row_id is not None else ""

    def _known(self, batch: _Batch, row: Line, matter: _Matter) -> _Known:
        """Who asked, and whether this copy says so; a complainant is named in the unit that has the complaint."""
        citizen = batch.citizens.get(matter.citizen_id) if matter.citizen_id else None
        return _Known(
            contact=read_contact(self._work.tools, citizen) if citizen is not None else None,
            is_erased=citizen is not None and citizen.erased_at is not None,
            is_shown=self._full and (not row.is_restricted or matter.unit_id == row.unit_id),
        )

    def _citizen(self, known: _Known) -> dict[str, Any]:
        contact = known.contact
        if contact is None:
            return {"citizen": {**_NOBODY, "text": form.ANONYMOUS}, "contact": None}
        name = contact.name if known.is_shown or contact.name is None else masked_name(contact.name)
        phone = None
        if contact.phone is not None:
            phone = national(contact.phone) if known.is_shown else masked_phone(contact.phone)
        named = " ".join(part for part in (contact.org_name, name) if part)
        shape = {
            "kind": contact.kind.value,
            "kind_label": contact.kind.label,
            "name": name,
            "org_name": contact.org_name,
            "erased": known.is_erased,
            "text": named or ("（已按本人要求删除）" if known.is_erased else form.ANONYMOUS),
        }
        return {"citizen": shape, "contact": phone}

    def _handling(self, batch: _Batch, row: Line, known: _Known) -> str:
        """具体办理情况: where it went from this line and when, then what was answered."""
        told = [self._step(batch, row, step) for step in row.path]
        for role, label in _TEXT_LABELS.items():
            text = batch.text(row.inquiry_id, row.texts.get(role))
            if text is not None:
                told.append(f"{label}{text if role in _OF_AN_AUTHORITY else known.told(text)}")
        if row.outcome is None:
            told.append("正在办理")
        elif "reply" not in row.texts:
            told.append(row.outcome.label)
        return "\n".join(told)

    def _step(self, batch: _Batch, row: Line, step: dict[str, str | None]) -> str:
        at = form.moment_text(form.read_moment(step["at"]))
        external = step.get("external")
        if external is not None:
            return f"{at} 书面移交{batch.letters.get(external, '')}"
        unit = "" if step["unit"] == row.unit_id else self._name(Unit, step["unit"])
        section = self._name(Section, step["section"])
        staff = self._name(Staff, step["staff"])
        where = " ".join(part for part in (unit, section, staff) if part)
        return f"{at} 转由{where or '首问责任总岗'}承办"

    def _opinion(self, batch: _Batch, row: Line, role: SignOffRole, known: _Known) -> dict[str, Any] | None:
        found = batch.opinions.get((row.inquiry_id, row.unit_id, row.section_id, role, row.round))
        if found is None:
            # What an old ledger had there: by whom and when stands in it, if anywhere.
            written = batch.text(row.inquiry_id, row.texts.get(f"{role.value}_opinion"))
            return (
                None
                if written is None
                else {"text": known.told(written), "by": None, "at": None, "at_text": None}
            )
        return {
            "text": known.told(batch.text(row.inquiry_id, found.text_id) or ""),
            "by": self._name(Staff, found.staff_id),
            "at": local(found.at).isoformat(),
            "at_text": form.moment_text(found.at),
        }

    def _remarked(self, batch: _Batch, row: Line, matter: _Matter, known: _Known) -> Remarked:
        first = " ".join(
            part
            for part in (
                self._name(Unit, matter.first_unit_id) if matter.first_unit_id != row.unit_id else "",
                self._name(Section, matter.first_section_id),
            )
            if part
        )

        def told(text_id: str | None) -> str | None:
            text = batch.text(row.inquiry_id, text_id)
            return known.told(text) if text is not None else None

        checks = batch.checks.get((row.inquiry_id, row.unit_id), ())
        return Remarked(
            row.kind, row.is_late_entry, row.source, row.channel, first, row.follow_up_result,
            [remark_of(check, told(check.finding_id)) for check in checks],
            told(row.texts.get("remark")),
        )  # fmt: skip

    def _learn_names(self, batch: _Batch) -> None:
        """The names of everybody and every place in this batch that were not met before."""
        for kind, ids in batch.mentioned.items():
            new = {row_id for row_id in ids if (kind, row_id) not in self._names}
            if new:
                found = self._work.session.execute(select(kind.id, kind.name).where(kind.id.in_(new)))
                self._names |= {(kind, row_id): name for row_id, name in found}


_NOBODY = {"kind": None, "kind_label": None, "name": None, "org_name": None, "erased": False}


class _Batch:
    """Everything that a few lines are joined with."""

    def __init__(self, work: Work, rows: Sequence[Line]) -> None:
        session = work.session
        self._tools = work.tools
        ids = {row.inquiry_id for row in rows}
        columns = [getattr(Inquiry, name) for name in _Matter._fields]
        self.matters = {
            row.id: _Matter(*row) for row in session.execute(select(*columns).where(Inquiry.id.in_(ids)))
        }
        people = {matter.citizen_id for matter in self.matters.values()} - {None}
        self.citizens = {c.id: c for c in session.scalars(select(Citizen).where(Citizen.id.in_(people)))}
        self.externals = {
            row.inquiry_id: row
            for row in session.scalars(select(ExternalNumber).where(ExternalNumber.inquiry_id.in_(ids)))
        }
        opinions = session.scalars(select(Opinion).where(Opinion.inquiry_id.in_(ids)).order_by(Opinion.at))
        # A later one shows in the place of the one before.
        self.opinions = {(o.inquiry_id, o.unit_id, o.section_id, o.role, o.round): o for o in opinions}
        # A unit notes what its own posts checked, on each line it has of the matter.
        self.checks: dict[tuple[str | None, str], list[Recorded]] = {}
        for check in recorded_checks(session, ids):
            self.checks.setdefault((check.inquiry_id, check.unit_id), []).append(check)
        letters = {str(step["external"]) for row in rows for step in row.path if step.get("external")}
        self.letters = (
            {
                letter.id: letter.name
                for letter in session.scalars(select(ExternalHandoff).where(ExternalHandoff.id.in_(letters)))
            }
            if letters
            else {}
        )
        self._sealed = self._seals(work, rows)
        self.mentioned = self._mentions(rows)

    def text(self, inquiry_id: str, text_id: str | None) -> str | None:
        """A text in clear; None where there is none."""
        if text_id is None:
            return None
        key = self.matters[inquiry_id].wrapped_key
        return open_text(self._tools, inquiry_id, key, text_id, self._sealed.get(text_id))

    def _seals(self, work: Work, rows: Sequence[Line]) -> dict[str, bytes | None]:
        wanted = {text_id for row in rows for text_id in row.texts.values()}
        wanted |= {opinion.text_id for opinion in self.opinions.values()}
        wanted |= {c.finding_id for checks in self.checks.values() for c in checks if c.finding_id}
        for external in self.externals.values():
            wanted |= {external.text_id, external.basis_text_id or external.text_id}
        found = select(InquiryText.id, InquiryText.sealed).where(InquiryText.id.in_(wanted))
        return {row.id: row.sealed for row in work.session.execute(found)}

    def _mentions(self, rows: Sequence[Line]) -> dict[type[Any], set[str]]:
        steps = [step for row in rows for step in row.path]
        matters = self.matters.values()
        units = {m.first_unit_id for m in matters} | {row.unit_id for row in rows}
        sections = {m.first_section_id for m in matters} | {row.section_id for row in rows}
        staff = {row.first_responder_id for row in rows} | {o.staff_id for o in self.opinions.values()}
        named = {
            Unit: units | {step.get("unit") for step in steps},
            Section: sections | {step.get("section") for step in steps},
            Staff: staff | {step.get("staff") for step in steps},
        }
        return {kind: {row_id for row_id in ids if row_id is not None} for kind, ids in named.items()}
