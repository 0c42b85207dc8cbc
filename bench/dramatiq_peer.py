"""The peer of the outbox benchmark: the same call of the gateway as an actor of dramatiq, with a real Redis.

Started as `python -m dramatiq bench.dramatiq_peer`; its surroundings come from the environment.
"""

from __future__ import annotations

import os
from pathlib import Path

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from tests.support.outbox_load import send, stub_gateway

REDIS, STUB, FOLDER = "BENCH_REDIS", "BENCH_STUB", "BENCH_FOLDER"
QUEUE = "outbox"

broker = RedisBroker(url=os.environ[REDIS])
dramatiq.set_broker(broker)
gateway = stub_gateway(int(os.environ[STUB]), Path(os.environ[FOLDER]))


@dramatiq.actor(queue_name=QUEUE)
def send_message(openid: str, number: str) -> None:
    """Send one message."""
    send(gateway, openid, {"number1": number})
