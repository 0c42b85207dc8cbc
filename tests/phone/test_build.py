"""The build of the preview: what it says of mistakes, what it replaces, and that it follows its sources."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from miniprogram_stub.preview.server.building import TOKENS, Build, BuildFailed, build
from tests.phone.conftest import APP


@pytest.fixture
def sources(tmp_path):
    """A copy of the small mini program that a test may spoil."""
    return Path(shutil.copytree(APP, tmp_path / "app"))


def refusal(sources, tmp_path):
    with pytest.raises(BuildFailed) as refused:
        build(tmp_path / "out", sources)
    return str(refused.value)


def test_it_tells_what_it_built(sources, tmp_path):
    assert build(tmp_path / "out", sources).startswith("预览已生成：9 个页面，2 个组件")
    assert (tmp_path / "out" / "tokens.css").read_bytes() == TOKENS.read_bytes()
    assert (tmp_path / "out" / "files" / "pages" / "parts" / "dot.svg").exists()


def test_the_released_servers_address_is_not_in_it(sources, tmp_path):
    build(tmp_path / "out", sources)
    assert "example.invalid" not in (tmp_path / "out" / "app.js").read_text("utf-8")


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("pages/home/index.wxml", '<view wx:if="{{a.}}">x</view>', "pages/home/index.wxml 第 1 行"),
        ("pages/home/index.js", "Page({", "pages/home/index.js:1"),
        ("pages/home/index.wxss", ".a { color: red", "pages/home/index.wxss:1"),
        ("app.json", "{", "app.json："),
        ("components/x-card/x-card.json", "{}", "components/x-card/x-card.json 没有"),
    ],
)
def test_a_mistake_is_named_with_its_place(sources, tmp_path, file, text, line):
    (sources / file).write_text(text, "utf-8")
    assert line in refusal(sources, tmp_path)


@pytest.mark.parametrize(
    "name", ["pages/form/index.js", "pages/form/index.wxml", "lib/text.wxs", "components/x-card/x-card.js"]
)
def test_a_missing_file_is_named(sources, tmp_path, name):
    (sources / name).unlink()
    assert f"没有 {name}" in refusal(sources, tmp_path)


def test_what_wechat_would_show_differently_is_said(sources, tmp_path):
    (sources / "pages/home/index.wxml").write_text("<canvas></canvas><view>a</view>", "utf-8")
    (sources / "pages/home/index.wxss").write_text("#a { color: red } .b { background: url(x.png) }", "utf-8")
    said = build(tmp_path / "out", sources)
    assert "预览没有 <canvas>" in said
    assert "id 选择器" in said
    assert "不能用本地图片" in said


def test_it_follows_its_sources(sources, tmp_path):
    built = Build(tmp_path / "out", sources)
    assert built.refresh() is not None
    assert built.refresh() is None
    page = sources / "pages/home/index.json"
    page.write_text(json.dumps({"navigationBarTitleText": "改过的"}), "utf-8")
    later = page.stat().st_mtime + 5
    os.utime(page, (later, later))
    assert built.refresh() is not None
    assert "改过的" in (tmp_path / "out" / "app.js").read_text("utf-8")
