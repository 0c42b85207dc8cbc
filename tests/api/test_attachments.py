"""Photos and PDFs: cleaned, sealed, served inert; the words stand whatever becomes of a file."""

from __future__ import annotations

import gc
import io
import warnings
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.models import Blob, BlobChunk
from tests.api.asking import chunked, errors, rows
from tests.support.app import Office, new_key
from tests.vault.media_samples import (
    CANARY,
    encoded,
    jpeg_with_everything,
    pdf_with_everything,
    picture,
    png_claiming,
    saved,
)


def upload(office: Office, filed: dict[str, Any], data: bytes, name: str = "现场.jpg", **parts: Any) -> Any:
    return office.anybody.client.post(
        f"/api/v1/inquiries/{filed['number']}/attachments",
        data={"file": (io.BytesIO(data), name), **parts},
        headers={"X-Tracking-Token": filed["tracking_token"], "Idempotency-Key": new_key()},
        content_type="multipart/form-data",
    )


def download(office: Office, filed: dict[str, Any], url: str) -> Any:
    return office.anybody.client.get(url, headers={"X-Tracking-Token": filed["tracking_token"]})


def bytes_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("store", ["files", "rows"])
def test_a_photo_is_cleaned_sealed_and_served_inert(office: Office, store, monkeypatch) -> None:
    object.__setattr__(office.settings, "blob_store", store)
    filed = office.file()
    dirty = jpeg_with_everything()
    assert CANARY.encode() in dirty
    added = upload(office, filed, dirty)
    assert added.status_code == 201, added.json
    assert (added.json["media_type"], added.json["name"]) == ("image/jpeg", "现场.jpg")
    assert office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json[
        "attachments"
    ] == [added.json]
    served = download(office, filed, added.json["url"])
    assert served.status_code == 200
    assert CANARY.encode() not in served.data
    assert Image.open(io.BytesIO(served.data)).size == (120, 80)
    inert = {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: served.headers[name] for name in inert} == inert
    assert served.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg"
    with office.looking() as work:
        blob = work.session.query(Blob).one()
        chunks = [row.sealed for row in work.session.query(BlobChunk)]
    sealed = b"".join(chunks) if store == "rows" else bytes_under(office.settings.blobs_dir)
    assert blob.store == store
    assert bool(chunks) == (store == "rows")
    assert len(sealed) >= len(served.data)
    assert not {
        CANARY.encode() in sealed,
        b"\xff\xd8\xff" in sealed[:200],
        served.data[200:260] in sealed,
    } - {False}


def test_nothing_of_an_upload_lies_open_in_the_data_directory(office: Office) -> None:
    filed = office.file(content="金丝雀文字-7731", contact={"name": "金丝雀姓名", "phone": "13812345678"})
    for data, name in (
        (jpeg_with_everything(), "金丝雀文件.jpg"),
        (saved(pdf_with_everything()), "金丝雀文件.pdf"),
    ):
        assert upload(office, filed, data, name).status_code == 201
    everything = bytes_under(office.settings.data_dir)
    if office.settings.is_sqlite:
        path = Path(office.settings.database_url.removeprefix("sqlite:///"))
        everything += b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    for secret in (CANARY, "金丝雀", "13812345678", "8613812345678"):
        assert secret.encode() not in everything, secret


def test_what_is_no_photo_or_pdf_is_refused_and_the_words_stand(office: Office, subtests) -> None:
    filed = office.file()
    before = rows(office)
    cases = [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "a.svg",
            "type_not_allowed",
        ),
        (b"GIF89a" + b"\0" * 200, "a.gif", "type_not_allowed"),
        (b"MZ\x90\0" * 50, "photo.jpg", "type_not_allowed"),
        (b"PK\x03\x04" + b"\0" * 100, "a.docx", "type_not_allowed"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.jpg", "media_damaged"),
        (png_claiming(50_000, 50_000), "a.png", "image_too_large"),
        (jpeg_with_everything()[:300], "a.jpg", "media_damaged"),
    ]
    for data, name, code in cases:
        with subtests.test(name, code=code):
            answer = upload(office, filed, data, name)
            assert (answer.status_code, answer.json["code"]) == (422, code)
            assert "文字已经收下" in answer.json["detail"]
    assert rows(office) == before
    assert not office.settings.blobs_dir.exists() or bytes_under(office.settings.blobs_dir) == b""


