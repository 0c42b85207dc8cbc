"""Thick books, made a volume at a time by jobs, taken once and swept up."""

from __future__ import annotations

import io
import zipfile
from threading import Event

import pytest
from sqlalchemy import func, select

from backend.delivery import exporting
from backend.delivery.exporting import print_volume, sweep
from backend.delivery.handlers import HANDLERS
from backend.delivery.worker import Worker
from backend.domain.vocabulary import Role
from backend.exports.printing import PrintBusy
from backend.models import BlobChunk, ExportRequest, ExportVolume, OutboxItem, Staff
from backend.services.exports import PRINT_LEDGER
from tests.support.reading_files import pdf_pages, word_forms


@pytest.fixture
def office(office):
    """The office as the API's tests have it."""
    return office.office


@pytest.fixture
def thick(monkeypatch):
    """A book of three lines is thick here, and is bound in volumes of two."""
    monkeypatch.setattr("backend.domain.exports.DIRECT_FORMS", 2)
    monkeypatch.setattr("backend.domain.exports.VOLUME_FORMS", 2)
    monkeypatch.setattr("backend.delivery.exporting.VOLUME_FORMS", 2)


@pytest.fixture
def three(office, thick):
    numbers = []
    for n in range(3):
        numbers.append(office.file(content=f"第{n}件", contact={"name": "王小明"})["display_number"])
        office.clock.forward(minutes=1)
    return numbers


def worker(office):
    return Worker(office.app, Event(), (), {("job", PRINT_LEDGER): HANDLERS["job", PRINT_LEDGER]})


def work_off(office, rounds=5):
    busy = worker(office)
    return sum(busy.round() for _ in range(rounds))


def start(office, ending="pdf", name="general"):
    answer = office.staff(name).get(f"/staff/ledger.{ending}?scope=unit")
    assert answer.status_code == 202, answer.json
    assert answer.headers["Location"] == answer.json["href"]
    return answer.json["id"]


def seen(office, export_id, name="general"):
    return office.staff(name).get(f"/staff/exports/{export_id}").json


def take(office, export_id, name="general"):
    return office.staff(name).post(f"/staff/exports/{export_id}/download")


def counted(office, table):
    with office.looking() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_a_thick_book_is_made_by_a_job_and_tells_how_far_it_is(office, three):
    export_id = start(office)
    assert (seen(office, export_id)["state"], seen(office, export_id)["volumes"]) == ("making", 2)
    worker(office).round()
    assert (seen(office, export_id)["state"], seen(office, export_id)["done"]) == ("making", 2)
    work_off(office)
    ready = seen(office, export_id)
    assert (ready["state"], ready["done"], ready["may_download"]) == ("ready", 3, True)
    answer = take(office, export_id)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        volumes = [pdf_pages(archive.read(name)) for name in names]
    assert [name.rpartition("-")[2] for name in names] == ["第1册.pdf", "第2册.pdf"]
    assert ["第1册，共2册" in pages[0] for pages in volumes] == [True, False]
    assert [sum(f"编号{number}" in "".join(pages) for number in three) for pages in volumes] == [2, 1]
    assert take(office, export_id).json["code"] == "export_taken"


def test_asked_again_the_same_book_is_not_made_twice(office, three):
    assert start(office) == start(office)
    work_off(office)
    assert counted(office, ExportVolume) == 2
    assert start(office) == start(office)
    assert start(office, "docx") != start(office)


def test_one_volume_is_the_file_itself(office, three, monkeypatch):
    monkeypatch.setattr("backend.domain.exports.VOLUME_FORMS", 10)
    monkeypatch.setattr("backend.delivery.exporting.VOLUME_FORMS", 10)
    export_id = start(office, "docx")
    work_off(office)
    answer = take(office, export_id)
    assert "wordprocessingml" in answer.mimetype
    assert [form[4][1] for form in word_forms(answer.data)] == ["第0件", "第1件", "第2件"]


def test_a_thick_copy_with_names_is_made_after_leave_and_marked_on_every_page(office, three):
    body = {"scope": "unit", "year": 2026, "format": "pdf", "reason": "配合核查"}
    export_id = office.staff("general").post("/staff/exports", body).json["id"]
    assert work_off(office) == 0
    allowed = office.staff("discipline").post(
        f"/staff/exports/{export_id}/decision", {"decision": "approved"}
    )
    assert allowed.json["state"] == "making"
    work_off(office)
    with zipfile.ZipFile(io.BytesIO(take(office, export_id).data)) as archive:
        pages = [page for name in archive.namelist() for page in pdf_pages(archive.read(name))]
    assert sum("王小明" in page for page in pages) == 3
    assert all("事由：配合核查" in page for page in pages)


def test_what_is_kept_of_it_is_sealed_and_destroyed_in_time(office, three):
    export_id = start(office)
    work_off(office)
    blobs = [path for path in office.settings.blobs_dir.rglob("*") if path.is_file()]
    chunks = counted(office, BlobChunk)
    assert len(blobs) == 2 or chunks >= 2
    assert all(b"%PDF" not in path.read_bytes() for path in blobs)
    office.clock.forward(hours=24)
    with office.app.app_context():
        sweep(Event())
    Worker(office.app, Event(), (), HANDLERS).round()
    assert seen(office, export_id)["state"] == "expired"
    assert (counted(office, ExportVolume), counted(office, BlobChunk)) == (0, 0)
    assert [path for path in office.settings.blobs_dir.rglob("*") if path.is_file()] == []
    assert take(office, export_id).json["code"] == "export_expired"


def test_a_volume_that_was_made_twice_is_kept_once(office, three):
    export_id = start(office)
    with office.looking() as work:
        item = work.session.scalars(select(OutboxItem).where(OutboxItem.topic == PRINT_LEDGER)).one()
    for _ in range(2):
        with office.app.app_context():
            print_volume(item)
    assert counted(office, ExportVolume) == 1
    assert seen(office, export_id)["done"] == 2


def test_a_print_that_failed_is_tried_again(office, three, monkeypatch):
    export_id = start(office)
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "printed", lambda *_: (_ for _ in ()).throw(PrintBusy()))
        worker(office).round()
    assert seen(office, export_id)["state"] == "making"
    office.clock.forward(minutes=1)
    work_off(office)
    assert seen(office, export_id)["state"] == "ready"


def test_a_broken_template_ends_it_and_says_so(office, three):
    office.settings.templates_dir.mkdir()
    (office.settings.templates_dir / "ledger.docx").write_bytes(b"no word file")
    export_id = start(office, "docx")
    work_off(office)
    ended = seen(office, export_id)
    assert (ended["state"], ended["problem"]) == ("failed", "单位自己的 Word 模板有错，请改好后重新导出")
    assert take(office, export_id).json["code"] == "export_not_ready"


def test_who_may_not_read_the_book_any_more_gets_none(office, three):
    export_id = start(office)
    with office.working() as work:
        person = work.session.get_one(Staff, office.org.people["general"].id)
        for grant in [grant for grant in person.grants if grant.role is Role.GENERAL_POST]:
            work.session.delete(grant)
    work_off(office)
    with office.looking() as work:
        assert work.session.get_one(ExportRequest, export_id).problem == "not_allowed"


def test_what_is_not_made_within_a_day_has_failed(office, three):
    export_id = start(office)
    office.clock.forward(hours=24)
    assert seen(office, export_id)["state"] == "failed"
    with office.app.app_context():
        sweep(Event())
    assert work_off(office) >= 1
    assert seen(office, export_id)["problem"] == "一直没有做完，请重新导出"
    assert counted(office, ExportVolume) == 0
