"""Words of the 台账 itself: which line of it a row is, who signs it off, what is reported from it."""

from __future__ import annotations

from backend.domain.vocabulary import Word


class LineKind(Word):
    """Why an inquiry stands in a ledger (泸 二（二）4); a 承接 line is shown and not counted."""

    OWN = "own", "首问"
    CONTINUED = "continued", "承接"
    RECEIVED = "received", "外单位移交"


class SignOffRole(Word):
    """Whose opinion a field of 附件2 holds."""

    SECTION_HEAD = "section_head", "科室负责人"
    DEPUTY_LEADER = "deputy_leader", "分管领导"


class LedgerReportKind(Word):
    """What is made of a ledger for a period (泸 二（二）4, 附件1-15): a section's 回访 results, the unit's 汇总."""

    SUBMISSION = "submission", "回访情况上报"
    SUMMARY = "summary", "台账汇总"