def test_one_file_a_call_and_nothing_dropped_unsaid(office: Office) -> None:
    filed = office.file()
    photo = encoded(picture(), "PNG")
    before = rows(office)
    two = office.anybody.client.post(
        f"/api/v1/inquiries/{filed['number']}/attachments",
        data={"file": [(io.BytesIO(photo), "a.png"), (io.BytesIO(photo), "b.png")]},
        headers={"X-Tracking-Token": filed["tracking_token"], "Idempotency-Key": new_key()},
    )
    assert errors(two) == [("/file", "value_invalid")]
    assert errors(upload(office, filed, photo, comment="看这里")) == [("/comment", "unknown_field")]
    assert errors(upload(office, filed, photo, second=(io.BytesIO(photo), "b.png"))) == [
        ("/second", "unknown_field")
    ]
    assert errors(upload(office, filed, b"")) == [("/file", "required")]
    assert errors(upload(office, filed, photo, "")) == [("/file", "required")]
    assert rows(office) == before


def test_six_at_most_and_none_once_closed(office: Office) -> None:
    filed = office.file()
    photo = encoded(picture(8, 8), "PNG")
    names = [upload(office, filed, photo, f"{n}.png").json["name"] for n in range(6)]
    assert names == [f"{n}.png" for n in range(6)]
    seventh = upload(office, filed, photo)
    assert (seventh.status_code, seventh.json["code"]) == (409, "attachments_full")
    closed = office.file()
    office.act("window_a", closed["number"], "closing", {"outcome": "answered", "reply": "好"})
    late = upload(office, closed, photo)
    assert (late.status_code, late.json["code"]) == (409, "illegal_transition")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_name_cannot_harm_a_header_or_a_path(office: Office) -> None:
    filed = office.file()
    photo = encoded(picture(8, 8), "PNG")
    for name, kept in (
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a;b=c%0d%0a.png", "a;b=c%0d%0a.png"),
        ("长" * 300 + ".png", "长" * 116 + ".png"),
        ("...", "附件"),
        ("\u202egnp.exe", "gnp.exe"),
    ):
        filed = office.file()
        added = upload(office, filed, photo, name)
        assert added.json["name"] == kept, name
        disposition = download(office, filed, added.json["url"]).headers["Content-Disposition"]
        assert disposition.isascii()
        assert disposition.startswith("attachment; filename*=UTF-8''")
        assert not set('"\r\n;/\\') & set(disposition.removeprefix("attachment; filename*="))


@pytest.mark.filterwarnings(
    "ignore:Unclosed file:ResourceWarning"
)  # Werkzeug's, of a form it stopped reading
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_upload_over_ten_megabytes_is_refused_before_it_is_read(office: Office) -> None:
    filed = office.file()
    who, path = office.citizen(filed["tracking_token"]), f"/inquiries/{filed['number']}/attachments"
    big = b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024)
    frame = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    before = rows(office)
    with warnings.catch_warnings():
        # Werkzeug leaves the temporary file of a form it stopped reading to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        answers = [upload(office, filed, big), upload(office, filed, big + b"\0" * 200_000)]
        stream = io.BytesIO(frame + big + b"\0" * 200_000)
        answers.append(chunked(who, "POST", path, stream, Content_Type="multipart/form-data; boundary=x"))
        for answer in answers:
            assert (answer.status_code, answer.json["code"]) == (413, "content_too_large")
        del answers, answer
        gc.collect()
    assert rows(office) == before


def test_a_file_belongs_to_its_inquiry_and_its_chain(office: Office) -> None:
    mine, other = office.file(), office.file()
    added = upload(office, mine, encoded(picture(), "WEBP")).json
    crossed = f"/api/v1/inquiries/{other['number']}/attachments/{added['id']}"
    assert download(office, other, crossed).status_code == 404
    assert download(office, other, added["url"]).status_code == 404
    path = f"/staff/inquiries/{mine['number']}/attachments/{added['id']}"
    assert office.staff("window_b").get(path).status_code == 200
    for name in ("business_a", "lu_general", "auditor"):
        assert office.staff(name).get(path).status_code == 404
