"""What the child may do once it holds the citizen's file: next to nothing."""

from __future__ import annotations

import json
import os

import pytest

from backend.vault import media, media_child
from backend.vault.media import MediaLimits, clean_media
from backend.vault.media_terms import FRAME, MAGIC, MediaRefused
from tests.vault import media_samples as samples

JPEG = samples.encoded(samples.picture(), "JPEG")
LIMITS = MediaLimits()

# Runs as the child does up to the point where the decoder would get the file, then reports instead.
REPORT = """
import json, os, resource, socket, sys, types
package = types.ModuleType("backend"); package.__path__ = [sys.argv[1]]; sys.modules["backend"] = package
from backend.vault import media_child

def attempt(act):
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return "allowed"

def report(data, limits):
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE")
    status = dict(line.split(":\\t", 1) for line in open_status.read().splitlines() if ":\\t" in line)
    return json.dumps({
        "size": len(data),
        "environment": dict(os.environ),
        "arguments": sys.argv[2:4],
        "folder": os.getcwd(),
        "leads its group": os.getpgid(0) == os.getpid() == os.getsid(0),
        "path": sys.path,
        "application": sorted(name for name in sys.modules if name.split(".")[0] in ("flask", "sqlalchemy", "cryptography")),
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in names},
        "no new rights": status["NoNewPrivs"],
        "read": attempt(lambda: open("/etc/hostname")),
        "write": attempt(lambda: open("/tmp/media-child-was-here", "w")),
        "connect": attempt(lambda: socket.socket()),
        "memory": attempt(lambda: bytearray(600 * 1024 * 1024)),
        "more files": attempt(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))) if os.geteuid() else "root",
    }).encode()

open_status = open("/proc/self/status")
real = media_child.load_cleaner
media_child.load_cleaner = lambda kind: (real(kind), report)[1]
sys.exit(media_child.main(*sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def told():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(media, "_BOOT", REPORT)
        patch.setenv("SHOUWEN_MASTER_KEY", samples.CANARY)
        patch.setenv("PYTHONPATH", "/nowhere")
        patch.setenv("LD_PRELOAD", "")
        return json.loads(clean_media(JPEG).data)


def test_it_gets_the_file_on_standard_input_and_its_kind_as_argument(told):
    assert told["size"] == len(JPEG)
    assert told["arguments"] == ["jpeg", str(os.getpid())]


def test_it_inherits_no_environment_but_the_path(told):
    assert set(told["environment"]) - {"LC_CTYPE"} == {"PATH", "MALLOC_ARENA_MAX"}
    assert samples.CANARY not in json.dumps(told["environment"])


def test_it_stands_apart_in_a_group_of_its_own_outside_every_folder_of_ours(told):
    assert told["leads its group"]
    assert told["folder"] == "/"
    assert not {"", ".", "/nowhere"} & set(told["path"])


def test_it_does_not_load_the_application(told):
    assert told["application"] == []


def test_its_limits_are_set_soft_and_hard(told):
    assert told["limits"] == {
        "RLIMIT_AS": [LIMITS.memory_bytes] * 2,
        "RLIMIT_CPU": [LIMITS.cpu_seconds] * 2,
        "RLIMIT_FSIZE": [0, 0],
        "RLIMIT_CORE": [0, 0],
        "RLIMIT_NOFILE": [3, 3],
    }
    assert told["no new rights"] == "1"


@pytest.mark.parametrize("act", ["read", "write", "connect"])
def test_it_can_open_neither_files_nor_sockets(told, act):
    assert told[act] == "OSError"


def test_it_cannot_take_more_memory_than_it_has(told):
    assert told["memory"] == "MemoryError"


def test_it_cannot_give_itself_more(told):
    assert told["more files"] in {"ValueError", "root"}


def raising(error):
    def clean(data, limits):
        raise error

    return clean


@pytest.mark.parametrize(
    ("clean", "refused", "body"),
    [
        (lambda data, limits: data[::-1], False, b"cba"),
        (lambda data, limits: bytes(limits.max_output_bytes), False, bytes(10)),
        (lambda data, limits: bytes(limits.max_output_bytes + 1), True, b"media_too_complex"),
        (raising(MediaRefused("pdf_encrypted")), True, b"pdf_encrypted"),
        (raising(MemoryError()), True, b"media_too_complex"),
        (raising(RecursionError()), True, b"media_too_complex"),
        (raising(SyntaxError("broken PNG file")), True, b"media_damaged"),
        (raising(UnicodeDecodeError("utf-8", b"", 0, 1, "x")), True, b"media_damaged"),
    ],
    ids=["clean", "as large as allowed", "larger", "refused", "memory", "recursion", "syntax", "unicode"],
)
def test_every_outcome_becomes_one_frame(clean, refused, body):
    frame = media_child.answer(clean, b"abc", MediaLimits(max_output_bytes=10))
    assert FRAME.unpack_from(frame) == (MAGIC, refused, len(body))
    assert frame[FRAME.size :] == body
