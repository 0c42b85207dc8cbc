"""What the first start makes, what the next one keeps, and what becomes of a start that was cut short."""

from __future__ import annotations

import json

import pytest

from backend.database import unit_of_work
from backend.preflight import DEMO_FILE
from backend.preparing import UNFINISHED, Refused, lock_data_dir, make_keys, prepare, wait_for_port
from tests.support import rows


@pytest.fixture
def said():
    return []


@pytest.fixture
def tiny_demo(monkeypatch):
    """In place of the whole demo, which has tests of its own: one unit, or a start that is cut short after it."""
    end = {"raise": None}

    def build(app):
        with unit_of_work() as session:
            rows.unit(session)
        if end["raise"]:
            raise end["raise"]
        return {"signs": [], "staff": []}

    monkeypatch.setattr("backend.demo.build_demo", build)
    return end


def test_a_second_start_keeps_keys_data_and_accounts(of_own, said, tiny_demo):
    settings = of_own()
    prepare(settings, said.append)
    keys = {path.name: path.read_bytes() for path in settings.keys_dir.iterdir()}
    (settings.data_dir / DEMO_FILE).write_text(
        json.dumps({"signs": [], "staff": [], "base_url": "http://old"}), "utf-8"
    )
    said.clear()
    handout = prepare(settings, said.append)
    assert {path.name: path.read_bytes() for path in settings.keys_dir.iterdir()} == keys
    assert handout is not None
    assert handout["base_url"] == settings.base_url
    assert json.loads((settings.data_dir / DEMO_FILE).read_text("utf-8")) == handout
    assert any("已是最新" in line for line in said)
    assert not any("正在生成" in line for line in said)


def test_a_start_cut_short_before_the_passwords_were_written_begins_anew(of_own, said, tiny_demo):
    settings = of_own()
    tiny_demo["raise"] = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        prepare(settings, said.append)
    assert (settings.data_dir / UNFINISHED).exists()
    tiny_demo["raise"] = None
    said.clear()
    assert prepare(settings, said.append) is not None
    assert not (settings.data_dir / UNFINISHED).exists()
    assert "演示数据：上次没有生成完，重新来" in said


def test_a_database_elsewhere_is_never_emptied_by_us(of_own, said, tiny_demo, tmp_path):
    settings = of_own(database_url=f"sqlite:///{tmp_path / 'elsewhere.db'}")
    (settings.data_dir / UNFINISHED).touch()
    with pytest.raises(Refused, match=r"请清空数据库 elsewhere\.db"):
        prepare(settings, said.append)


def test_data_without_the_handout_are_served_without_it(of_own, said, tiny_demo):
    settings = of_own()
    prepare(settings, said.append)
    (settings.data_dir / DEMO_FILE).unlink()
    assert prepare(settings, said.append) is None
    assert not (settings.data_dir / DEMO_FILE).exists()


def test_a_data_dir_is_held_by_one_process_at_a_time(of_own):
    settings = of_own()
    lock_data_dir(settings)
    with pytest.raises(Refused, match="已经在用"):
        lock_data_dir(settings)


def test_keys_open_to_others_are_refused(of_own, said):
    settings = of_own()
    make_keys(settings, said.append)
    next(settings.keys_dir.glob("master-*")).chmod(0o644)
    with pytest.raises(Refused, match="密钥不能用"):
        make_keys(settings, said.append)


def test_a_port_that_comes_free_is_waited_for(of_own, monkeypatch):
    answers = iter([["端口 1 已被占用"], ["端口 1 已被占用"], []])
    monkeypatch.setattr("backend.preparing.problems_of_port", lambda settings: next(answers))
    wait_for_port(of_own())
    assert next(answers, None) is None
