"""一次性告知 on the citizen's page and in the console; closing by guidance and 更正类别 by their forms."""

from __future__ import annotations

import pytest

from backend.models import Matter
from tests.pages.test_staff_inquiry import case_of
from tests.pages.visitor import Page, Visitor, clerk
from tests.support.app import Office
from tests.vault.media_samples import encoded, picture

WHOLE = {
    "basis": "《食品经营许可和备案管理办法》第十条",
    "time_limit": "材料补齐后 5 个工作日内办结",
    "procedure": "受理、审查、发证",
    "documents": "身份证\r\n\r\n 租赁合同 \r\n",
    "days": "5",
    "days_kind": "legal",
}
PNG = encoded(picture(), "PNG")

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


def applied(office: Office) -> tuple[str, str]:
    filed = office.file(category="application", content="申请食品经营许可")
    return str(filed["number"]), f"/t/{filed['tracking_token']}"


def told(office: Office, number: str, **changes: str) -> Page:
    person = clerk(office, "window_a")
    return person.submit(case_of(person, number), "/notice", **(WHOLE | changes))


def card(page: Page) -> str:
    [section] = page.tree.xpath("//section[@aria-labelledby='notice-title']")
    return " ".join(section.text_content().split())


def test_tan_6_1_a_citizen_reads_all_four_parts_and_what_to_do_next(office: Office, citizen: Visitor) -> None:
    """坛 六（一）, in plain words: what is asked for, that the limit waits, and how to go on."""
    number, address = applied(office)
    assert "群众还没有确认收到" in card(told(office, number))
    page = citizen.get(address)
    assert page.title == "等您补充材料"
    for words in (
        "办理依据 《食品经营许可和备案管理办法》第十条",
        "办理时限 材料补齐后 5 个工作日内办结",
        "办理程序 受理、审查、发证",
        "身份证",
        "租赁合同",
        "第六条第（一）项",
        "办理时限暂停计算",
        "送到窗口",
        "上传了材料或者写了说明，就不再等您",
    ):
        assert words in card(page), words
    assert "清单以外" not in card(page)
    page = citizen.submit(page, "/notice/receipt")
    assert "您已确认收到" in card(page)
    assert not [action for action in page.actions if action.endswith("/notice/receipt")]
    assert "群众已确认收到" in card(case_of(clerk(office, "window_a"), number))


@pytest.mark.parametrize("what", ["a sentence", "a file"])
def test_tan_6_1_a_sentence_ends_the_wait_and_so_does_a_file(
    office: Office, citizen: Visitor, what: str
) -> None:
    """坛 六（一）: the page says so before, and no longer asks afterwards."""
    number, address = applied(office)
    told(office, number)
    page = citizen.get(address)
    assert "上传以后不再等您，办理继续。" in page.text
    if what == "a file":
        page = citizen.submit(page, "/attachments", photos=[PNG])
    else:
        page = citizen.submit(page, "/supplements", text="材料都上传了")
    assert page.title == "正在办理"
    assert "上传以后不再等您" not in page.text
    assert "暂停计算。" not in card(page)
    assert "现在请您" not in card(page)


@sqlite_only
def test_what_a_later_notice_adds_is_marked_and_the_first_is_kept(office: Office, citizen: Visitor) -> None:
    number, address = applied(office)
    told(office, number)
    citizen.submit(citizen.get(address), "/supplements", text="补")
    person = clerk(office, "window_a")
    case = case_of(person, number)
    assert "这一轮已经告知过 1 次。再次告知的等待时间照常计算" in case.text
    more = {"documents": "1.身份证\n户口簿", "days": "", "days_kind": ""}
    person.submit(case, "/notice", **(WHOLE | more))
    page = citizen.get(address)
    assert "再次告知的等待时间照常计算。" in card(page)
    assert "暂停计算。" not in card(page)
    assert "再次告知（第 2 次）" in card(page)
    marked = [
        " ".join(item.text_content().split())
        for item in page.tree.xpath("//ol[@class='demands']/li[.//span[contains(@class,'chip')]]")
    ]
    assert marked == ["户口簿 清单以外"]
    assert "系统设定" in card(page)
    assert "第 1 次告知" in card(page)
    assert "再次告知，其中 1 项在清单以外" in page.text


