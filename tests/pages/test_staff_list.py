"""The console's lists: searching, narrowing, roles, news, several at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.domain.clocks import date_phrase
from backend.domain.times import SHANGHAI
from backend.queries import standing_in
from backend.queries.standing_in import who_is_away
from backend.services.organising import set_absence
from tests.pages.visitor import clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def signed(office: Office, summary: str, **changes: object) -> str:
    number: str = office.file(**changes)["number"]
    assert office.act("window_a", number, "confirmation", {"summary": summary}).status_code == 200
    return number


def test_one_field_takes_a_number_a_tail_or_words_and_a_tail_stands_in_no_address(office: Office) -> None:
    number = signed(office, "咨询开面馆的执照材料")
    signed(office, "申请民宿许可", contact={"phone": "13900001234"})
    person = clerk(office, "window_a")
    for wanted in (number, "面馆的"):
        found = person.submit(person.get("/staff"), "/staff/search", wanted=wanted)
        assert "咨询开面馆的执照材料" in found.text
        assert "申请民宿许可" not in found.text
        assert "wanted=" in found.response.request.query_string.decode()
    for wanted in ("1234", "13900001234"):
        found = person.submit(person.get("/staff"), "/staff/search", wanted=wanted)
        assert "申请民宿许可" in found.text
        assert "面馆" not in found.text
        assert found.response.request.query_string == b""
    assert person.get("/staff/search?wanted=1234", 422).errors == []
    nothing = person.submit(found, "/staff/search", wanted="没有的字")
    assert "没有找到" in nothing.text
    for wanted in ("", "证", "长" * 60):
        refused = person.submit(found, "/staff/search", 422, wanted=wanted)
        assert len(refused.errors) == 1
        assert refused.values("/staff/search")["wanted"] == wanted
    assert "咨询开面馆" not in person.submit(found, "/staff/search", wanted="面馆", category="report").text


def test_a_search_for_what_was_overdue_finds_what_is_closed_too(office: Office) -> None:
    late = signed(office, "咨询面馆执照")
    office.clock.forward(days=9)
    in_time = signed(office, "咨询面馆招牌")
    for number in (late, in_time):
        answer = {"outcome": "answered", "reply": "带身份证"}
        assert office.act("window_a", number, "closing", answer).status_code == 200
    person = clerk(office, "window_a")
    found = person.submit(person.get("/staff/search"), "/staff/search", wanted="面馆", overdue="true")
    assert "咨询面馆执照" in found.text
    assert "咨询面馆招牌" not in found.text


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("HX-2026 1116-00123", "hx2026111600123"),
        ("2026112400", "2026112400"),  # ten digits, like a landline
        ("信箱123号", "信箱123号"),
        ("0012", "0012"),  # like the tail of a phone
        ("7", "7"),
    ],
)
def test_the_number_of_another_system_finds_its_registration(office: Office, given: str, wanted: str) -> None:
    body = {"channel": "hotline", "category": "report", "content": "路灯不亮", "external_no": given}
    assert (
        office.staff("window_a").post("/staff/inquiries", body | {"summary": "反映路灯不亮"}).status_code
        == 201
    )
    person = clerk(office, "window_a")
    found = person.submit(person.get("/staff"), "/staff/search", wanted=wanted)
    assert "反映路灯不亮" in found.text
    stranger = clerk(office, "business_a")
    assert "反映路灯不亮" not in stranger.client.post(
        "/staff/search", data=stranger.get("/staff/search").values("/staff/search") | {"wanted": wanted}
    ).get_data(as_text=True)


@pytest.mark.parametrize(
    "wanted",
    ["1381234567", "138123456789", "32048219900101123X", "张三 32048219900101123X", "138-1234-567"],
)
def test_what_may_be_a_phone_or_an_identity_card_stands_in_no_address(office: Office, wanted: str) -> None:
    person = clerk(office, "window_a")
    found = person.submit(person.get("/staff"), "/staff/search", wanted=wanted)
    assert found.response.request.query_string == b""
    assert "没有找到" in found.text
    assert not any(wanted in link for link in found.tree.xpath("//@href"))
    assert person.client.get("/staff/search", query_string={"wanted": wanted}).status_code == 422


def test_another_systems_limit_is_shown_as_its_own_wherever_the_matter_is_listed(office: Office) -> None:
    """12345 asks by Friday; the measure sets a report no days."""
    body = {
        "channel": "hotline",
        "category": "report",
        "content": "路灯不亮",
        "external_no": "HX-001",
        "external_due_at": "2026-11-20T17:00:00+08:00",
        "external_basis": "工单注明",
    }
    number = office.staff("window_a").post("/staff/inquiries", body).json["number"]
    limit = "11月20日（周五）17:00 前"

    def told(of_a_line: bool = False) -> list[str]:
        person = clerk(office, "window_a")
        case = person.get(f"/staff/inquiries/{number}").text
        line = person.get("/staff?box=closed" if of_a_line else "/staff?box=todo").text
        ledger = person.get("/staff/ledger").text
        assert "HX-001" in line
        assert "HX-001" in ledger
        assert "其他系统交办的期限：2026年11月20日 17:00" in ledger
        assert f"其他系统交办的期限 {limit}" in case
        assert f"其他系统交办的期限：{limit}" in line
        assert "依据：工单注明" in case
        assert "不是办法规定的时限" in case
        return [text.partition(limit)[2].strip()[:9] for text in (case, line)]

    def boxes() -> set[str]:
        staff = office.staff("window_a")
        return {
            box for box in ("due_soon", "overdue") if staff.get(f"/staff/inquiries?box={box}").json["items"]
        }

    assert all("已过其他系统的期限" not in rest for rest in told())
    assert boxes() == set()
    office.clock.set(datetime(2026, 11, 19, 17, 31, tzinfo=SHANGHAI))
    assert boxes() == {"due_soon"}
    office.clock.set(datetime(2026, 11, 20, 17, 1, tzinfo=SHANGHAI))
    assert boxes() == {"overdue"}
    assert told() == ["已过其他系统的期限"] * 2
    answer = {"outcome": "answered", "reply": "已修好"}
    assert office.act("window_a", number, "closing", answer).status_code == 200
    assert boxes() == set()
    assert told(of_a_line=True) == ["已过其他系统的期限"] * 2


def test_more_than_a_page_of_a_tail_goes_on_by_a_form(office: Office) -> None:
    for place in range(22):
        office.clock.forward(minutes=1)
        office.file(content=f"第 {place} 件")
    person = clerk(office, "window_a")
    first = person.submit(person.get("/staff/search"), "/staff/search", wanted="5678")
    assert len(first.tree.xpath("//li[contains(@class,'job')]")) == 20
    form = first.tree.xpath("//form[contains(@class,'pages')]")[0]
    sent = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    second = person.client.post("/staff/search", data=sent)
    assert second.status_code == 200
    assert second.get_data(as_text=True).count('class="job"') == 2


def test_a_list_is_narrowed_and_says_so(office: Office) -> None:
    signed(office, "咨询开面馆的执照材料")
    person = clerk(office, "general")
    page = person.get("/staff?box=unit&category=report")
    assert "没有符合筛选" in page.text
    assert "已经筛选" in page.text
    page = person.get(f"/staff?box=unit&category=consult&section={office.org.window.section.id}")
    assert "咨询开面馆" in page.text
    assert person.get("/staff?box=unit&category=nonsense", 422).title


def test_who_has_several_roles_looks_at_one_at_a_time_and_may_do_what_all_of_them_may(office: Office) -> None:
    number = office.file()["number"]
    person = clerk(office, "general")
    labels = [a.text_content() for a in person.get("/staff").tree.xpath("//nav[@class='roles']//a")]
    assert labels == ["全部", "工作人员", "首问责任总岗"]
    assert "本单位" in person.get("/staff").text
    as_handler = person.get("/staff?acting=handler")
    assert not as_handler.tree.xpath("//a[contains(@href,'box=unit')]")
    assert "仍按全部身份" in as_handler.text
    assert person.get(f"/staff/inquiries/{number}").status == 200
    assert person.get("/staff?acting=sysadmin").tree.xpath("//a[contains(@href,'box=unit')]")
    assert clerk(office, "discipline").get("/staff").tree.xpath("//nav[@class='roles']") == []


def test_what_came_in_is_told_until_it_is_noted(office: Office) -> None:
    clerk(office, "window_a")
    office.clock.forward(minutes=1)
    number = office.file()["number"]
    office.clock.forward(minutes=1)
    person = clerk(office, "window_a")
    page = person.get("/staff")
    news = page.tree.xpath("//section[@class='news']")[0].text_content()
    assert "1 件" in news
    assert page.tree.xpath(f"//section[@class='news']//a[@href='/staff/inquiries/{number}']")
    noted = person.submit(page, "/staff/notices")
    assert not noted.tree.xpath("//section[@class='news']")
    assert not clerk(office, "business_a").get("/staff").tree.xpath("//section[@class='news']")


def test_what_came_after_the_page_was_shown_is_still_told(office: Office) -> None:
    clerk(office, "window_a")
    office.clock.forward(minutes=1)
    office.file()
    office.clock.forward(minutes=1)
    person = clerk(office, "window_a")
    page = person.get("/staff")
    office.clock.forward(minutes=1)
    later = office.file()["number"]
    office.clock.forward(minutes=1)
    noted = person.submit(page, "/staff/notices")
    [link] = noted.tree.xpath("//section[@class='news']//li/a/@href")
    assert link == f"/staff/inquiries/{later}"
    for wrong in ("", "昨天", "2026-11-16T09:00:00", "0001-01-01T00:00:00+08:00"):
        refused = person.submit(noted, "/staff/notices", 422, shown_at=wrong)
        assert "请再点一次" in refused.text
        assert refused.tree.xpath("//section[@class='news']")


def test_a_refusal_stays_on_the_page_of_the_list_with_what_was_ticked(office: Office) -> None:
    numbers = []
    for place in range(23):
        office.clock.forward(minutes=1)
        numbers.append(office.file(content=f"第{place}件")["number"])
    person = clerk(office, "window_head")
    first = person.get("/staff?box=section")
    second = person.get(first.tree.xpath("//nav[@class='pages']/a/@href")[0])
    refused = person.submit(second, "/staff/assignments", 422, **{f"pick.{numbers[-1]}": "1"})
    assert refused.tree.xpath("//input[starts-with(@name,'pick.')][@checked]/@name") == [
        f"pick.{numbers[-1]}"
    ]
    colleague = office.org.people["window_b"].id
    assert "已分派 1 件" in person.submit(refused, "/staff/assignments", to_staff=colleague).text


def test_only_what_can_be_assigned_as_it_stands_has_a_box_to_tick(office: Office) -> None:
    free = office.file()["number"]
    offered = office.file(category="report", written=False)["number"]
    target = {
        "to_unit": office.org.unit.id,
        "to_section": office.org.business.section.id,
        "reason": "属于业务",
    }
    assert office.act("window_a", offered, "handoffs", target).status_code == 201
    page = clerk(office, "window_head").get("/staff?box=section")
    assert page.tree.xpath("//input[starts-with(@name,'pick.')]/@name") == [f"pick.{free}"]
    assert offered in page.response.get_data(as_text=True)


def test_what_is_closed_is_counted_too_and_no_more_of_it_than_may_be_seen(office: Office) -> None:
    answer = {"outcome": "answered", "reply": "带身份证"}
    assert office.act("window_a", office.file()["number"], "closing", answer).status_code == 200
    about = office.file(category="complaint", about={"kind": "section"})["number"]
    assert office.act("discipline", about, "closing", answer).status_code == 200

    def closed(name: str) -> str:
        [box] = clerk(office, name).get("/staff").tree.xpath("//nav[@class='boxes']/a[contains(.,'已办结')]")
        return " ".join(box.text_content().split())

    assert closed("window_a") == closed("window_head") == "1已办结"
    assert closed("general") == "2已办结"
    assert closed("business_a") == "0已办结"


def test_several_are_assigned_from_the_list_and_what_changed_meanwhile_is_named(office: Office) -> None:
    numbers = [office.file()["number"] for _ in range(3)]
    person = clerk(office, "window_head")
    page = person.get("/staff?box=section")
    form = page.values("/staff/assignments")
    ticks = {f"pick.{number}": "1" for number in numbers}
    assert not any(name.startswith("pick.") for name in form)
    for sent, told in (({}, "勾选"), (ticks, "由谁办理")):
        refused = person.submit(page, "/staff/assignments", 422, **sent)
        assert told in refused.errors[0]
    assert len(refused.tree.xpath("//input[starts-with(@name,'pick.')][@checked]")) == 3
    colleague = office.org.people["window_b"].id
    assert office.act("window_a", numbers[2], "confirmation", {}).status_code == 200
    partly = person.submit(refused, "/staff/assignments", 409, to_staff=colleague)
    assert "1 件没有分派" in partly.text
    assert "2 件已分派" in partly.text
    assert len(partly.errors) == 1
    done = person.submit(page, "/staff/assignments", **{f"pick.{numbers[2]}": "2"}, to_staff=colleague)
    assert "已分派 1 件" in done.text
    mine = office.staff("window_b").get("/staff/inquiries?box=section").json["items"]
    assert {item["number"] for item in mine if "测试" in item["holder_text"]} >= set(numbers)
    assert (
        not clerk(office, "window_a")
        .get("/staff?box=section")
        .tree.xpath("//input[starts-with(@name,'pick.')]")
    )


def test_who_is_away_and_who_stands_in_is_told(office: Office) -> None:
    with office.working() as work:
        set_absence(work, office.org.people["window_a"], starts_at=work.now)
    page = clerk(office, "window_b").get("/staff")
    assert "今天不在的 1 人" in page.text
    assert f"首问责任岗：{office.org.people['window_b'].name}" in page.text
    assert "今天不在" not in clerk(office, "business_a").get("/staff").text


def test_who_is_away_twice_over_is_one_person_until_the_later_end(office: Office) -> None:
    with office.working() as work:
        person = office.org.people["window_a"]
        set_absence(work, person, starts_at=work.now, ends_at=work.now + timedelta(hours=2))
        set_absence(work, person, starts_at=work.now, ends_at=work.now + timedelta(days=1))
        away = who_is_away(work, office.org.identity("window_b"))
        later = date_phrase(work.now + timedelta(days=1), work.now)
        assert away["count"] == 1
        assert [(one["name"], one["until_text"]) for one in away["people"]] == [(person.name, later)]
        set_absence(work, person, starts_at=work.now)
        [one] = who_is_away(work, office.org.identity("window_b"))["people"]
        assert one["until_text"] is None


def test_the_number_away_is_of_all_and_not_of_those_who_are_listed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_in, "MOST", 2)
    with office.working() as work:
        for name in ("window_a", "window_head", "business_a"):
            set_absence(work, office.org.people[name], starts_at=work.now)
    page = clerk(office, "general").get("/staff")
    assert "今天不在的 3 人" in page.text
    assert "还有 1 人没有列出" in page.text
