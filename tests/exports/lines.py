"""Lines of a ledger as `queries/ledger.py` reads them, and a cover."""

from __future__ import annotations

from datetime import UTC, datetime

from backend.domain import ledger_form
from backend.domain.vocabulary import Category, Channel, Disposition, Grade

MADE_AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)

COVER = {
    "scope": "section",
    "scope_label": "分台账",
    "year": 2026,
    "unit": {"id": "u", "name": "泸州市示例局"},
    "section": {"id": "s", "name": "综合科"},
    "post": {"label": "首问责任岗", "holder_name": "张三"},
    "title": "泸州市示例局首问责任制工作台账",
    "form_title": "首问责任制登记表",
    "label": None,
    "columns": [],
}


def line(**other):
    """A line whose every field is filled; `other` replaces some."""
    channel, category = other.pop("channel", Channel.VISIT), other.pop("category", Category.CONSULT)
    disposition = other.pop("disposition", Disposition.OTHER_SECTION)
    grade = other.pop("grade", Grade.FAIR)
    return {
        "display_number": "2026-ABCD-EFGH-X",
        "kind_label": "首问",
        "counted": True,
        "late_entry": False,
        "received_at": "2026-11-24T10:30:00+08:00",
        "received_text": "2026年11月24日 10:30",
        "first_responder": {"id": "p", "name": "李四"},
        "section": {"id": "s", "name": "综合科"},
        "citizen": {"text": "王**"},
        "contact": "138****1234",
        "channel_label": channel.label,
        "channel_boxes": ledger_form.boxes(Channel, channel),
        "category_label": category.label,
        "category_boxes": ledger_form.boxes(Category, category),
        "content": "办理营业执照需要什么材料",
        "disposition_label": disposition.label,
        "disposition_boxes": ledger_form.boxes(Disposition, disposition),
        "handling": "2026年11月24日 11:00 转由行政审批科 赵六承办\n带身份证和租赁合同，三个工作日办结。",
        "closed_at": "2026-11-26T09:00:00+08:00",
        "closed_text": "2026年11月26日 09:00",
        "followed_up_at": "2026-11-27T15:20:00+08:00",
        "followed_up_text": "2026年11月27日 15:20",
        "grade_label": grade.label if grade else None,
        "grade_boxes": ledger_form.boxes(Grade, grade),
        "grade_note": None,
        "section_head_opinion": {"text": "同意", "by": "钱七", "at": "2026-11-28T09:00:00+08:00"},
        "deputy_leader_opinion": {"text": "已阅", "by": "孙八", "at": "2026-11-28T10:00:00+08:00"},
        "remark": "2026年11月29日 09:30 首问责任总岗抽查（电话联系群众）：已答复，一般",
        "external": None,
        **other,
    }
