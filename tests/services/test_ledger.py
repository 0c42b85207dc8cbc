"""One entry per transition in the chain of the unit holding it, the same fact in each mirror; texts only as commitments."""

from __future__ import annotations

import json
from itertools import pairwise

from sqlalchemy import select

from backend.domain.ledger import GENESIS, commitment, entry_message, head_message
from backend.models import InquiryText, LedgerEntry, LedgerHead
from backend.services.confirming import confirm_inquiry
from backend.services.ledger import record
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation


def chain(work: Work, unit_id: str) -> list[LedgerEntry]:
    query = select(LedgerEntry).where(LedgerEntry.unit_id == unit_id).order_by(LedgerEntry.sequence)
    return list(work.session.scalars(query))


def test_entries_follow_one_another_and_the_head_follows_the_last(work: Work, org: SmallOrganisation) -> None:
    for _ in range(3):
        file(work, org)
    entries = chain(work, org.unit.id)
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0].prev_hash == GENESIS
    assert all(after.prev_hash == before.hash for before, after in pairwise(entries))
    head = work.session.get_one(LedgerHead, org.unit.id)
    assert (head.sequence, head.hash) == (entries[-1].sequence, entries[-1].hash)
    assert work.tools.signer.verify(head_message(org.unit.id, head.sequence, head.hash), head.signature)
    for entry in entries:
        message = entry_message(org.unit.id, entry.sequence, entry.hash)
        assert work.tools.signer.verify(message, entry.signature)


def test_a_fact_stands_once_in_each_chain_and_is_returned_from_the_holders(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org)
    units = (org.neighbour.id, org.lu_unit.id, org.unit.id, org.neighbour.id)
    entry = record(work, "accepted", filed.inquiry, unit_id=org.unit.id, mirror_unit_ids=units)
    assert (entry.unit_id, entry.is_mirror) == (org.unit.id, False)
    copies = work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == "accepted")).all()
    assert {(copy.unit_id, copy.is_mirror) for copy in copies} == {
        (org.unit.id, False),
        (org.neighbour.id, True),
        (org.lu_unit.id, True),
    }
    bodies = [json.loads(copy.body) for copy in copies]
    for body in bodies:
        del body["sequence"]
        body.pop("unit", None)
        body.pop("unit_id", None)
        body.pop("is_mirror", None)
    assert bodies[0] == bodies[1] == bodies[2]


def test_an_entry_holds_no_word_only_a_commitment_to_it(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    head = org.identity("window_a")
    entry = confirm_inquiry(
        later(work, minutes=1).acting_as(head.actor),
        head,
        filed.inquiry,
        summary="金丝雀摘要",
        competent=True,
    )
    for one in chain(work, org.unit.id):
        assert "金丝雀" not in one.body
        assert "问" not in one.body
    committed = json.loads(entry.body)["texts"]["summary"]
    row = work.session.get_one(InquiryText, committed["id"])
    assert row.salt is not None
    assert committed["sha256"] == commitment(row.salt, "金丝雀摘要")
