"""批量导入 at the console: the template, the upload, what was found, the say of who may, first passwords."""

from __future__ import annotations

import io

import pytest

from backend.services.imports import find_import, note_stopped
from backend.spreadsheets.apart import read_workbook
from tests.pages.visitor import Page, Visitor, clerk
from tests.support import workbooks
from tests.support.app import Office
from tests.support.importing import ROW, run_jobs

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])
HOME = "/staff/imports"


def upload(person: Visitor, page: Page, kind: str | None, data: bytes, status: int = 200) -> Page:
    values = page.values(HOME) | ({"kind": kind} if kind else {})
    sent = {**values, "file": (io.BytesIO(data), "2025年台账.xlsx")}
    answer = person.client.post(HOME, data=sent, content_type="multipart/form-data", follow_redirects=True)
    return person._look(answer, status)


@SQLITE
def test_the_general_post_brings_an_old_ledger_in(office: Office) -> None:
    general = clerk(office, "general")
    assert "批量导入" in general.get("/staff").text
    page = general.get(HOME)
    template = general.client.get(f"{HOME}/templates/ledger.xlsx")
    assert read_workbook(template.data, most_rows=5)[1].name == "台账"
    assert "attachment" in template.headers["Content-Disposition"]
    waiting = upload(general, page, "ledger", workbooks.ledger(ROW, ROW | {"首问内容": "第二件"}))
    assert "正在检查" in waiting.text
    assert [action.rsplit("/", 1)[1] for action in waiting.actions] == ["dropping"]
    run_jobs(office)
    [address] = general.get(HOME).tree.xpath("//main//h3/a/@href")
    checked = general.get(address)
    assert "等牵头部门确认" in checked.text
    assert [action.rsplit("/", 1)[1] for action in checked.actions] == ["dropping"]
    overseer = clerk(office, "overseer")
    assert "批量导入（1 件待同意）" in overseer.get("/staff").text
    listed = overseer.get(HOME)
    assert listed.actions == []
    assert office.org.unit.name in listed.text
    ready = overseer.get(address)
    assert ready.tree.xpath("//section[@aria-labelledby='counts-title']//div[dt='台账行']/dd/text()") == ["2"]
    running = overseer.submit(ready, "/approval")
    assert "0 / 2 行" in running.text
    run_jobs(office)
    done = general.get(address)
    assert "已导入" in done.text
    again = overseer.post(ready, "/approval")
    assert again.status_code in {200, 409}


@SQLITE
def test_an_import_that_stopped_is_never_called_nothing(office: Office) -> None:
    general = clerk(office, "general")
    upload(general, general.get(HOME), "ledger", workbooks.ledger(ROW, ROW | {"首问内容": "第二件"}))
    run_jobs(office)
    [address] = general.get(HOME).tree.xpath("//main//h3/a/@href")
    overseer = clerk(office, "overseer")
    overseer.submit(overseer.get(address), "/approval")
    identity = office.org.identity("general")
    with office.working(identity.actor) as work:
        file = find_import(work, identity, address.rsplit("/", 1)[1])
        file.done_count = 1
        note_stopped(work, file, "worker_died")
    stopped = general.get(address)
    assert "部分导入" in stopped.text
    assert "导入了 1 / 2 行" in stopped.text
    assert "什么都没有导入" not in stopped.text
    assert "接着导入" in stopped.text
    assert "1 / 2 行" in general.submit(stopped, "/resuming").text
    run_jobs(office)
    assert "已导入" in general.get(address).text


@SQLITE
def test_mistakes_are_listed_with_their_places(office: Office) -> None:
    general = clerk(office, "general")
    data = workbooks.ledger(ROW | {"首问方式": "托人"}, ROW | {"受理时间": "某天"})
    upload(general, general.get(HOME), "ledger", data)
    run_jobs(office)
    [address] = general.get(HOME).tree.xpath("//main//h3/a/@href")
    page = general.get(address)
    assert "2 处要改" in page.text
    lines = [line.text for line in page.tree.xpath("//section[@aria-labelledby='mistakes-title']//li")]
    assert lines[0].startswith("“台账”第 2 行“首问方式”：")
    assert lines[1].startswith("“台账”第 3 行“受理时间”：")
    assert page.actions == []


@SQLITE
def test_the_administrator_brings_people_in_and_hands_out_first_passwords(office: Office) -> None:
    admin = clerk(office, "sysadmin")
    unit = office.org.unit.name
    data = workbooks.workbook({"人员": [workbooks.STAFF, [unit, "业务科", "钱𪚥", "qxm", "公务员"]]})
    upload(admin, admin.get(HOME), "organisation", data)
    run_jobs(office)
    [address] = admin.get(HOME).tree.xpath("//main//h3/a/@href")
    admin.submit(admin.get(address), "/approval")
    run_jobs(office)
    done = admin.get(address)
    assert "看初始密码" in done.text
    slips = admin.get(f"{address}/passwords")
    assert "钱𪚥" in slips.text
    [password] = slips.tree.xpath("//li//p[3]/span/text()")
    assert (
        office.anybody.post("/staff/sessions", {"username": "qxm", "password": password}).status_code == 403
    )


@SQLITE
def test_each_imports_its_own_and_nothing_else(office: Office) -> None:
    general, admin = clerk(office, "general"), clerk(office, "sysadmin")
    upload(general, general.get(HOME), "ledger", workbooks.ledger(ROW))
    [address] = general.get(HOME).tree.xpath("//main//h3/a/@href")
    admin.get(address, 404)
    clerk(office, "neighbour_general").get(address, 404)
    handler = clerk(office, "window_a")
    handler.get(HOME, 404)
    assert HOME not in handler.get("/staff").tree.xpath("//a/@href")
    assert admin.client.get(f"{HOME}/templates/ledger.xlsx").status_code == 404
    forged = upload(admin, admin.get(HOME), "ledger", workbooks.ledger(ROW), 403)
    assert "没有这个权限" in forged.text


@SQLITE
def test_without_a_file_or_a_choice_the_form_says_so(office: Office) -> None:
    general = clerk(office, "general")
    page = general.get(HOME)
    empty = upload(general, page, "ledger", b"", 422)
    assert empty.errors == ["请选择要导入的文件。"]