@sqlite_only
def test_papers_brought_to_the_window_by_their_form(office: Office, citizen: Visitor) -> None:
    """坛 六（一）: late on paper is as good as in time online."""
    number, address = applied(office)
    told(office, number)
    office.clock.forward(days=4)
    person = clerk(office, "window_a")
    page = person.submit(
        case_of(person, number), "/supplements", 422, text="", received_at="2026-11-16T08:00"
    )
    assert page.errors == ["请写明收到了哪些材料。"]
    page = person.submit(page, "/supplements", 422, text="原件", received_at="2026-11-16T08:00")
    assert page.errors == ["收到时间不能早于告知，也不能早于收到事项。"]
    assert page.values("/supplements")["text"] == "原件"
    person.submit(page, "/supplements", received_at="2026-11-18T15:00")
    shown = citizen.get(address)
    assert shown.title == "正在办理"
    assert "收到补充材料，11月18日（周三）15:00 收到" in shown.text


@sqlite_only
def test_confirming_twice_is_said_in_words(office: Office, citizen: Visitor) -> None:
    number, address = applied(office)
    told(office, number)
    page = citizen.get(address)
    citizen.submit(page, "/notice/receipt")
    again = citizen.submit(page, "/notice/receipt")
    assert "您已确认收到" in card(again)
    other = citizen.submit(page, "/notice/receipt", 409, idempotency_key="f" * 32)
    assert other.errors == ["已经确认收到，您已经确认收到这份告知，不用再确认。"]


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (
            {"basis": "", "time_limit": " ", "procedure": "", "documents": "\n"},
            [
                "一次性告知要写明办理依据。",
                "一次性告知要写明办理时限。",
                "一次性告知要写明办理程序。",
                "一次性告知要写明所需资料。",
            ],
        ),
        ({"days": "五天"}, ["请用数字填写工作日数。"]),
        ({"days": "0"}, ["请填写 1 到 366 的整数。"]),
        ({"days_kind": ""}, ["请选择是法定时限还是承诺时限。"]),
        ({"documents": "身份证\n" + "字" * 201}, ["内容太长，最多 200 字。"]),
        ({"documents": "一项\n" * 31}, ["所需资料写 1 到 30 项。"]),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_is_kept(
    office: Office, changes: dict, sentences: list
) -> None:
    number, _ = applied(office)
    person = clerk(office, "window_a")
    page = person.submit(case_of(person, number), "/notice", 422, **(WHOLE | changes))
    assert page.errors == sentences
    kept = page.values("/notice")
    for name, text in (WHOLE | changes).items():
        assert kept[name].split() == text.split(), name


@sqlite_only
def test_the_catalogue_is_offered_and_fills_the_rest(office: Office, citizen: Visitor) -> None:
    number, address = applied(office)
    with office.working() as work:
        matter = Matter(
            unit_id=office.org.unit.id,
            name="食品经营许可",
            regime=None,
            basis="目录依据",
            legal_days=20,
            promised_days=None,
            procedure="申请、审查、决定",
            documents=["申请书"],
            created_at=work.now,
        )
        work.session.add(matter)
        work.session.flush()
        chosen = matter.id
    person = clerk(office, "window_a")
    case = case_of(person, number)
    options = case.form("/notice").xpath(".//select[@name='from_matter']/option/text()")
    assert options == ["不用目录，自己写", "食品经营许可"]
    person.submit(case, "/notice", from_matter=chosen)
    assert "法定 20 个工作日" in card(citizen.get(address))


def test_tan_7_4_guided_by_the_form_and_read_by_the_citizen(office: Office, citizen: Visitor) -> None:
    """坛 七（四）: 说明理由，并提供必要帮助."""
    filed = office.file()
    person = clerk(office, "window_a")
    guided = {"outcome": "guided", "reply": "这件事归住建局管。", "basis": "没有用的"}
    page = person.submit(case_of(person, filed["number"]), "/closing", 422, **guided)
    assert page.errors == ["不属于本单位的咨询要写明理由。"]
    page = person.submit(page, "/closing", 422, reason="不归我局", authority_address="东门大街 1 号")
    assert page.errors == ["请写明主管部门的名称。"]
    page = person.submit(page, "/closing", 422, authority_name="住建局", authority_address="")
    assert page.errors == ["请写明主管部门的地址或者电话，至少一项。"]
    page = person.submit(page, "/closing", authority_phone="0519-82300000", help="查了电话")
    assert "已办结：引导" in page.text
    shown = citizen.get(f"/t/{filed['tracking_token']}").text
    for words in (
        "请找主管部门",
        "住建局",
        "电话：0519-82300000",
        "提供的帮助",
        "查了电话",
        "第七条第（四）项",
    ):
        assert words in shown, words
    assert "没有用的" not in shown


