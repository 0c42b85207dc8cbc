"""`/staff/exports` and the ledger's files at the console."""

from __future__ import annotations

from tests.pages.visitor import clerk
from tests.support.app import Office
from tests.support.reading_files import pdf_pages, sheet_rows

REASON = "配合区纪委核查"


def test_a_section_takes_its_ledger_from_the_page_of_the_ledger(office: Office) -> None:
    office.file()
    window = clerk(office, "window_a")
    page = window.get("/staff/ledger")
    links = [a.get("href") for a in page.tree.xpath("//main//a") if ".xlsx" in a.get("href")]
    rows = sheet_rows(window.client.get(links[0]).data)
    assert [row["服务对象"] for row in rows] == ["王**"]


def test_the_page_of_exports_leads_to_every_book_and_kind_of_file(office: Office) -> None:
    office.file()
    general = clerk(office, "general")
    page = general.get("/staff/exports")
    books = page.tree.xpath("//select[@id='m-book']/option")
    assert books[0].get("value") == "unit"
    names = [book.text for book in books]
    assert names[0] == "总台账"
    assert office.org.window.section.name in names
    window = books[names.index(office.org.window.section.name)].get("value")
    for address in (f"/staff/ledger.pdf?book={window}&year=2026", "/staff/ledger.docx?book=unit&year=2026"):
        answer = general.client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "申请含姓名、电话的一份" in page.text
    assert "申请含姓名、电话的一份" not in clerk(office, "window_a").get("/staff/exports").text


def test_asked_by_one_allowed_by_another_taken_once(office: Office) -> None:
    office.file()
    general, discipline = clerk(office, "general"), clerk(office, "discipline")
    page = general.get("/staff/exports")
    wanting = general.submit(page, "/staff/exports", 422)
    assert wanting.errors == ["请选择哪一本。", "请选择哪一种文件。", "请写明事由。"]
    asked = general.submit(wanting, "/staff/exports", book="unit", format="pdf", reason=REASON)
    assert "等待批准" in asked.text
    assert "台账的导出（1 件待批准）" in discipline.get("/staff").text
    to_decide = discipline.get("/staff/exports")
    [action] = [action for action in to_decide.actions if action.endswith("/decision")]
    assert REASON in to_decide.text
    assert discipline.submit(to_decide, action, 422).errors == ["请选择批准还是不批准。"]
    assert "可以下载" not in general.get("/staff").text
    assert "等申请人下载" in discipline.submit(to_decide, action, decision="approved").text
    told = general.get("/staff")
    assert "1 份台账可以下载，截止 11月16日（周一）09:10。" in told.text
    assert told.tree.xpath("//p[@class='told']/a[@href='/staff/exports']")
    assert "可以下载" not in discipline.get("/staff").text
    ready = general.get("/staff/exports")
    [download] = [action for action in ready.actions if action.endswith("/download")]
    sent = ready.values(download)
    answer = general.client.post(download, data=sent)
    assert answer.mimetype == "application/pdf"
    assert "王小明" in pdf_pages(answer.data)[1]
    again = general.client.post(download, data=sent | {"idempotency_key": "another-key-of-sixteen"})
    assert again.status_code == 410
    assert "可以下载" not in general.get("/staff").text
    after = general.get("/staff/exports")
    assert "已经下载" in after.text
    assert [action for action in after.actions if action.endswith("/download")] == []


def test_a_thick_book_leads_to_where_its_progress_is_told(office: Office, monkeypatch) -> None:
    monkeypatch.setattr("backend.domain.exports.DIRECT_FORMS", 0)
    office.file()
    general = clerk(office, "general")
    answer = general.client.get("/staff/ledger.pdf?book=unit&year=2026")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/staff/exports#e-")
    assert "已完成 0 件，共 1 件" in general.get("/staff/exports").text


def test_where_forms_are_sent_is_no_page(office: Office) -> None:
    general = clerk(office, "general")
    answer = general.client.get(f"/staff/exports/{'0' * 32}/download")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/exports")


def test_who_reads_no_ledger_finds_no_exports(office: Office) -> None:
    assert clerk(office, "auditor").get("/staff/exports", 404)
