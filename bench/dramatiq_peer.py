"""The peer of the outbox benchmark: the same call as an actor of dramatiq, with a real Redis.

Started as `python -m dramatiq bench.dramatiq_peer`; where its Redis and its stub are comes from the environment.
"""

from __future__ import annotations

import os
from pathlib import Path

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from tests.support.outbox_load import CALLS

REDIS, STUB, FOLDER, CALL = "BENCH_REDIS", "BENCH_STUB", "BENCH_FOLDER", "BENCH_CALL"

dramatiq.set_broker(RedisBroker(url=os.environ[REDIS]))
call = CALLS[os.environ[CALL]](int(os.environ[STUB]), Path(os.environ[FOLDER]))


@dramatiq.actor(queue_name="outbox")
def send_message(openid: str, number: str) -> None:
    """Send one message."""
    call(openid, {"number1": number})
