"""What closing with each outcome needs (坛 六（一）、六（四）、七（四）; 泸 二（二）2)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import Category, Measure, Outcome

STAFF_OUTCOMES = (Outcome.COMPLETED, Outcome.ANSWERED, Outcome.GUIDED, Outcome.REFUSED)
"""The outcomes a holder can close with."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The 主管部门 somebody is guided to: its name, and where or how to reach it."""

    name: str
    address: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Guided:
    """What is being guided out of the unit: under which measure, of which kind, and whether applied for in writing."""

    measure: Measure
    category: Category
    is_written: bool


def check_closing(outcome: Outcome, reason: str | None, basis: str | None, remedy: str | None) -> None:
    """A refusal states 理由 and 依据, with 救济途径 (坛 六（一）: 明确告知不予办理的理由、依据等). Raises FieldInvalid."""
    if outcome not in STAFF_OUTCOMES:
        raise FieldInvalid("/outcome", "办结方式请选办理完成、答复、引导或不予办理。", "choice_invalid")
    if outcome is not Outcome.REFUSED:
        return
    for field, text, name in (
        ("reason", reason, "理由"),
        ("basis", basis, "依据"),
        ("remedy", remedy, "救济途径"),
    ):
        if not text:
            raise FieldInvalid(f"/{field}", f"不予办理要写明{name}。", "conditionally_required")


def check_guidance(
    outcome: Outcome, matter: Guided, *, reason: str | None, authority: Authority | None, helped: str | None
) -> None:
    """Guiding somebody out of the unit says where to, or how they were helped. Raises FieldInvalid.

    坛 七（四）: for a consultation 说明理由，并提供必要帮助, both. 坛 六（四）: otherwise to the 主管部门 where there is
    one, else the 必要帮助; a written application that has a 主管部门 is 书面移交, never merely guided. 泸 knows no such
    cases: either will do.
    """
    if outcome is not Outcome.GUIDED:
        for field, given in (("authority", authority), ("help", helped)):
            if given:
                raise FieldInvalid(f"/{field}", "只有引导才填写主管部门和提供的帮助。")
        return
    if authority is not None and not (authority.address or authority.phone):
        raise FieldInvalid("/authority", "请写明主管部门的地址或者电话，至少一项。", "conditionally_required")
    in_tan = matter.measure is Measure.TAN
    if in_tan and matter.category is Category.CONSULT:
        for field, text, name in (("reason", reason, "理由"), ("help", helped, "提供的帮助")):
            if not text:
                raise FieldInvalid(f"/{field}", f"不属于本单位的咨询要写明{name}。", "conditionally_required")
        return
    if in_tan and matter.is_written and authority is not None:
        raise FieldInvalid(
            "/outcome",
            "这是书面申请，又有明确的主管部门：要书面移交给主管部门（第六条第（四）项），不能只作引导。",
        )
    if authority is None and not helped:
        raise FieldInvalid(
            "/authority", "请写明主管部门；没有主管部门的，写明提供的帮助。", "conditionally_required"
        )
