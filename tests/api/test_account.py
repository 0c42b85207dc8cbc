"""A person has everything destroyed that says who they are; what was done stays, and the chain stays whole."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.database import reading
from backend.domain.vocabulary_contact import ConsentSource, ErasureReason
from backend.models import (
    AccessSession,
    Attachment,
    BlobChunk,
    Citizen,
    Consent,
    FollowUp,
    InquiryText,
    StaffBinding,
    WechatAccount,
)
from backend.services.consents import record_results
from backend.services.erasing import PHOTOS, erase_files
from backend.services.verifying import verify_ledgers
from tests.api.contract import CheckedClient
from tests.pages.visitor import clerk, visitor
from tests.support.app import Api, Office, Templates, new_key
from tests.support.databases import close_connections
from tests.support.fake_wechat import openid_of
from tests.support.pushes import listening_office, work_off
from tests.vault.media_samples import encoded, picture

NAME, PHONE, FILE = "金丝雀孔令仪", "13911110000", "金丝雀的身份证.png"
WORDS = "三单元的水管漏了"


@pytest.fixture(params=["files", "rows"])
def office(templates: Templates, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with listening_office(templates, "sqlite", tmp_path / "office", blob_store=request.param) as made:
        made.app.test_client_class = CheckedClient
        yield made


def told(office: Office, api: Api) -> dict[str, Any]:
    """An inquiry with everything a person can leave, answered and closed."""
    body = {
        "sign": office.org.window.sign.code,
        "category": "consult",
        "content": WORDS,
        "contact": {"name": NAME, "phone": PHONE},
    }
    filed: dict[str, Any] = api.post("/inquiries", body).json
    number = filed["number"]
    for data, name in ((encoded(picture(8, 8), "PNG"), FILE), (encoded(picture(9, 9), "JPEG"), "二.jpg")):
        sent = api.client.post(
            f"/api/v1/inquiries/{number}/attachments",
            data={"file": (io.BytesIO(data), name)},
            headers=api.headers | {"Idempotency-Key": new_key()},
            content_type="multipart/form-data",
        )
        assert sent.status_code == 201, sent.json
    closed = office.act("window_a", number, "closing", {"outcome": "answered", "reply": "已经派人去修"})
    assert closed.status_code == 200, closed.json
    return filed


def rows(office: Office, kind: type[Any]) -> list[Any]:
    with office.looking() as work:
        return list(work.session.scalars(select(kind)))


def secrets_of(office: Office) -> dict[str, bytes]:
    """Whatever must not be found anywhere afterwards: in clear, sealed, or as an index."""
    [citizen], [account] = rows(office, Citizen), rows(office, WechatAccount)
    names = {row.id: row for row in rows(office, InquiryText)}
    files = rows(office, Attachment)
    found = {
        "name": NAME.encode(),
        "phone": PHONE.encode(),
        "openid": openid_of("wang").encode(),
        "sealed name": citizen.name_sealed,
        "sealed phone": citizen.phone_sealed,
        "key of the contact": citizen.wrapped_key,
        "index of the phone": citizen.phone_index.encode(),
        "index of the tail": citizen.phone_tail_index.encode(),
        "sealed openid": account.openid_sealed,
        "key of the account": account.wrapped_key,
        "index of the openid": account.openid_index.encode(),
        "name of the file": names[files[0].file_name_text_id].sealed,
    }
    chunks = rows(office, BlobChunk)
    return found | {f"content {n}": chunk.sealed for n, chunk in enumerate(chunks)}


def everything(office: Office) -> bytes:
    """All that lies in DATA_DIR and the database, once the log is written back."""
    close_connections(office.app)
    path = Path(office.settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    folders = [*office.settings.data_dir.rglob("*"), *path.parent.glob(f"{path.name}*")]
    return b"".join(one.read_bytes() for one in folders if one.is_file())


def test_nothing_of_the_person_is_left_and_the_chain_is_whole(office: Office) -> None:
    api = office.citizen_session("wang")
    filed = told(office, api)
    [account] = rows(office, WechatAccount)
    with office.working() as work:
        record_results(work, account.id, {"result": "accept"}, ConsentSource.CLIENT, frozenset())
    secrets = secrets_of(office)
    before = everything(office)
    assert {name for name, value in secrets.items() if value in before} == set(secrets) - {
        "name",
        "phone",
        "openid",
    }
    files = [path for path in office.settings.blobs_dir.rglob("*") if path.is_file()]

    answer = api.delete("/account")
    assert (answer.status_code, answer.json["inquiries"]) == (200, 1)
    assert "依规定" in answer.json["kept"]
    work_off(office)

    after = everything(office)
    assert [name for name, value in secrets.items() if value in after] == []
    assert not [path for path in files if path.exists()]
    assert len(files) == (2 if office.settings.blob_store == "files" else 0)
    with office.app.app_context(), reading() as session:
        signer = office.app.extensions["shouwen_tools"].signer
        assert all(report.is_whole for report in verify_ledgers(session, signer))

    # What was asked and done is still there, without whom it concerns.
    shown = office.staff("window_a").get(f"/staff/inquiries/{filed['number']}").json
    assert (shown["content"], shown["reply"]["text"]) == (WORDS, "已经派人去修")
    assert (shown["contact"]["erased"], shown["contact"]["name"], shown["contact"]["phone"]) == (
        True,
        None,
        None,
    )
    assert [file["erased"] for file in shown["attachments"]] == [True, True]
    [entry] = [entry for entry in shown["timeline"] if entry["event"] == "erased"]
    assert entry["title"] == (
        "本人要求，已删除微信身份、姓名和联系方式、照片和文件；事项的内容和办理经过依规定留存"
    )
    assert entry["by"] == "服务对象"


def test_whatever_hung_on_the_account_has_ended(office: Office) -> None:
    api, other = office.citizen_session("wang"), office.citizen_session("wang")
    filed = told(office, api)
    [account] = rows(office, WechatAccount)
    with office.working() as work:
        record_results(work, account.id, {"result": "accept"}, ConsentSource.CLIENT, frozenset())
    assert office.bound_session("window_b").get("/staff/me").status_code == 200
    assert api.delete("/account").status_code == 200
    for session in (api, other):
        assert session.delete("/account").status_code == 401
        assert session.get("/inquiries").status_code == 401
    assert {row.ended_at is None for row in rows(office, AccessSession) if row.account_id == account.id} == {
        False
    }
    assert [row.voided_at is None for row in rows(office, Consent)] == [False]
    assert {(row.state, row.ended_at is None) for row in rows(office, FollowUp)} == {("cancelled", False)}
    assert [row.ended_at for row in rows(office, StaffBinding)] == [None], (
        "somebody else's WeChat stays bound"
    )
    found = office.anybody.post("/lookups", {"number": filed["number"], "phone_tail": PHONE[-4:]})
    assert found.status_code == 404
    # The address that was kept still opens the matter, and files say that they are gone.
    kept = office.citizen(filed["tracking_token"])
    [first, _] = kept.get(f"/inquiries/{filed['number']}").json["attachments"]
    assert first["erased"] is True
    gone = kept.client.get(first["url"], headers=kept.headers)
    assert (gone.status_code, gone.json["code"]) == (410, "attachment_erased")
    staff = office.staff("window_a")
    again = staff.get(f"/staff/inquiries/{filed['number']}/attachments/{first['id']}")
    assert again.status_code == 410


def test_pages_say_what_was_destroyed(office: Office) -> None:
    api = office.citizen_session("wang")
    filed = told(office, api)
    api.delete("/account")
    page = clerk(office, "window_a").get(f"/staff/inquiries/{filed['number']}")
    assert "联系方式 已按本人要求删除" in page.text.replace("联系方式已", "联系方式 已")
    assert "第 1 个文件：已按本人要求删除" in page.text
    follow = visitor(office).get(f"/t/{filed['tracking_token']}")
    assert "第 2 个文件：已按本人要求删除" in follow.text
    assert "依规定留存" in follow.text
    assert not [url for url in follow.tree.xpath("//a/@href") if "/attachments/" in url]


def test_only_photos_go_with_the_permission_for_photos_and_a_second_time_finds_none(office: Office) -> None:
    api = office.citizen_session("wang")
    told(office, api)
    with office.working() as work:
        [_, second] = work.session.scalars(select(Attachment).order_by(Attachment.position))
        second.media_type = "application/pdf"
    [account] = rows(office, WechatAccount)
    for entries in (1, 0):
        with office.working() as work:
            assert len(erase_files(work, account.id, ErasureReason.REVOKED, PHOTOS)) == entries
    erased = {row.media_type: row.erased_at is not None for row in rows(office, Attachment)}
    assert erased == {"image/png": True, "application/pdf": False}
