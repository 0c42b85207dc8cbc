"""The number and the limit another system gave stand beside ours, for 政务热线 and 局长信箱 only (泸 附件2“首问方式”)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.domain.errors import FieldInvalid
from backend.domain.external_numbers import ExternalGiven, external_of, fold_external
from backend.domain.vocabulary import Channel

DUE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("channel", [Channel.HOTLINE, Channel.MAILBOX])
def test_hotline_and_mailbox_may_have_them(channel):
    assert external_of(channel, "12345-1", DUE, "工单") == ExternalGiven("12345-1", DUE, "工单")
    assert external_of(channel, "12345-1", None, None) == ExternalGiven("12345-1")
    assert external_of(channel, None, None, None) is None


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ((Channel.CALL, "1", None, None), "/external_no"),
        ((Channel.VISIT, None, DUE, None), "/external_due_at"),
        ((Channel.OTHER, None, None, "工单"), "/external_basis"),
        ((Channel.HOTLINE, None, DUE, None), "/external_no"),
        ((Channel.HOTLINE, "1", None, "工单"), "/external_due_at"),
    ],
)
def test_what_does_not_belong_together_is_refused_at_its_field(given, pointer):
    with pytest.raises(FieldInvalid) as refused:
        external_of(*given)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    "written", ["JT-2026-001", "jt2026001", "ＪＴ－2026－001", " jt 2026 001 ", "JT–2026—001"]
)
def test_a_number_is_found_however_it_is_written(written):
    assert fold_external(written) == "jt2026001"
