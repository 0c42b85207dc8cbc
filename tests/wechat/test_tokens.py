"""One token for any number of threads and processes, kept sealed, and no harm when what is shared is lost."""

from __future__ import annotations

import socket
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from backend.clock import SystemClock
from backend.vault.cipher import Vault
from backend.vault.keys import Keyring
from backend.wechat.gateway import token_stores
from backend.wechat.gateway.problems import Remedy, WechatProblem
from backend.wechat.gateway.token_stores import FileTokenStore, RedisTokenStore, TokenSeal
from backend.wechat.gateway.tokens import Token, TokenSource
from tests.support.running import free_port

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
APP_ID = "wx0123456789abcdef"
VALUE = "89_a-token-of-wechat"


class Nothing:
    """A store that is away."""

    def get(self):
        return None

    def put(self, token):
        pass

    def drop(self, value):
        pass

    def refreshing(self):
        return nullcontext()


class Wechat:
    """Hands out tokens and counts; `trouble` is raised in their place."""

    def __init__(self, trouble=None):
        self.asked = 0
        self.trouble = trouble
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self):
        self.asked += 1
        assert self.gate.wait(10)
        if self.trouble:
            raise self.trouble
        return Token.issued(f"token-{self.asked}", 7200, NOW)


class Time:
    moment = NOW

    def __call__(self):
        return self.moment


@pytest.fixture
def seal(tmp_path):
    return TokenSeal(Vault(Keyring.create(tmp_path / "keys")), APP_ID)


@pytest.fixture(params=["file", "redis"])
def store(request, tmp_path, seal):
    if request.param == "file":
        yield FileTokenStore(tmp_path, seal)
    else:
        server = request.getfixturevalue("redis_server")
        yield RedisTokenStore(server.limiter_url, APP_ID, seal)
        with Redis.from_url(server.url) as redis:
            redis.flushall()


@pytest.mark.parametrize(
    ("expires_in", "seconds"), [(7200, 6900), (345, 60), (300, 60), (0, 60), (-5, 60), (400, 100), (10**9, 6900)]
)  # fmt: skip
def test_a_token_is_used_until_its_successor_is_out(expires_in, seconds):
    assert Token.issued(VALUE, expires_in, NOW).expires_at == NOW + timedelta(seconds=seconds)


def ask_in_threads(sources, wechat, count):
    """All ask while WeChat has not answered yet; what each got."""
    wechat.gate.clear()
    inside = threading.Barrier(count + 1)

    def ask(source):
        inside.wait(10)
        try:
            return source.current()
        except WechatProblem as problem:
            return problem

    with ThreadPoolExecutor(count) as pool:
        asking = [pool.submit(ask, sources[number % len(sources)]) for number in range(count)]
        inside.wait(10)
        wechat.gate.set()
        return [each.result() for each in asking]


def test_fifty_cold_threads_ask_once():
    wechat = Wechat()
    assert set(ask_in_threads([TokenSource(Nothing(), wechat, Time())], wechat, 50)) == {"token-1"}
    assert wechat.asked == 1


def test_those_who_wait_share_the_failure_each_with_an_exception_of_its_own():
    wechat = Wechat(
        WechatProblem("secret_wrong", Remedy.OPERATOR, errcode=40125, rid="a-b-c", address="1.2.3.4")
    )
    source = TokenSource(Nothing(), wechat, Time())
    wechat.gate.clear()
    entered = threading.Semaphore(0)
    lock = source._lock
    source._lock = Watched(lock, entered)
    found = []

    def ask():
        try:
            source.current()
        except WechatProblem as problem:
            found.append(problem)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert entered.acquire(timeout=10)
    wechat.gate.set()
    for thread in threads:
        thread.join(10)
    assert wechat.asked == 1
    assert len({id(problem) for problem in found}) == 5
    for problem in found:
        assert vars(problem) == vars(wechat.trouble)


class Watched:
    """A lock that tells how often it has been let go."""

    def __init__(self, lock, released):
        self.lock = lock
        self.released = released

    def __enter__(self):
        return self.lock.__enter__()

    def __exit__(self, *exc):
        self.lock.__exit__(*exc)
        self.released.release()


def test_a_failure_is_not_remembered_and_an_accident_frees_those_who_wait():
    wechat = Wechat(ValueError("a fault of ours"))
    source = TokenSource(Nothing(), wechat, Time())
    with pytest.raises(ValueError, match="ours"):
        source.current()
    wechat.trouble = None
    assert source.current() == "token-2"


def test_a_token_in_memory_needs_no_store(store):
    wechat = Wechat()
    source = TokenSource(store, wechat, Time())
    assert source.current() == "token-1"
    source._store = None
    assert source.current() == "token-1"


