"""WeChat's own compiler takes the mini program, offline, and what it makes is far below WeChat's limits."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.node import PROJECT, SOURCES, installed, run

COMPILER = PROJECT / "compiler"
SHIPPED = {".js", ".json", ".wxml", ".wxs", ".wxss", ".png", ".svg"}
MB = 1024 * 1024
WECHAT_LIMIT = 2 * MB
OUR_LIMIT = WECHAT_LIMIT * 3 // 4

pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the compiler says of the mini program and of one with a fault, asked together: it takes long to start.

    The key is of our own: WeChat looks at keys only when something is uploaded.
    """
    modules = installed(COMPILER, "miniprogram-compiler")
    folder = tmp_path_factory.mktemp("compiler")
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    projects = [str(PROJECT), str(faulty(folder / "faulty"))]
    done = run(
        "node", str(COMPILER / "compile.js"), str(modules), str(folder / "key.pem"), str(folder / "answer.json"), *projects,
        NODE_OPTIONS=f"--require {COMPILER / 'offline.js'}",
    )  # fmt: skip
    done.succeeded()
    return json.loads((folder / "answer.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def compiled(answers):
    """The mini program as it would be uploaded: sizes by path."""
    assert "error" not in answers[0], answers[0]["error"]
    return answers[0]["files"]


def faulty(project):
    """A mini program of one page, with a tag that is not closed in its second line."""
    page = project / "miniprogram/pages/home"
    page.mkdir(parents=True)
    shutil.copy(PROJECT / "project.config.json", project)
    (project / "miniprogram/app.json").write_text('{"pages": ["pages/home/index"]}', "utf-8")
    (project / "miniprogram/app.js").write_text("App({});\n", "utf-8")
    (page / "index.js").write_text("Page({});\n", "utf-8")
    (page / "index.json").write_text("{}\n", "utf-8")
    (page / "index.wxml").write_text("<view>\n  <text>一\n</view>\n", "utf-8")
    return project


def app():
    return json.loads((SOURCES / "app.json").read_text("utf-8"))


def roots():
    return [package["root"].strip("/") + "/" for package in app()["subPackages"]]


def sizes(files):
    """Bytes by package, before the minification that an upload brings; the main package is ''."""
    found = Counter()
    for path, size in files.items():
        found[next((root for root in roots() if path.startswith(root)), "")] += size
    return found


def test_it_compiles_with_every_page_and_component(compiled):
    pages = [*app()["pages"], *(f"{root}{page}" for root, one in zip(roots(), app()["subPackages"], strict=True) for page in one["pages"])]  # fmt: skip
    assert [page for page in pages for end in (".js", ".json", ".wxml") if page + end not in compiled] == []


def test_no_package_comes_near_the_limit(compiled, record_property):
    found = sizes(compiled)
    record_property("package_sizes", dict(found))
    assert found[""] < OUR_LIMIT, found
    assert all(size < WECHAT_LIMIT for size in found.values()), found


def test_only_sources_are_shipped(compiled):
    strange = [path for path in compiled if "." + path.rpartition(".")[2] not in SHIPPED]
    assert strange == []
    assert [path for path in compiled if "test" in path or "node_modules" in path] == []


def test_an_unclosed_tag_is_refused_with_file_and_line(answers):
    assert answers[1]["error"].startswith("pages/home/index.wxml: 3:3:")
