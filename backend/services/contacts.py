"""The contact data a citizen chose to leave, sealed; found again by blind indexes."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import CitizenKind
from backend.models import Citizen
from backend.models.types import new_id
from backend.services.work import Tools, Work

REGION = "CN"


@dataclass(frozen=True, slots=True)
class Contact:
    """What was left: every part is optional; an empty contact means anonymous."""

    kind: CitizenKind = CitizenKind.PERSON
    name: str | None = None
    org_name: str | None = None
    phone: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.org_name or self.phone)


def parse_phone(text: str) -> str:
    """A Chinese mobile or landline number as E.164. Raises FieldInvalid (`phone_invalid`)."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise FieldInvalid("/contact/phone", "电话号码不对。", "phone_invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise FieldInvalid("/contact/phone", "电话号码不对。", "phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(e164: str) -> str:
    """A number as people write it at home: 13812345678, 0519-82345678."""
    number = phonenumbers.parse(e164, None)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return text.replace(
        " ", "" if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE else "-"
    )


def masked_phone(e164: str) -> str:
    """138****1234: enough to recognise, too little to call."""
    digits = "".join(c for c in national(e164) if c.isdigit())
    return f"{digits[:3]}****{digits[-4:]}"


def masked_name(name: str) -> str:
    """张**: the first character only."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


def keep_contact(work: Work, contact: Contact) -> Citizen | None:
    """Seal a contact into a new citizen; None when nothing was left."""
    if contact.is_empty:
        return None
    vault, index = work.tools.vault, work.tools.index
    wrapped = vault.new_data_key()
    citizen = Citizen(id=new_id(), kind=contact.kind, wrapped_key=wrapped, created_at=work.now)
    if contact.name:
        citizen.name_sealed = vault.seal(wrapped, contact.name, _context(citizen.id, "name"))
    if contact.org_name:
        citizen.org_name_sealed = vault.seal(wrapped, contact.org_name, _context(citizen.id, "org_name"))
    if contact.phone:
        phone = parse_phone(contact.phone)
        citizen.phone_sealed = vault.seal(wrapped, phone, _context(citizen.id, "phone"))
        citizen.phone_index = index.phone_index(phone)
        citizen.phone_tail_index = index.phone_tail_index(phone[-4:])
    work.session.add(citizen)
    work.session.flush()
    return citizen


def read_contact(tools: Tools, citizen: Citizen) -> Contact:
    """The contact in clear; an erased citizen has none. `phone` is E.164."""

    def opened(sealed: bytes | None, field: str) -> str | None:
        if sealed is None or citizen.wrapped_key is None:
            return None
        return tools.vault.unseal_text(citizen.wrapped_key, sealed, _context(citizen.id, field))

    return Contact(
        citizen.kind,
        opened(citizen.name_sealed, "name"),
        opened(citizen.org_name_sealed, "org_name"),
        opened(citizen.phone_sealed, "phone"),
    )


def _context(citizen_id: str, field: str) -> str:
    return f"citizen:{citizen_id}:{field}"