@sqlite_only
def test_tan_6_4_a_written_application_is_told_to_be_transferred(office: Office) -> None:
    number, _ = applied(office)
    person = clerk(office, "window_a")
    fields = {"outcome": "guided", "reply": "请找", "authority_name": "住建局", "authority_phone": "8230"}
    page = person.submit(case_of(person, number), "/closing", 422, **fields)
    assert len(page.errors) == 1
    assert "书面移交给主管部门" in page.errors[0]


@sqlite_only
def test_tan_6_1_a_refusal_shows_reason_basis_and_remedy(office: Office, citizen: Visitor) -> None:
    number, address = applied(office)
    person = clerk(office, "window_a")
    fields = {
        "outcome": "refused",
        "reply": "不予办理",
        "reason": "不符合",
        "basis": "《办法》",
        "remedy": "可以复议",
    }
    person.submit(case_of(person, number), "/closing", **fields, help="没有用的")
    shown = citizen.get(address).text
    for words in ("理由不符合", "依据《办法》", "救济途径", "可以复议", "第六条第（一）项"):
        assert words in shown, words
    assert "没有用的" not in shown


@sqlite_only
def test_guided_when_registering(office: Office) -> None:
    person = clerk(office, "window_a")
    fields = {
        "channel": "call",
        "category": "consult",
        "content": "问路灯",
        "outcome": "guided",
        "reply": "请找",
    }
    page = person.submit(person.get("/staff/register"), "/staff/register", 422, **fields)
    assert page.errors == ["不属于本单位的咨询要写明理由。"]
    page = person.submit(page, "/staff/register", reason="不归我局", help="查了电话")
    assert "引导" in page.text


def test_correcting_the_category_by_its_form(office: Office, citizen: Visitor) -> None:
    filed = office.file()
    person = clerk(office, "window_a")
    case = case_of(person, filed["number"])
    assert case.values("/classification")["category"] == "consult"
    page = person.submit(case, "/classification", 422, reason="")
    assert page.errors == ["请写明为什么更正。"]
    page = person.submit(page, "/classification", 422, reason="点错了")
    assert page.errors == ["类别没有变化，请选择更正后的类别。"]
    page = person.submit(page, "/classification", category="report", channel="true")
    assert "类别由“咨询事项”更正为“问题反映”" in page.text
    shown = citizen.get(f"/t/{filed['tracking_token']}").text
    assert "类别由“咨询事项”更正为“问题反映”" in shown
    assert "点错了" in shown


def test_what_became_a_complaint_leaves_the_page_of_whoever_found_out(office: Office) -> None:
    number = str(office.file()["number"])
    person = clerk(office, "window_a")
    case = case_of(person, number)
    fields = {"category": "complaint", "reason": "其实是投诉", "about_kind": "section"}
    page = person.submit(case, "/classification", **fields)
    assert page.response.request.path == "/staff"
    person.get(f"/staff/inquiries/{number}", 404)
    assert "其实是投诉" in case_of(clerk(office, "discipline"), number).text


@sqlite_only
def test_the_console_says_from_when_a_named_limit_runs(office: Office, citizen: Visitor) -> None:
    """系统设定 stated-limit: from receipt; in a later round from the reopening."""
    number, address = applied(office)
    person = clerk(office, "window_a")
    assert "办理时限从收到之日起算" in case_of(person, number).text
    person.submit(case_of(person, number), "/closing", outcome="completed", reply="办好了")
    citizen.submit(citizen.get(address), "/reopening", reason="没有办好")
    assert "办理时限从重新打开之日起算" in case_of(person, number).text
