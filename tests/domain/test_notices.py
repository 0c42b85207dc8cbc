"""一次性告知 (坛 六（一）): all four parts at once, and what a later notice asks for beyond the list."""

from __future__ import annotations

import itertools

import pytest

from backend.domain.errors import FieldInvalid
from backend.domain.notices import (
    PARTS,
    NoticeParts,
    StatedDays,
    catalogue_days,
    catalogue_limit,
    check_parts,
    stated_days,
    unlisted,
)
from backend.domain.vocabulary import LimitBasis

WHOLE = NoticeParts("《办法》第三条", "材料补齐后 5 个工作日", "受理、审查、发证", ("身份证", "租赁合同"))
CATALOGUE = NoticeParts("目录依据", "法定 20 个工作日", "目录程序", ("目录资料",))
LEGAL, PROMISED = LimitBasis.LEGAL, LimitBasis.PROMISED


@pytest.mark.parametrize("given", list(itertools.product([True, False], repeat=4)))
def test_tan_6_1_names_basis_limit_procedure_and_documents_or_is_refused(given) -> None:
    """坛 六（一）: 一次性告知其所办事项的办理依据、办理时限、办理程序和所需资料."""
    values = (WHOLE.basis, WHOLE.time_limit, WHOLE.procedure, WHOLE.documents)
    empty = (None, "", None, ())
    parts = NoticeParts(*(v if there else e for v, e, there in zip(values, empty, given, strict=True)))
    missing = [field for field, there in zip(PARTS, given, strict=True) if not there]
    assert list(parts.missing()) == missing
    if not missing:
        check_parts(parts)
        return
    with pytest.raises(FieldInvalid) as refused:
        check_parts(parts)
    assert (refused.value.pointer, refused.value.field_code) == (f"/{missing[0]}", "conditionally_required")
    assert PARTS[missing[0]] in str(refused.value)


def test_what_is_left_out_comes_from_the_catalogue_and_what_is_written_stays() -> None:
    assert NoticeParts().filled_from(CATALOGUE) == CATALOGUE
    assert WHOLE.filled_from(CATALOGUE) == WHOLE
    mixed = NoticeParts(procedure="先到窗口").filled_from(CATALOGUE)
    assert mixed == NoticeParts("目录依据", "法定 20 个工作日", "先到窗口", ("目录资料",))


@pytest.mark.parametrize(
    ("days", "kind", "at_most", "expected"),
    [
        (None, None, None, None),
        (None, None, 5, None),
        (5, LEGAL, None, StatedDays(5, LEGAL)),
        (5, PROMISED, 5, StatedDays(5, PROMISED)),
        (6, PROMISED, 5, "/days"),
        (None, LEGAL, None, "/days"),
        (5, None, None, "/days_kind"),
    ],
)
def test_a_number_of_days_says_whether_it_is_legal_or_promised(days, kind, at_most, expected) -> None:
    """坛 十（一）2; a notice never gives itself more time than the unit's own 事项目录."""
    if isinstance(expected, str):
        with pytest.raises(FieldInvalid) as refused:
            stated_days(days, kind, at_most=at_most)
        assert refused.value.pointer == expected
    else:
        assert stated_days(days, kind, at_most=at_most) == expected


@pytest.mark.parametrize(
    ("legal", "promised", "days", "words"),
    [
        (20, None, StatedDays(20, LEGAL), "法定 20 个工作日"),
        (None, 3, StatedDays(3, PROMISED), "承诺 3 个工作日"),
        (20, 10, StatedDays(10, PROMISED), "法定 20 个工作日，承诺 10 个工作日"),
        (None, None, None, ""),
    ],
)
def test_an_entry_of_the_catalogue_binds_by_its_promise_and_says_both(legal, promised, days, words) -> None:
    assert catalogue_days(legal, promised) == days
    assert catalogue_limit(legal, promised) == words


@pytest.mark.parametrize(
    ("name", "flagged"),
    [
        ("身份证", False),
        (" 身 份 证。", False),
        ("1. 身份证", False),
        ("（二）身份证", False),
        ("一、身份证", False),
        ("３、身份证；", False),
        ("PDF版合同", False),
        ("ｐｄｆ版合同", False),
        ("身份证复印件", True),
        ("户口簿", True),
        ("1.5寸照片", True),
        ("5寸照片", False),
    ],
)
def test_a_later_demand_is_compared_with_the_list_not_with_its_spelling(name, flagged) -> None:
    """坛 六（一） 一次性: what no earlier notice named is 清单以外."""
    assert unlisted([name], ["身份证", "PDF 版合同", "5寸照片"]) == (flagged,)


def test_the_first_notice_has_no_list_before_it() -> None:
    assert unlisted(["身份证", "户口簿"], None) == (False, False)
    assert unlisted(["身份证"], []) == (True,)
