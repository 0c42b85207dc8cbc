"""The cleaner as the application sees it: type by content, and always an answer, whatever happens to the child."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.vault import media
from backend.vault.media import MediaBusy, MediaLimits, MediaRefused, clean_media, sniff
from backend.vault.media_terms import FRAME, MAGIC, REFUSALS
from tests.vault import media_samples as samples

ROOT = Path(media.__file__).parents[2]
JPEG = samples.encoded(samples.picture(), "JPEG")
PDF = samples.saved(samples.plain_pdf())
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refusal(data, **limits):
    with pytest.raises(MediaRefused) as caught:
        clean_media(data, limits=MediaLimits(**limits))
    return caught.value.code


def answering(body):
    """A child that reads the file and runs one line of Python instead of cleaning."""
    return f"import os, signal, sys, time; sys.stdin.buffer.read(); out = sys.stdout.buffer; {body}"


def gone(pid, seconds=10):
    """Wait until a process has ended, whoever its parent is."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        SVG,
        b"<?xml version='1.0'?>" + SVG,
        b"<!doctype html><script>alert(1)</script>",
        samples.gif_with_frames(100_000),
        samples.encoded(samples.picture(), "BMP"),
        samples.encoded(samples.picture(), "TIFF"),
        samples.encoded(samples.picture(), "ICO"),
        b"SIMPLE  =                    T / FITS" + b" " * 2880,
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"PK\x03\x04" + b"\0" * 100,
        b"\x00\x00\x00\x18ftypheic" + b"\0" * 100,
        b"MZ" + b"\0" * 100,
        b" " + PDF,
        b"\xef\xbb\xbf" + PDF,
        b"RIFF\x10\0\0\0WAVEfmt ",
    ],
    ids=[
        "empty",
        "short",
        "svg",
        "xml",
        "html",
        "gif",
        "bmp",
        "tiff",
        "ico",
        "fits",
        "eps",
        "zip",
        "heic",
        "exe",
        "pdf after a space",
        "pdf after a mark",
        "wave",
    ],
)
def test_other_types_are_refused_without_starting_a_child(data, monkeypatch):
    monkeypatch.setattr(media, "_BOOT", "raise SystemExit('started')")
    monkeypatch.setattr(subprocess, "Popen", None)
    assert refusal(data) == "type_not_allowed"


def test_the_type_is_told_by_content():
    kinds = [sniff(samples.encoded(samples.picture(), kind)) for kind in ("JPEG", "PNG", "WEBP")]
    assert [*kinds, sniff(PDF)] == ["jpeg", "png", "webp", "pdf"]


@pytest.mark.parametrize("hidden", [SVG, b"<script>alert(1)</script>", b"PK\x05\x06" + b"\0" * 18, PDF])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_file_of_two_natures_only_the_picture_is_left(kind, hidden):
    clean = clean_media(samples.encoded(samples.picture(), kind) + hidden)
    assert hidden not in clean.data
    assert sniff(clean.data) == kind.lower()


def test_of_a_pdf_that_is_also_a_page_only_the_pdf_is_left():
    head, rest = PDF.split(b"\n", 1)
    clean = clean_media(head + b"\n%" + SVG + b"\n" + rest + SVG)
    assert b"script" not in clean.data
    assert sniff(clean.data) == "pdf"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "media_damaged"),
        ("os.kill(os.getpid(), signal.SIGABRT)", "media_damaged"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "media_too_complex"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "media_too_complex"),
        ("raise RuntimeError", "media_damaged"),
        ("sys.exit(0)", "media_damaged"),
        ("out.write(b'hello, this is not a frame')", "media_damaged"),
        (f"out.write({FRAME.pack(MAGIC, False, 9)!r} + b'short')", "media_damaged"),
        (f"out.write({FRAME.pack(b'XXXX', False, 0)!r})", "media_damaged"),
        (f"out.write({FRAME.pack(MAGIC, True, 7)!r} + b'made_up')", "media_damaged"),
        (f"out.write({FRAME.pack(MAGIC, False, 2)!r} + b'ok'); out.flush(); os._exit(1)", "media_damaged"),
        ("[out.write(bytes(65536)) for _ in range(1000)]", "media_too_complex"),
    ],
)
def test_whatever_becomes_of_the_child_the_answer_is_a_refusal(monkeypatch, body, code):
    monkeypatch.setattr(media, "_BOOT", answering(body))
    assert refusal(JPEG) == code
    assert code in REFUSALS


def test_a_child_that_reads_nothing_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(
        media, "_BOOT", f"import sys; sys.stdout.buffer.write({FRAME.pack(MAGIC, True, 0)!r})"
    )
    assert refusal(JPEG + bytes(5_000_000)) == "media_damaged"


def test_a_child_that_hangs_is_ended_with_all_its_own(monkeypatch, tmp_path):
    note = tmp_path / "pids"
    fork = f"os.fork() or os.fork(); open({str(note)!r}, 'a').write(f'{{os.getpid()}} '); signal.pause()"
    monkeypatch.setattr(media, "_BOOT", answering(fork))
    # Long enough for three processes to write their names on a busy machine.
    assert refusal(JPEG, wall_seconds=2.0) == "media_too_complex"
    pids = [int(pid) for pid in note.read_text().split()]
    assert len(pids) == 3
    assert all(gone(pid) for pid in pids)


