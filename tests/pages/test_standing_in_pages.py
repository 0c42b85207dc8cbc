"""AB岗 of the own posts: who enters who is away and who stands in (泸 二（二）2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domain.vocabulary import Employment
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import Absence, OrganisationChange, Post, Section, Unit
from backend.services.organising import create_section, create_staff, set_absence
from backend.services.posts import set_keepers
from tests.pages.visitor import Page, Visitor, clerk
from tests.queries.counting import statements
from tests.support.app import Office
from tests.support.organisation import LIGHT_COST

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
HOME = "/staff/absences"
PEOPLE = "//select[@name='staff']//option[@value!='']"


def moment(office: Office, **delta: float) -> str:
    """As a form sends it."""
    return f"{office.clock.now() + timedelta(**delta):%Y-%m-%dT%H:%M}"


def choosable(page: Page) -> set[str]:
    """Whose absences can be entered."""
    return set(page.tree.xpath(f"{PEOPLE}/@value"))


def choosing(person: Visitor, office: Office, post: Post) -> Page:
    return person.get(f"{HOME}/posts/{post.id}")


def test_who_heads_a_section_enters_absences_and_deputies(office: Office) -> None:
    head = clerk(office, "window_head")
    page = head.get(HOME)
    assert "综合窗口 首问责任岗" in page.text
    assert "业务科" not in page.text
    away = office.org.people["window_a"]
    entered = head.submit(page, HOME, staff=away.id, starts_at=moment(office, hours=-1))
    assert "不在岗" in entered.text
    assert f"登记{away.name}回岗" in entered.tree.xpath("//button/@aria-label")
    back = head.submit(entered, f"/people/{away.id}/back")
    assert "都在岗" in back.text
    deputy = office.org.people["window_head"]
    post = office.org.window.post
    assert f"{HOME}/posts/{post.id}#posts-title" in back.tree.xpath("//a/@href")
    chosen = head.submit(choosing(head, office, post), f"/posts/{post.id}", deputy_1=deputy.id)
    assert f"替岗 {deputy.name}" in chosen.text
    with office.looking() as work:
        assert work.session.scalars(select(Absence)).one().ends_at == office.clock.now()
        changed = work.session.scalars(
            select(OrganisationChange).where(OrganisationChange.by_id == deputy.id)
        ).all()
        assert len(changed) == 3


def test_a_plain_handler_enters_only_the_own_absence(office: Office) -> None:
    person = clerk(office, "business_head")
    page = person.get(HOME)
    other = office.org.people["window_a"]
    refused = person.submit(page, HOME, 422, staff=other.id, starts_at=moment(office))
    assert refused.errors == ["您的范围里没有这位工作人员。"]
    assert HOME not in clerk(office, "sysadmin").get("/staff").tree.xpath("//a/@href")


def test_a_deputy_sees_the_post_and_enters_nothing_but_the_own_absence(office: Office) -> None:
    deputy = clerk(office, "window_b")
    post = office.org.window.post
    page = deputy.get(HOME)
    assert "综合窗口 首问责任岗" in page.text
    assert not page.tree.xpath("//main//a[contains(@href,'/posts/')]")
    assert f"{HOME}/posts/{post.id}" not in choosing(deputy, office, post).actions
    assert choosable(page) == {office.org.people["window_b"].id}
    holder = office.org.people["window_a"]
    refused = deputy.submit(page, HOME, 422, staff=holder.id, starts_at=moment(office))
    assert refused.errors == ["您的范围里没有这位工作人员。"]
    own = clerk(office, "window_a")
    form = choosing(own, office, post)
    deputy.client.post(f"{HOME}/posts/{post.id}", data=form.values(f"/posts/{post.id}") | {"deputy_1": ""})
    with office.looking() as work:
        assert len(work.session.get_one(Post, post.id).deputies) == 1


def test_the_holder_of_a_post_enters_absences_of_its_deputies(office: Office) -> None:
    page = clerk(office, "window_a").get(HOME)
    assert choosable(page) == {office.org.people[name].id for name in ("window_a", "window_b")}


def test_nobody_who_heads_a_unit_arranges_who_keeps_its_discipline_post(office: Office) -> None:
    """Design 4: a complaint passes 机关纪委 where nobody is there, and comes to the general post."""
    post = office.org.discipline_post
    keeper, deputy = office.org.people["discipline"], office.org.people["business_b"]
    with office.working() as work:
        row = work.session.get_one(Post, post.id)
        set_keepers(work, row, row.holder, [deputy])
    for name in ("general", "principal"):
        person = clerk(office, name)
        page = person.get(HOME)
        assert "机关纪委" not in page.text
        assert not {keeper.id, deputy.id} & choosable(page)
        for one in (keeper, deputy):
            refused = person.submit(page, HOME, 422, staff=one.id, starts_at=moment(office, hours=-1))
            assert refused.errors == ["您的范围里没有这位工作人员。"]
        assert f"{HOME}/posts/{post.id}" not in choosing(person, office, post).actions
    general = clerk(office, "general")
    own = choosing(general, office, office.org.general_post)
    ending = f"/posts/{office.org.general_post.id}"
    sent = own.values(ending) | {"deputy_1": office.org.people["general"].id}
    assert general.client.post(f"{HOME}/posts/{post.id}", data=sent).status_code == 404
    number = office.file(category="complaint", about={"kind": "section"})["number"]
    todo = office.staff("general").get("/staff/inquiries?box=todo").json["items"]
    assert number not in [one["number"] for one in todo]


def test_the_general_post_chooses_no_deputies_of_a_discipline_post_it_stands_in_for(office: Office) -> None:
    with office.working() as work:
        row = work.session.get_one(Post, office.org.discipline_post.id)
        set_keepers(work, row, row.holder, [office.org.people["general"]])
    page = choosing(clerk(office, "general"), office, office.org.discipline_post)
    assert "机关纪委" in page.text
    assert f"{HOME}/posts/{office.org.discipline_post.id}" not in page.actions


def test_who_keeps_the_discipline_post_enters_it_all(office: Office) -> None:
    keeper = clerk(office, "discipline")
    post, deputy = office.org.discipline_post, office.org.people["business_b"]
    chosen = keeper.submit(choosing(keeper, office, post), f"/posts/{post.id}", deputy_1=deputy.id)
    assert f"替岗 {deputy.name}" in chosen.text
    assert choosable(chosen) == {office.org.people["discipline"].id, deputy.id}


def test_a_planned_absence_is_taken_back_before_it_begins(office: Office) -> None:
    person = clerk(office, "window_a")
    me = office.org.people["window_a"]
    planned = person.submit(person.get(HOME), HOME, staff=me.id, starts_at=moment(office, days=3))
    [ending] = [one for one in planned.actions if one.endswith("/cancel")]
    assert not [one for one in planned.actions if one.endswith("/back")]
    none = person.submit(planned, ending)
    assert "都在岗" in none.text
    again = person.submit(planned, ending, 422, idempotency_key="another-key-000000000001")
    assert "没有这次不在岗" in again.text
    with office.looking() as work:
        assert work.session.scalars(select(Absence)).all() == []
        told = work.session.scalars(
            select(OrganisationChange).where(OrganisationChange.kind == ChangeKind.ABSENCE_ENDED)
        ).one()
        assert told.by_id == me.id
        assert told.facts["cancelled"] is True


def test_nobody_takes_back_what_has_begun_nor_what_is_not_within_reach(office: Office) -> None:
    with office.working() as work:
        soon = work.now + timedelta(hours=1)
        set_absence(work, office.org.people["window_a"], starts_at=soon)
        other = set_absence(work, office.org.people["business_a"], starts_at=soon).id
    person = clerk(office, "window_a")
    page = person.get(HOME)
    [ending] = [one for one in page.actions if one.endswith("/cancel")]
    forged = person.client.post(f"{HOME}/plans/{other}/cancel", data=page.values(ending))
    assert forged.status_code == 422
    office.clock.forward(hours=2)
    assert "已经开始" in person.submit(page, ending, 422).text
    with office.looking() as work:
        assert len(work.session.scalars(select(Absence)).all()) == 2


def crowd(office: Office, count: int) -> None:
    """Many of one name, every third of them planning to be away; half of them in sections of their own."""
    with office.working() as work:
        unit = work.session.get_one(Unit, office.org.unit.id)
        window = work.session.get_one(Section, office.org.window.section.id)
        for place in range(count):
            section = create_section(work, unit, name=f"第{place}科") if place % 2 else window
            person = create_staff(
                work,
                unit=unit,
                section=section,
                username=f"zw-{place}",
                name="张伟",
                employment=Employment.CIVIL_SERVANT,
                password=office.org.password,
                cost=LIGHT_COST,
            )
            if place % 3 == 0:
                set_absence(work, person, starts_at=work.now + timedelta(days=1))


def test_forty_people_more_cost_no_more_queries_and_are_told_apart(office: Office) -> None:
    person = clerk(office, "general")

    def cost() -> int:
        with statements(office) as sent:
            person.get(HOME)
        return len(sent)

    before = cost()
    crowd(office, 40)
    assert cost() == before <= 16
    page = person.get(HOME)
    names = page.tree.xpath(f"{PEOPLE}/text()")
    assert len(names) == len(set(names))
    assert "张伟（zw-3）" in names
    assert "综合窗口" in page.tree.xpath("//select[@name='staff']/optgroup/@label")
    assert len(page.tree.xpath("//option")) < 70, "each person once"
