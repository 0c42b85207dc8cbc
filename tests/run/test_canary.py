"""A name, a phone and words that were filed stand in clear on no file of DATA_DIR and in no line of output."""

from __future__ import annotations

import json
import urllib.request
import uuid

from tests.support.running import READY, supervisor

NAME = "金丝雀孔令仪"
PHONE = "13911110000"
TEXT = "金丝雀的秘密：三单元的水管漏了"
COMPANY = "金丝雀百货有限公司"


def call(run, method, path, body, **headers):
    request = urllib.request.Request(
        run.url + path,
        data=json.dumps(body).encode(),
        method=method,
        headers={"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex, **headers},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def canaries():
    """The words in every encoding a file might hold them in."""
    for word in (NAME, PHONE, TEXT, COMPANY):
        yield word.encode()
        yield word.encode("utf-16-le")
        yield json.dumps(word).strip('"').encode()
    yield b"+86" + PHONE.encode()


def test_a_canary_is_on_no_file_in_clear(data_dir):
    with supervisor(data_dir) as run:
        run.wait_for(READY)
        demo = run.demo()
        contact = {"kind": "company", "name": NAME, "org_name": COMPANY, "phone": PHONE}
        body = {"sign": demo["signs"][0]["code"], "category": "report", "content": TEXT, "contact": contact}
        filed = call(run, "POST", "/api/v1/inquiries", body)
        token = {"X-Tracking-Token": filed["tracking_token"]}
        path = f"/api/v1/inquiries/{filed['number']}"
        call(run, "POST", f"{path}/supplements", {"text": TEXT}, **token)
        call(run, "POST", f"{path}/withdrawal", {"reason": TEXT}, **token)
        call(run, "POST", "/api/v1/lookups", {"number": filed["number"], "phone_tail": PHONE[-4:]})
        files = [path for path in data_dir.rglob("*") if path.is_file()]
        assert any(path.name.endswith("-wal") for path in files), (
            "the write-ahead log belongs to what is searched"
        )
        assert [p for p in files if any(c in p.read_bytes() for c in canaries())] == []
        run.stop()
        output = run.output
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert [p for p in files if any(c in p.read_bytes() for c in canaries())] == []
    assert not [c for c in canaries() if c in output.encode()]


def test_the_search_would_find_a_canary(tmp_path):
    (tmp_path / "leak.db").write_bytes(b"\x00" + TEXT.encode() + b"\x00")
    assert any(c in (tmp_path / "leak.db").read_bytes() for c in canaries())