def test_a_token_too_old_is_asked_for_anew(store):
    wechat, now = Wechat(), Time()
    source = TokenSource(store, wechat, now)
    assert source.current() == "token-1"
    now.moment = NOW + timedelta(seconds=6899)
    assert source.current() == "token-1"
    now.moment = NOW + timedelta(seconds=6900)
    assert source.current() == "token-2"


def test_processes_share_one_question(store, tmp_path):
    """Each source stands for a process; they start cold together."""
    wechat = Wechat()
    sources = [TokenSource(store, wechat, Time()) for _ in range(4)]
    assert set(ask_in_threads(sources, wechat, 8)) == {"token-1"}
    assert wechat.asked == 1


def test_a_refused_token_is_dropped_only_while_it_is_the_one(store):
    wechat = Wechat()
    one, other = (TokenSource(store, wechat, Time()) for _ in range(2))
    assert one.current() == other.current() == "token-1"
    one.drop("token-1")
    assert one.current() == "token-2"
    other.drop("token-1")
    assert other.current() == "token-2"
    other.drop("token-1")  # told late: the new one stays
    assert one.current() == other.current() == "token-2"
    assert wechat.asked == 2


def test_a_thread_told_late_drops_nothing_newer():
    wechat = Wechat()
    source = TokenSource(Nothing(), wechat, Time())
    source.current()
    source.drop("token-0")
    assert (source.current(), wechat.asked) == ("token-1", 1)


def test_the_store_keeps_it_sealed(store, tmp_path, redis_server):
    token = Token.issued(VALUE, 7200, SystemClock().now())
    store.put(token)
    assert store.get() == token
    if isinstance(store, FileTokenStore):
        kept = (tmp_path / "wechat-token").read_bytes()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("wechat-*")}
        assert modes == {"wechat-token": 0o600}
    else:
        with Redis.from_url(redis_server.url) as redis:
            (key,) = redis.keys()
            kept = redis.get(key)
            assert 6800 < redis.ttl(key) <= 6900
    assert VALUE.encode() not in kept
    assert VALUE not in repr(token)


def test_what_others_sealed_counts_as_nothing(tmp_path, seal):
    store = FileTokenStore(tmp_path, seal)
    foreign = Vault(Keyring.create(tmp_path / "other"))
    for stranger in (TokenSeal(foreign, APP_ID), TokenSeal(seal._vault, "wx9999999999999999")):
        FileTokenStore(tmp_path, stranger).put(Token.issued(VALUE, 7200, NOW))
        assert store.get() is None
    for damage in (b"", b"x", b"x" * 200):
        (tmp_path / "wechat-token").write_bytes(damage)
        assert store.get() is None


def test_without_redis_nothing_is_shared_and_nothing_breaks(seal):
    store = RedisTokenStore(f"redis://127.0.0.1:{free_port()}", APP_ID, seal)
    wechat = Wechat()
    source = TokenSource(store, wechat, Time())
    assert source.current() == "token-1"
    source.drop("token-1")
    assert source.current() == "token-2"


def test_a_redis_that_does_not_answer_delays_a_token_by_moments(seal, monkeypatch):
    monkeypatch.setattr(token_stores, "_REDIS_SECONDS", 0.05)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        store = RedisTokenStore(f"redis://127.0.0.1:{mute.getsockname()[1]}", APP_ID, seal)
        began = time.monotonic()
        assert TokenSource(store, Wechat(), Time()).current() == "token-1"
        assert time.monotonic() - began < 2


def test_without_its_folder_nothing_is_shared_and_nothing_breaks(tmp_path, seal):
    store = FileTokenStore(tmp_path / "gone", seal)
    wechat = Wechat()
    source = TokenSource(store, wechat, Time())
    assert source.current() == "token-1"
    source.drop("token-1")
    assert source.current() == "token-2"
    assert not (tmp_path / "gone").exists()


def test_a_process_that_hangs_holds_nobody_for_long(store, monkeypatch):
    monkeypatch.setattr(token_stores, "REFRESH_SECONDS", 0.2)
    wechat = Wechat()
    with held(store):
        assert TokenSource(store, wechat, Time()).current() == "token-1"


@contextmanager
def held(store):
    """Another process that asks WeChat and does not get on."""
    free, has_it = threading.Event(), threading.Event()

    def hang():
        with store.refreshing():
            has_it.set()
            free.wait(10)

    thread = threading.Thread(target=hang)
    thread.start()
    assert has_it.wait(10)
    yield
    free.set()
    thread.join(10)
