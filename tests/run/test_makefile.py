"""The commands a newcomer types, on machines that lack something: one clear line, never a silent skip."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = ["bench", "drills", "help", "lint", "lock", "phone", "run", "serve", "test"]


def call(command, **environment):
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def machine(tmp_path):
    """A PATH with the plainest tools and whatever a test adds: `machine("id", "echo 1000")` is nobody special."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in (
        "bash",
        "cat",
        "cp",
        "cut",
        "dirname",
        "env",
        "flock",
        "grep",
        "ln",
        "mkdir",
        "mktemp",
        "rm",
        "sha256sum",
        "tail",
        "touch",
    ):
        if found := shutil.which(name):
            (programs / name).symlink_to(found)

    def add(name, script):
        path = programs / name
        # In place of the link, never through it: behind it is the program of this very machine.
        path.unlink(missing_ok=True)
        path.write_text(f"#!{shutil.which('bash')}\n{script}\n", "utf-8")
        path.chmod(0o755)

    add.path = str(programs)
    return add


def test_make_alone_explains_every_target():
    done = call(["make"])
    assert done.returncode == 0
    assert sorted(re.findall(r"^  make (\w+) ", done.stdout, re.MULTILINE)) == TARGETS
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in done.stdout.splitlines())


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_read(target):
    assert call(["make", "--dry-run", target]).returncode == 0


def test_what_tests_lack_is_installed_as_root(machine, tmp_path):
    machine("id", "echo 0")
    machine("dpkg-query", "exit 1")
    machine("apt-get", f'echo "$*" >> {tmp_path}/asked')
    done = call(["tools/system_packages.sh"], PATH=machine.path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "asked").read_text("ascii").splitlines() == [
        "update",
        "install -y --no-install-recommends chromium redis-server fonts-noto-cjk",
    ]


def test_what_tests_lack_is_named_in_one_line_without_root(machine):
    machine("id", "echo 1000")
    machine("dpkg-query", "exit 1")
    machine("redis-server", "exit 0")
    machine("apt-get", "exit 0")
    done = call(["tools/system_packages.sh"], PATH=machine.path)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.endswith("sudo apt-get install chromium fonts-noto-cjk")


def test_nothing_is_installed_when_nothing_is_missing(machine):
    for name in ("chromium", "redis-server"):
        machine(name, "exit 0")
    machine("dpkg-query", "echo -n installed")
    machine("apt-get", "exit 1")
    done = call(["tools/system_packages.sh"], PATH=machine.path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_node_that_is_new_enough_is_left_alone(machine):
    for name in ("node", "npm"):
        machine(name, "exit 0")
    done = call(["tools/node.sh"], PATH=machine.path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_old_node_gets_a_new_one_beside_it(machine, tmp_path):
    machine("node", "exit 1")
    machine("npm", "exit 0")
    (tmp_path / "venv/bin").mkdir(parents=True)
    python = tmp_path / "venv/bin/python"
    python.write_text(
        f'#!/bin/bash\necho "$*" >> {tmp_path}/asked\n'
        f"mkdir -p {tmp_path}/venv/nodejs/wheel/bin\n[ -e {tmp_path}/venv/nodejs/wheel/bin/python ] || cp $0 {tmp_path}/venv/nodejs/wheel/bin/python\n",
        "ascii",
    )
    python.chmod(0o755)
    done = call(["tools/node.sh"], PATH=machine.path, VENV=str(tmp_path / "venv"))
    assert done.returncode == 0, done.stderr
    made, installed = (tmp_path / "asked").read_text("ascii").splitlines()
    assert made.startswith("-m venv --clear")
    assert installed.endswith("--require-hashes -r tools/node-requirements.txt")
    assert sorted(link.name for link in (tmp_path / "venv/nodejs/bin").iterdir()) == ["node", "npm", "npx"]


def test_a_failed_installation_says_so(machine):
    machine("id", "echo 0")
    machine("dpkg-query", "exit 1")
    machine("apt-get", "echo 'no route' >&2; exit 100")
    done = call(["tools/system_packages.sh"], PATH=machine.path)
    assert done.returncode != 0
    assert "no route" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("不能继续：没有装上")


@pytest.fixture
def fresh(tmp_path):
    """A folder with the set-up scripts and nothing else."""
    folder = tmp_path / "fresh"
    shutil.copytree(ROOT / "tools", folder / "tools")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).touch()
    return folder


def set_up(folder: Path, what="run", **environment):
    return subprocess.run(
        [folder / "tools" / "set_up.sh", what],
        env=os.environ | {"VENV": ".venv"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_one_clear_line(fresh, machine):
    machine("old", 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    done = set_up(fresh, PYTHON="old", PATH=machine.path)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "Python 3.9.2 太旧，需要 Python 3.11" in line


def test_a_missing_python_is_one_clear_line(fresh, machine):
    done = set_up(fresh, PYTHON="python3", PATH=machine.path)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "找不到 python3" in line


def test_a_python_without_ensurepip_is_one_clear_line_without_root(fresh, machine):
    machine("id", "echo 1000")
    machine("bare", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = set_up(fresh, PYTHON="bare", PATH=machine.path)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.endswith("sudo apt-get install python3-venv")


@pytest.fixture
def python(machine, tmp_path):
    """A python that makes an environment of nothing but itself, and notes what it is asked to install."""
    machine("mkdir", f'exec {shutil.which("mkdir")} "$@"')
    machine("cp", f'exec {shutil.which("cp")} "$@"')
    machine(
        "python3",
        'case "$1 $2" in\n'
        f'"-m venv") rm -rf "$4"; mkdir -p "$4/bin"; cp "{machine.path}/python3" "$4/bin/python";;\n'
        f'"-m pip") echo "${{@: -1}}" >> {tmp_path}/installed;;\n'
        "esac",
    )
    return {"PATH": machine.path}


def test_an_environment_is_made_once_and_filled_once_for_each_lock(fresh, python, tmp_path):
    first = set_up(fresh, "dev", **python)
    assert first.returncode == 0, first.stderr
    assert [line.split()[0] for line in first.stdout.splitlines()] == ["建立虚拟环境", "安装", "安装"]
    assert set_up(fresh, "dev", **python).stdout == ""
    (fresh / "requirements-dev.txt").write_text("# changed\n", "ascii")
    assert set_up(fresh, "run", **python).stdout == ""
    assert set_up(fresh, "dev", **python).stdout.startswith("安装 requirements-dev.txt 里的依赖")
    assert (tmp_path / "installed").read_text("ascii").split() == [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-dev.txt",
    ]


def test_a_broken_environment_is_made_again_and_filled_again(fresh, python):
    set_up(fresh, **python)
    (fresh / ".venv" / "bin" / "python").unlink()
    done = set_up(fresh, **python)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["建立虚拟环境", "安装"]


def test_an_installation_that_fails_is_tried_again(fresh, python, machine):
    machine(
        "python3",
        'case "$1 $2" in "-m venv") mkdir -p "$4/bin"; cp "$0" "$4/bin/python";; "-m pip") exit 1;; esac',
    )
    for _ in range(2):
        done = set_up(fresh, **python)
        assert done.returncode != 0
        assert done.stderr.splitlines()[-1].startswith("不能继续：依赖没有装上")


def test_ci_runs_make_test_wherever_it_is_called_from(tmp_path, machine):
    machine("make", 'echo "$PWD $*"')
    done = subprocess.run(
        [ROOT / ".ci" / "run"],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{machine.path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{ROOT} test\n"
