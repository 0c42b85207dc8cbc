"""The follow page: what was typed survives, and nobody else's words do harm."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Visitor, clerk
from tests.support.app import Office
from tests.vault.media_samples import encoded, picture

PNG = encoded(picture(), "PNG")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 'zz' * 3 }}{% raw %}",
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
)

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


def close(office: Office, number: str) -> None:
    assert office.act("window_a", number, "confirmation").status_code == 200
    assert (
        office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好。"}).status_code == 200
    )


@sqlite_only
@pytest.mark.parametrize(
    ("form", "fields", "sentence"),
    [
        ("/supplements", {"text": "  "}, "请写下要补充的内容。"),
        ("/supplements", {"text": "字" * 5001}, "内容太长，最多 5,000 字。"),
        ("/attachments", {}, "请选择一个文件。"),
        ("/withdrawal", {"reason": "字" * 5001}, "内容太长，最多 5,000 字。"),
    ],
)
def test_only_the_refused_form_shows_its_error_and_its_text(
    office: Office, citizen: Visitor, form: str, fields: dict, sentence: str
) -> None:
    before = citizen.get(f"/t/{office.file()['tracking_token']}")
    page = citizen.submit(before, form, 422, **fields)
    assert page.errors == [sentence]
    assert len(page.tree.xpath("//details[@open]")) == 1
    for name, text in fields.items():
        assert page.values(form)[name] == text
    keys = {page.values(action)["idempotency_key"] for action in page.actions}
    assert len(keys) == len(page.actions)


@sqlite_only
def test_a_form_that_is_no_longer_open_gives_its_words_back(office: Office, citizen: Visitor) -> None:
    filed = office.file()
    page = citizen.get(f"/t/{filed['tracking_token']}")
    close(office, filed["number"])
    page = citizen.submit(page, "/supplements", 409, text="我刚写了很久")
    assert "您刚才写的内容" in page.text
    assert "我刚写了很久" in page.text
    assert "/supplements" not in " ".join(page.actions)


def test_a_grade_is_given_once(office: Office, citizen: Visitor) -> None:
    filed = office.file()
    close(office, filed["number"])
    address = f"/t/{filed['tracking_token']}"
    page, other_window = citizen.get(address), citizen.get(address)
    assert page.values("/rating").get("grade") is None
    empty = citizen.submit(page, "/rating", 422, comment="还没选")
    assert empty.errors == ["请选择满意、一般或者不满意。"]
    assert empty.values("/rating")["comment"] == "还没选"
    citizen.submit(empty, "/rating", grade="satisfied", share_with_section="true")
    again = citizen.submit(other_window, "/rating", 409, grade="dissatisfied", comment="第二次")
    assert "第二次" in again.text
    assert "您的评价 满意" in again.text


@sqlite_only
def test_nobody_rates_on_a_browser_where_staff_are_signed_in(office: Office) -> None:
    """Design 5: a member of staff's own session cannot rate."""
    filed = office.file()
    close(office, filed["number"])
    address = f"/t/{filed['tracking_token']}"
    member = clerk(office, "window_a")
    refused = member.submit(member.get(address), "/rating", 403, grade="satisfied", comment="替群众评")
    assert "评价只能由服务对象本人作出" in refused.text
    assert office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json["rating"] is None


@sqlite_only
def test_files_are_added_one_by_one_and_the_refused_one_is_named(office: Office, citizen: Visitor) -> None:
    page = citizen.get(f"/t/{office.file()['tracking_token']}")
    page = citizen.submit(page, "/attachments", 422, photos=[PNG, b"GIF89a", b""])
    assert page.errors == ["第 2 个文件没有收下：只收 JPEG、PNG、WebP 图片和 PDF。"]
    page = citizen.submit(page, "/attachments", photos=[b"", b"", PNG])
    assert len(page.tree.xpath("//ul[@class='files']/li")) == 2


@sqlite_only
def test_what_was_written_is_never_markup(office: Office, citizen: Visitor) -> None:
    text = "\n".join(HOSTILE)
    filed = office.file(content=text, contact={"name": HOSTILE[1]})
    address = f"/t/{filed['tracking_token']}"
    page = citizen.submit(citizen.get(address), "/supplements", text=text)
    refused = citizen.submit(page, "/supplements", 422, text=text + "字" * 5000)
    staff = clerk(office, "window_a")
    case = staff.get(f"/staff/inquiries/{filed['number']}")
    case = staff.submit(case, "/confirmation", summary=HOSTILE[0])
    case = staff.submit(case, "/closing", 422, outcome="refused", reply=text)
    for seen in (page, refused, case, staff.get("/staff?box=mine")):
        assert seen.tree.xpath("//script[not(@src='/static/app.js')]|//img|//svg[@onload]") == []
        assert "zzzzzz" not in seen.text
    assert HOSTILE[0] in case.title
    assert HOSTILE[1] in case.text
    assert refused.values("/supplements")["text"].startswith(text)


@sqlite_only
def test_a_dead_address_gives_the_words_back(office: Office, citizen: Visitor) -> None:
    filed = office.file()
    lookup = citizen.get("/lookup")
    page = citizen.submit(lookup, "/lookup", number=filed["number"], phone_tail="5678")
    office.clock.forward(hours=25)
    page = citizen.submit(page, "/supplements", 404, text="一天以后才写完")
    assert "查询已经过期" in page.text
    assert "一天以后才写完" in page.text


@sqlite_only
@pytest.mark.parametrize(
    ("fields", "sentence", "status"),
    [
        ({"number": "", "phone_tail": "5678"}, "请填写编号。", 422),
        ({"number": "2026", "phone_tail": ""}, "请填写手机号的后四位数字。", 422),
        ({"number": "2026", "phone_tail": "56x8"}, "请填写电话号码的后四位数字。", 422),
        ({"number": "2026", "phone_tail": "5678"}, "没有找到。请核对编号和登记时留下的电话后四位。", 404),
    ],
)
def test_a_search_without_success_keeps_what_was_typed(
    office: Office, citizen: Visitor, fields: dict, sentence: str, status: int
) -> None:
    page = citizen.submit(citizen.get("/lookup"), "/lookup", status, **fields)
    assert page.errors == [sentence]
    assert {name: page.values("/lookup")[name] for name in fields} == fields


@sqlite_only
def test_guessing_is_slowed_down_and_right_answers_are_not_counted(office: Office, citizen: Visitor) -> None:
    filed, form = office.file(), citizen.get("/lookup")
    office.settings.__dict__["lookup_miss_rate"] = "2 per minute"
    try:
        for _ in range(3):
            citizen.submit(form, "/lookup", number=filed["number"], phone_tail="5678")
        for _ in range(2):
            citizen.submit(form, "/lookup", 404, number=filed["number"], phone_tail="0000")
        page = citizen.submit(form, "/lookup", 429, number=filed["number"], phone_tail="5678")
    finally:
        office.settings.__dict__["lookup_miss_rate"] = "10 per 15 minutes"
    assert page.values("/lookup")["number"] == filed["number"]
