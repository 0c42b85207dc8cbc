"""The organisation's pages for its administrator, and AB岗 for those who keep posts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domain.vocabulary import Employment, Role, SectionKind
from backend.models import Absence, Inquiry, Post, Section, Staff, Unit
from backend.services.administering import LEAD_OFFICE_REFUSED
from backend.services.holdings import live_holding
from backend.services.organising import create_staff, grant_role
from tests.pages.visitor import Page, Visitor, clerk, visitor
from tests.support.app import Office
from tests.support.organisation import LIGHT_COST

ROOT = "/staff/organisation"
SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])


def unit_page(admin: Visitor, office: Office) -> Page:
    return admin.get(f"{ROOT}/units/{office.org.unit.id}")


def person_page(admin: Visitor, office: Office, name: str) -> Page:
    return admin.get(f"{ROOT}/staff/{office.org.people[name].id}")


def given_to_window_b(office: Office) -> str:
    number = office.file()["number"]
    person = office.org.people["window_b"]
    assert office.act("window_head", number, "assignment", {"to_staff": person.id}).status_code == 200
    return number


def test_the_tree_leads_to_every_unit_within_reach_and_to_no_other(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    home = admin.get("/staff")
    assert "单位、岗位和人员" in home.text
    tree = admin.get(ROOT)
    for unit in (office.org.lead, office.org.unit, office.org.neighbour):
        assert unit.name in tree.text
    assert office.org.lu_unit.name not in tree.text
    admin.get(f"{ROOT}/units/{office.org.lu_unit.id}", 404)
    admin.get(f"{ROOT}/staff/{office.org.people['lu_general'].id}", 404)


@SQLITE
def test_nobody_else_finds_the_pages_and_the_administrator_finds_no_inquiry(office: Office) -> None:
    """Design 1: sysadmin, organisation only; any inquiry 404."""
    for name in ("general", "principal", "overseer"):
        person = clerk(office, name)
        person.get(ROOT, 404)
        person.get(f"{ROOT}/units/{office.org.unit.id}", 404)
        person.get(f"{ROOT}/changes", 404)
        assert ROOT not in person.get("/staff").tree.xpath("//a/@href")
    number = office.file()["number"]
    admin = clerk(office, "sysadmin")
    admin.get(f"/staff/inquiries/{number}", 404)
    auditor = clerk(office, "auditor")
    assert "组织变动记录" in auditor.get(f"{ROOT}/changes").title
    auditor.get(ROOT, 404)


@SQLITE
def test_the_five_levels_stand_on_one_page_with_what_is_missing(office: Office) -> None:
    """泸 一, 附件1第8项, 附件1第9项, 附件1第10项, 附件1第11项: 主要领导 apart from 分管领导."""
    admin = clerk(office, "sysadmin")
    page = unit_page(admin, office)
    principal, deputy = office.org.people["principal"].name, office.org.people["deputy_leader"].name
    levels = page.tree.xpath("//ol[contains(@class,'levels')]/li")
    said = [" ".join(level.text_content().split()) for level in levels]
    titles = ["主要领导", "分管领导", "专门科（股）室", "各科（股）室", "干部职工"]
    assert [level.findtext("h3") for level in levels] == titles
    assert principal in said[0]
    assert deputy not in said[0]
    assert re.search(f"{deputy}.*分管 业务科、综合窗口", said[1])
    assert "首问责任总岗" in said[2]
    assert "空科室没有设首问责任岗" in page.text
    assert "这些科室没有分管领导：办公室、空科室。" in page.text
    assert "本系统提供" in page.text, "坛 knows no five levels"


@SQLITE
def test_a_unit_grows_by_the_forms_and_every_step_is_on_record(office: Office) -> None:
    office.clock.forward(minutes=1)  # what is done now is newest on the record
    admin = clerk(office, "sysadmin")
    page = unit_page(admin, office)
    section = admin.submit(page, "/section", name="法规科", kind="office")
    assert section.title == "法规科"
    page = unit_page(admin, office)
    person = admin.submit(page, "/staff", name="钱小满", username="qxm", employment="contract")
    [password] = person.tree.xpath(
        "//*[@id='secrets-title']/following-sibling::p[contains(@class,'slip__number')]"
    )
    assert re.fullmatch(r"[0-9a-z]{4}(-[0-9a-z]{4}){3}", password.text)
    with office.looking() as work:
        row = work.session.scalars(select(Section).where(Section.name == "法规科")).one()
        newcomer = work.session.scalars(select(Staff).where(Staff.username == "qxm")).one()
        place = f"{office.org.unit.id}/{row.id}"
    moved = admin.submit(person, "/move", place=place)
    assert "工作人员 法规科" in moved.text.replace("\u3000", " ")
    page = unit_page(admin, office)
    post = admin.submit(page, "/post", kind="section", section=row.id, holder=newcomer.id, location="五楼")
    assert post.title == "首问责任岗"
    signed = admin.submit(post, "/sign", location="门口")
    assert "门口" in signed.text
    told = admin.get(f"{ROOT}/changes").text
    for word in ("新建科室", "新建人员", "调动", "设岗", "发岗牌", "授予角色"):
        assert word in told
    assert office.org.people["sysadmin"].name in told
    with office.looking() as work:
        kept = work.session.scalars(select(Post).where(Post.section_id == row.id)).one()
        assert kept.holder_id == newcomer.id
        assert Role.POST_HOLDER in {grant.role for grant in work.session.get_one(Staff, newcomer.id).grants}


@SQLITE
def test_a_wrong_form_comes_back_as_it_was_filled_in(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = unit_page(admin, office)
    wrong = admin.submit(page, "/staff", 422, name="钱小满", username="短", employment="contract")
    assert wrong.errors == ["用户名是 3 到 32 个英文字母、数字、点、横线。"]
    assert wrong.values("/staff")["name"] == "钱小满"
    taken = admin.submit(wrong, "/staff", 422, username="window-a")
    assert taken.errors == ["这个用户名已经有人使用。"]
    empty = admin.submit(page, "/section", 422)
    assert empty.errors == ["请填写科室名称。", "请选择是科室、窗口还是办事机构。"]
    twice = admin.submit(page, "/post", 422, kind="general")
    assert twice.errors == ["已经设有首问责任总岗。"]


def test_disabling_somebody_with_cases_lists_them_and_takes_an_heir(office: Office) -> None:
    """B-5: 409 with the list; with `reassign_to` all of it moves in one step."""
    number = given_to_window_b(office)
    admin = clerk(office, "sysadmin")
    page = person_page(admin, office, "window_b")
    assert "1 件" in page.text
    assert page.tree.xpath("//main//li/span[@class='code']/text()")
    refused = admin.submit(page, "/disable", 409)
    assert "名下还有未办结的事项" in refused.text
    heir = office.org.people["window_a"]
    done = admin.submit(refused, "/disable", reassign_to=heir.id)
    assert "已停用" in done.text
    assert "没有。" in done.text
    with office.looking() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        holding = live_holding(work.session, inquiry)
        assert holding is not None
        assert holding.staff_id == heir.id
    restored = admin.submit(done, "/restore")
    assert "恢复账号" not in restored.text


@SQLITE
def test_who_is_disabled_or_moved_is_signed_out_at_once(office: Office) -> None:
    person = clerk(office, "business_b")
    assert person.get("/staff").title
    admin = clerk(office, "sysadmin")
    place = f"{office.org.unit.id}/{office.org.office.section.id}"
    admin.submit(person_page(admin, office, "business_b"), "/move", place=place)
    assert person.get("/staff").title == "登录工作台"


@SQLITE
def test_powers_stay_apart_and_nobody_gives_themselves_any(office: Office) -> None:
    """F-6."""
    admin = clerk(office, "sysadmin")
    page = person_page(admin, office, "overseer")
    refused = admin.submit(page, "/grant", 409, role="auditor")
    assert "不能同时担任" in refused.text
    own = person_page(admin, office, "sysadmin")
    assert not [one for one in own.actions if one.endswith(("/grant", "/move", "/disable", "/revoke"))]
    forged = admin.post(page, "/grant", role="section_head", section=office.org.window.section.id)
    assert forged.status_code == 422, "a section of another unit"
    with office.looking() as work:
        granted = work.session.get_one(Staff, office.org.people["overseer"].id).grants
        assert {grant.role for grant in granted} == {Role.OVERSEER}


def own_administrator(office: Office) -> Visitor:
    """Somebody who administers the unit itself and nothing above it."""
    with office.working() as work:
        staff = create_staff(
            work,
            unit=work.session.get_one(Unit, office.org.unit.id),
            username="small-admin",
            name="小管",
            employment=Employment.CIVIL_SERVANT,
            password=office.org.password,
            cost=LIGHT_COST,
        )
        grant_role(work, staff, Role.SYSADMIN)
    person = visitor(office)
    person.submit(
        person.get("/staff/login"), "/staff/login", username="small-admin", password=office.org.password
    )
    return person


@SQLITE
def test_the_administrator_of_a_unit_cannot_make_it_a_lead_office_and_run_the_unit_above(
    office: Office,
) -> None:
    admin = own_administrator(office)
    page = unit_page(admin, office)
    assert "牵头部门" not in page.form("/post").xpath(".//option/text()")
    refused = admin.submit(page, "/post", 422, kind="oversight")
    assert refused.errors == [LEAD_OFFICE_REFUSED]
    principal = person_page(admin, office, "principal")
    assert "牵头部门" not in principal.form("/grant").xpath(".//option/text()")
    assert admin.submit(principal, "/grant", 422, role="overseer").errors == [LEAD_OFFICE_REFUSED]
    admin.get(f"{ROOT}/units/{office.org.lead.id}", 404)
    admin.get(f"{ROOT}/units/{office.org.neighbour.id}", 404)


@SQLITE
def test_the_administrator_above_makes_a_unit_a_lead_office(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    made = admin.submit(unit_page(admin, office), "/post", kind="oversight")
    assert made.title == "牵头部门"


@SQLITE
def test_a_role_is_revoked_from_the_list(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = person_page(admin, office, "window_head")
    with office.looking() as work:
        grants = {
            g.role: g.id for g in work.session.get_one(Staff, office.org.people["window_head"].id).grants
        }
    [form] = page.tree.xpath(f"//form[.//input[@value='{grants[Role.SECTION_HEAD]}']]")
    sent = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    answer = admin.client.post(form.get("action"), data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "科室负责人" not in person_page(admin, office, "window_head").tree.xpath("string(//section[1]/ul)")


@SQLITE
def test_a_section_is_changed_and_closed_only_when_empty(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = admin.get(f"{ROOT}/sections/{office.org.empty_section.id}")
    changed = admin.submit(page, "/change", name="信访接待室", kind="agency", is_dedicated="true")
    assert "专门科室" in changed.text
    with office.looking() as work:
        assert work.session.get_one(Section, office.org.empty_section.id).kind is SectionKind.AGENCY
        assert not work.session.get_one(Section, office.org.office.section.id).is_dedicated
    busy = admin.submit(admin.get(f"{ROOT}/sections/{office.org.window.section.id}"), "/close", 422)
    assert "在用的工作人员" in busy.text
    closed = admin.submit(changed, "/close")
    assert "已撤销" in closed.text
    assert closed.actions == []


@SQLITE
def test_a_unit_with_open_cases_stays_and_another_place_in_the_tree_is_taken(office: Office) -> None:
    """B-6."""
    office.file()
    admin = clerk(office, "sysadmin")
    page = unit_page(admin, office)
    refused = admin.submit(page, "/close", 409)
    assert "还有没有办结的事项" in refused.text
    moved = admin.submit(refused, "/change", parent=office.org.neighbour.id, closes_at="17:00")
    assert f"上级 {office.org.neighbour.name}" in moved.text
    with office.looking() as work:
        unit = work.session.get_one(Unit, office.org.unit.id)
        assert (unit.parent_id, str(unit.closes_at)) == (office.org.neighbour.id, "17:00:00")


def test_a_first_password_opens_nothing_but_the_page_to_replace_it(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = admin.submit(person_page(admin, office, "window_b"), "/reset")
    [password] = page.tree.xpath("//p[contains(@class,'slip__number')]/text()")
    body = {"username": "window-b", "password": password}
    api = office.anybody.post("/staff/sessions", body)
    assert (api.status_code, api.json["code"]) == (403, "password_change_required")
    person = visitor(office)
    first = person.submit(person.get("/staff/login"), "/staff/login", **body)
    assert first.title == "换成自己的密码"
    assert person.get("/staff/register").title == "换成自己的密码"
    poor = person.submit(first, "/staff/password", 422, old_password=password, new_password="短", again="短")
    assert poor.errors == ["新密码要 12 到 128 个字符。"]
    own = "自己想的一句长长的话没人知道"
    wrong = person.submit(first, "/staff/password", 422, old_password="不是", new_password=own, again=own)
    assert wrong.errors == ["现在的密码不对。"]
    home = person.submit(wrong, "/staff/password", old_password=password, new_password=own, again=own)
    assert home.title != "换成自己的密码"
    assert office.anybody.post("/staff/sessions", body | {"password": own}).status_code == 201


@SQLITE
def test_the_double_click_makes_one_person(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = unit_page(admin, office)
    values = {"name": "钱小满", "username": "qxm", "employment": "contract"}
    once = admin.submit(page, "/staff", **values)
    again = admin.submit(page, "/staff", **values)
    assert once.title == again.title == "钱小满"


@SQLITE
def test_the_administrator_takes_a_planned_absence_back(office: Office) -> None:
    office.clock.forward(minutes=1)  # what is done now is newest on the record
    admin = clerk(office, "sysadmin")
    start = f"{office.clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    planned = admin.submit(person_page(admin, office, "discipline"), "/absence", starts_at=start)
    assert not [one for one in planned.actions if one.endswith("/back")]
    done = admin.submit(planned, "/cancel")
    assert not [one for one in done.actions if one.endswith("/cancel")]
    with office.looking() as work:
        assert work.session.scalars(select(Absence)).all() == []
    assert "还没有开始，取消：是" in admin.get(f"{ROOT}/changes").text


@SQLITE
def test_a_disabled_leader_is_found_on_the_page_of_the_unit_and_restored(office: Office) -> None:
    """Who is in no section is on no other page."""
    admin = clerk(office, "sysadmin")
    leader = office.org.people["deputy_leader"]
    assert "已停用的" not in unit_page(admin, office).text
    admin.submit(person_page(admin, office, "deputy_leader"), "/disable")
    page = unit_page(admin, office)
    assert "已停用的 1 个账号" in page.text
    assert f"{ROOT}/staff/{leader.id}" in page.tree.xpath("//details[@class='more']//a/@href")
    admin.submit(person_page(admin, office, "deputy_leader"), "/restore")
    page = unit_page(admin, office)
    assert "已停用的" not in page.text
    assert f"{ROOT}/staff/{leader.id}" in page.tree.xpath("//a/@href")


@SQLITE
def test_the_qr_code_of_a_live_sign_is_beside_it(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = admin.get(f"{ROOT}/posts/{office.org.window.post.id}")
    links = page.tree.xpath("//a[contains(@href,'/qr.svg')]/@href")
    assert links == [f"/s/{office.org.window.sign.code}/qr.svg"]
    assert admin.client.get(links[0]).mimetype == "image/svg+xml"
    without = admin.get(f"{ROOT}/posts/{office.org.discipline_post.id}")
    assert "flask" not in without.text


@SQLITE
def test_a_move_to_another_unit_chooses_the_unit_first(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    page = person_page(admin, office, "window_b")
    places = "//select[@name='place']//option/@value"
    unit, neighbour = office.org.unit, office.org.neighbour
    assert {value.partition("/")[0] for value in page.tree.xpath(places) if value} == {unit.id}
    assert office.org.lu_unit.id not in page.tree.xpath("//select[@name='to']//option/@value")
    address = f"{ROOT}/staff/{office.org.people['window_b'].id}"
    chosen = admin.get(f"{address}?to={neighbour.id}")
    assert {value.partition("/")[0] for value in chosen.tree.xpath(places) if value} == {neighbour.id}
    place = f"{neighbour.id}/{office.org.neighbour_window.section.id}"
    refused = admin.submit(chosen, "/move", 422, place=place, reassign_to="nobody")
    assert refused.values("/move")["place"] == place
    moved = admin.submit(refused, "/move", reassign_to="")
    assert "社会保险科" in moved.text
    for foreign in (office.org.lu_unit.id, "nothing", "%00"):
        shown = admin.get(f"{address}?to={foreign}")
        assert {value.partition("/")[0] for value in shown.tree.xpath(places) if value} == {neighbour.id}


@SQLITE
def test_somebody_is_found_by_a_part_of_the_name_within_reach_alone(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    people = office.org.people
    admin.submit(person_page(admin, office, "deputy_leader"), "/disable")

    def found(words: str) -> Page:
        return admin.get(f"{ROOT}?find={words}")

    links = found("WINDOW-").tree.xpath("//h2/a/@href")
    assert f"{ROOT}/staff/{people['window_a'].id}" in links
    assert f"{ROOT}/staff/{people['lu_window_a'].id}" not in links
    leader = found(people["deputy_leader"].name)
    assert leader.tree.xpath("//h2/a/text()") == [people["deputy_leader"].name]
    assert "已停用" in leader.text
    for words in ("没有这个人", "%25", "_"):
        assert "没有找到" in found(words).text
    for words in ("", "%00", "%20"):
        assert office.org.unit.name in found(words).text
