"""The web process shows QR codes without ever loading an image library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from backend.portal.qr import qr_svg
from backend.portal.qr_apart import qr_svg_apart
from tests.support.running import ROOT

URL = "https://example.cn/s/ABCDEFGH23456789"


def test_it_is_the_very_same_code():
    assert qr_svg_apart(URL) == qr_svg(URL)


def test_an_address_no_code_can_hold_is_refused():
    with pytest.raises(subprocess.CalledProcessError):
        qr_svg_apart("")


def test_pillow_is_not_loaded_here():
    program = (
        "import sys; from backend.portal.qr_apart import qr_svg_apart; "
        f"assert '<svg' in qr_svg_apart({URL!r}); sys.exit('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False, timeout=60).returncode == 0