def test_a_child_that_closes_its_output_and_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(media, "_BOOT", answering("os.close(1); signal.pause()"))
    assert refusal(JPEG, wall_seconds=0.5) == "media_too_complex"


def test_libraries_that_do_not_load_are_not_the_files_fault(monkeypatch):
    monkeypatch.setattr(media, "_BOOT", answering("sys.exit(3)"))
    with pytest.raises(MediaBusy):
        clean_media(JPEG)


def test_a_child_that_cannot_be_started_is_not_the_files_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(MediaBusy):
        clean_media(JPEG)


def test_only_so_many_children_run_at_once_and_the_next_is_told_to_wait(monkeypatch):
    inside, gate, running, most = threading.Semaphore(0), threading.Event(), set(), []

    def run(kind, data, limits):
        running.add(threading.get_ident())
        most.append(len(running))
        inside.release()
        gate.wait(10)
        running.discard(threading.get_ident())
        return data

    monkeypatch.setattr(media, "_run_child", run)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(clean_media, JPEG) for _ in range(8)]
        for _ in range(media.MAX_CHILDREN):
            assert inside.acquire(timeout=10)
        with pytest.raises(MediaBusy):
            clean_media(JPEG, limits=MediaLimits(patience_seconds=0.01))
        gate.set()
        assert [each.result(10).data for each in waiting] == [JPEG] * 8
    assert max(most) == media.MAX_CHILDREN


def test_refusals_free_their_place(monkeypatch):
    monkeypatch.setattr(media, "_BOOT", answering("sys.exit(1)"))
    codes = [refusal(JPEG, patience_seconds=0.5) for _ in range(media.MAX_CHILDREN * 2)]
    assert codes == ["media_damaged"] * media.MAX_CHILDREN * 2


def test_eight_at_once_all_come_through():
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(clean_media, [JPEG, PDF] * 4))
    assert pictures == [clean_media(JPEG), clean_media(PDF)] * 4


def children():
    return {
        pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()
    }


def test_no_descriptor_and_no_child_stays_behind(monkeypatch):
    before = len(list(Path("/proc/self/fd").iterdir())), children()
    clean_media(JPEG)
    refusal(JPEG[:300])
    monkeypatch.setattr(media, "_BOOT", answering("signal.pause()"))
    refusal(JPEG, wall_seconds=0.2)
    assert (len(list(Path("/proc/self/fd").iterdir())), children()) == before


def test_the_parent_never_loads_a_decoder_wherever_it_runs(tmp_path):
    (tmp_path / "photo").write_bytes(JPEG)
    (tmp_path / "paper").write_bytes(PDF)
    (tmp_path / "PIL.py").write_text("raise SystemExit('a file of the current directory was run')")
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path\n"
        "from backend.vault.media import clean_media\n"
        "print([clean_media(Path(name).read_bytes()).extension for name in ('photo', 'paper')])\n"
        "print(sorted({'PIL', 'pikepdf', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == ["['jpg', 'pdf']", "[]"]


def test_no_bomb_takes_more_memory_than_the_limit(tmp_path):
    pages = samples.plain_pdf()
    packed = samples.zlib.compress(bytes(150_000_000), 1)
    samples.add_image(pages, packed, Filter=samples.Name.FlateDecode)
    bombs = {
        "header.png": samples.png_claiming(50_000, 50_000),
        "canvas.webp": samples.webp_claiming(16_000, 16_000),
        "flat.png": samples.encoded(samples.Image.new("L", (7000, 7000)), "PNG", compress_level=1),
        "scans.jpg": samples.jpeg_with_many_scans(4000),
        "swelling.pdf": samples.saved(pages, compress_streams=False),
    }
    for name, data in bombs.items():
        assert len(data) < 10_000_000
        (tmp_path / name).write_bytes(data)
    del packed, bombs
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; import resource\n"
        "from backend.vault.media import MediaLimits, MediaRefused, clean_media\n"
        "for path in sorted(Path('.').iterdir()):\n"
        "    try: print(path.name, clean_media(path.read_bytes(), limits=MediaLimits(cpu_seconds=1 if path.suffix == '.jpg' else 8)).extension)\n"
        "    except MediaRefused as refused: print(path.name, refused.code)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    *lines, most = done.stdout.splitlines()
    outcome = dict(line.split() for line in lines)
    assert outcome["header.png"] == outcome["canvas.webp"] == "image_too_large"
    assert outcome["scans.jpg"] == "media_too_complex"
    assert outcome["flat.png"] == "png"
    assert outcome["swelling.pdf"] in {"pdf", "media_too_complex"}
    assert int(most) < 512


def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path):
    child = (
        f"import sys, types; package = types.ModuleType('backend'); package.__path__ = [{str(ROOT / 'backend')!r}]\n"
        "sys.modules['backend'] = package\n"
        "from backend.vault.media_child import confine; from backend.vault.media_terms import MediaLimits\n"
        "import os, signal; confine(os.getppid(), MediaLimits()); print(os.getpid(), flush=True); signal.pause()"
    )
    parent = f"import signal, subprocess, sys; subprocess.Popen([sys.executable, '-I', '-c', {child!r}]); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        pid = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        assert gone(pid)
