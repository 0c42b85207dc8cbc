"""What two units of the demo laid down for themselves (实施细则, 坛 十一; 泸 二（二）1), and who settles disputes."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from backend.demo.building import Offices
from backend.domain.unit_rules import read_rules
from backend.models import Coordinator
from backend.services.unit_rules import load_unit_rules
from backend.services.work import Work

RULES: dict[str, dict[str, Any]] = {
    "jt-sp": {
        "hours": {"05-01": time(18, 0), "10-01": time(17, 30)},
        "promises": [
            {
                "category": "application",
                "working_days": 10,
                "basis": "《区行政审批局首问负责制实施细则》第三条",
            }
        ],
        "matters": [
            {
                "name": "食品经营许可",
                "regime": "permit",
                "basis": "《食品经营许可和备案管理办法》第十九条",
                "legal_days": 10,
                "promised_days": 5,
                "procedure": "窗口收件，审查材料，必要时现场核查，作出决定，送达许可证。",
                "documents": ["食品经营许可申请书", "经营场所平面图", "食品安全管理制度文本"],
            },
            {
                "name": "户外临时宣传备案",
                "basis": "《区行政审批局首问负责制实施细则》附表",
                "promised_days": 3,
                "procedure": "窗口收件，核对地点和时间，出具备案回执。",
                "documents": ["备案表", "设置位置示意图"],
            },
        ],
        "records": [
            {
                "kind": "rules",
                "title": "常州市金坛区行政审批局首问负责制实施细则",
                "document_number": "坛行审〔2020〕6号",
                "dated_on": date(2020, 3, 16),
                "body": "第一条 各科室、各窗口都设首问责任岗。第三条 本局承诺的办理时限不长于法定时限。",
            },
            {
                "kind": "simplification",
                "title": "企业变更地址和章程备案一次提交",
                "document_number": "",
                "dated_on": date(2026, 6, 1),
                "body": "两张表并成一张，申请人少跑一次。",
            },
        ],
    },
    "lz-zg": {
        "promises": [
            {"category": "application", "working_days": 5, "basis": "《不动产登记窗口服务承诺》第二条"}
        ]
    },
}

COORDINATORS = {"jt-qf": "jt-qf"}
"""Which unit settles disputes below another one (design 4: 区委办, 区政府办, 编办)."""


def put_rules_in_force(work: Work, offices: Offices) -> None:
    """Load every unit's document as an operator would. Raises RulesInvalid for a mistake above."""
    for key, document in RULES.items():
        load_unit_rules(work, offices.units[key], read_rules(document))
    for scope, unit in COORDINATORS.items():
        work.session.add(Coordinator(scope_unit_id=offices.units[scope].id, unit_id=offices.units[unit].id))
    work.session.flush()
