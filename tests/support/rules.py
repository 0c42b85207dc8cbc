"""实施细则 of a unit for a test, taken the way an operator's document is."""

from __future__ import annotations

from typing import Any

from backend.domain.unit_rules import read_rules
from backend.models import Unit
from backend.services.unit_rules import Changes, live_matters, load_unit_rules
from tests.support.app import Office

PERMIT = {
    "name": "食品经营许可",
    "regime": "permit",
    "basis": "《中华人民共和国行政许可法》第四十二条",
    "legal_days": 20,
    "procedure": "受理、审查、决定",
    "documents": ["申请书", "营业执照"],
}
CARD = {
    "name": "社会保障卡补领",
    "basis": "《社会保险经办条例》第十二条",
    "legal_days": 15,
    "promised_days": 5,
}
PLAIN = {"name": "档案查询", "basis": "本局办事指南", "legal_days": 3}


def take(office: Office, unit: Unit, **document: Any) -> Changes:
    """Put a document in force for the unit."""
    with office.working() as work:
        return load_unit_rules(work, work.session.get_one(Unit, unit.id), read_rules(document))


def matter_ids(office: Office, unit: Unit) -> dict[str, str]:
    """The ids of the unit's 事项目录, by name."""
    with office.looking() as work:
        return {matter.name: matter.id for matter in live_matters(work.session, unit.id)}
