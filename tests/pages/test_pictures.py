"""Pages show QR codes; the process that serves them never loads an image library."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.pages.visitor import clerk
from tests.support.app import Office
from tests.support.running import ROOT

PROGRAM = """
import json, sys
from datetime import datetime
from pathlib import Path
from backend import create_app
from backend.settings import Settings

class Still:
    def now(self):
        return datetime.fromisoformat(given["now"])

given = json.load(sys.stdin)
settings = Settings(
    data_dir=Path(given["data_dir"]),
    database_url=given["database"],
    reader_url=given["database"],
    base_url="http://127.0.0.1:8000",
)
client = create_app(settings, Still()).test_client()
client.set_cookie("shouwen_staff", given["session"])
answers = [client.get(path) for path in given["paths"]]
print(json.dumps({
    "status": [answer.status_code for answer in answers],
    "drawn": ["<svg" in answer.get_data(as_text=True) for answer in answers],
    "heavy": sorted({"PIL", "qrcode"} & set(sys.modules)),
}))
"""


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_fresh_process_serves_codes_without_loading_an_image_library(office: Office) -> None:
    person = clerk(office, "window_a")
    slip = person.submit(
        person.get("/staff/register"),
        "/staff/register",
        channel="visit",
        category="consult",
        content="当面问",
        contact_phone="13812345678",
    )
    given = {
        "now": office.clock.now().isoformat(),
        "data_dir": str(office.settings.data_dir),
        "database": office.settings.database_url,
        "session": person.client.get_cookie("shouwen_staff").value,
        "paths": [f"/s/{office.org.window.sign.code}/qr.svg", slip.response.request.path],
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer == {"status": [200, 200], "drawn": [True, True], "heavy": []}
