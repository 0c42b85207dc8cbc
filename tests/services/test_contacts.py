"""Phones as people write them, kept in one form, found by blind index, shown masked."""

from __future__ import annotations

import pytest

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import CitizenKind
from backend.services.contacts import (
    Contact,
    keep_contact,
    masked_name,
    masked_phone,
    national,
    parse_phone,
    read_contact,
)
from backend.services.work import Work

PHONES = [
    ("13812345678", "+8613812345678", "13812345678", "138****5678"),
    (" 138-1234-5678 ", "+8613812345678", "13812345678", "138****5678"),
    ("+86 138 1234 5678", "+8613812345678", "13812345678", "138****5678"),
    ("0086 13812345678", "+8613812345678", "13812345678", "138****5678"),
    ("１３８１２３４５６７８", "+8613812345678", "13812345678", "138****5678"),
    ("0519-82345678", "+8651982345678", "0519-8234-5678", "051****5678"),
    ("(0830)3112345", "+868303112345", "0830-311-2345", "083****2345"),
]


@pytest.mark.parametrize(("typed", "kept", "shown", "masked"), PHONES)
def test_a_phone_is_understood_however_it_is_typed(typed, kept, shown, masked) -> None:
    assert parse_phone(typed) == kept
    assert (national(kept), masked_phone(kept)) == (shown, masked)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1381234567", "138123456789", "电话", "++", "99999999999", "1" * 300]
)
def test_what_is_no_phone_is_refused(typed) -> None:
    with pytest.raises(FieldInvalid) as refused:
        parse_phone(typed)
    assert (refused.value.pointer, refused.value.field_code) == ("/contact/phone", "phone_invalid")


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王", "王*"), ("王明", "王*"), ("欧阳小明", "欧***"), ("𠮷田", "𠮷*"), ("a" * 60, "a***")],
)
def test_a_name_is_masked_without_telling_its_length(name, masked) -> None:
    assert masked_name(name) == masked


def test_a_contact_is_sealed_and_read_back(work: Work) -> None:
    left = Contact(CitizenKind.COMPANY, "王小明", "金坛某公司", "138 1234 5678")
    assert keep_contact(work, Contact(CitizenKind.COMPANY)) is None
    row = keep_contact(work, left)
    assert row is not None
    kept = Contact(CitizenKind.COMPANY, "王小明", "金坛某公司", "+8613812345678")
    assert read_contact(work.tools, row) == kept
    sealed = b"".join([row.name_sealed or b"", row.org_name_sealed or b"", row.phone_sealed or b""])
    assert not [part for part in ("王小明", "金坛某公司", "13812345678", "5678") if part.encode() in sealed]
    assert row.phone_index == work.tools.index.phone_index("+8613812345678")


def test_an_erased_citizen_has_no_contact(work: Work) -> None:
    row = keep_contact(work, Contact(name="王小明", phone="13812345678"))
    assert row is not None
    row.wrapped_key = None
    assert read_contact(work.tools, row) == Contact()
