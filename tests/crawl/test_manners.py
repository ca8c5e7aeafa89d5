"""Whom never to ask, and how long to wait."""

from __future__ import annotations

import asyncio
import ipaddress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Response

from crawler.manners.addresses import is_allowed
from crawler.manners.pace import Pace, unit_of
from crawler.manners.refusals import retry_after
from tests.helpers.loop import in_a_loop


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1",
     "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "ff02::1",
     "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "100::1",
     "192.0.2.1", "198.18.0.1", "192.0.0.1", "169.254.170.2", "fd00:ec2::254", "192.88.99.1", "3fff::1", "::ffff:192.88.99.1"],
)  # fmt: skip
def test_private_addresses_are_refused(address: str) -> None:
    assert not is_allowed(ipaddress.ip_address(address), allow_loopback=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_only_where_allowed(address: str) -> None:
    assert is_allowed(ipaddress.ip_address(address), allow_loopback=True)
    assert not is_allowed(ipaddress.ip_address(address), allow_loopback=False)


def test_the_open_internet_is_allowed() -> None:
    assert is_allowed(ipaddress.ip_address("151.101.3.42"), allow_loopback=False)
    assert is_allowed(ipaddress.ip_address("2a04:4e42::554"), allow_loopback=False)


def answer(**headers: str) -> Response:
    return Response("https://x.org", status=429, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_retry_after() -> None:
    assert retry_after(answer()) is None
    assert retry_after(answer(Retry_After="7")) == 7
    assert retry_after(answer(Retry_After="0")) == 1
    assert retry_after(answer(Retry_After="nan")) is None
    assert retry_after(answer(Retry_After="216383"), in_ms=True) == pytest.approx(216.383), "Open Patent Services give milliseconds"
    assert retry_after(answer(Retry_After="600"), in_ms=True) == 600
    assert retry_after(answer(Retry_After="soon")) is None
    assert retry_after(answer(x_rate_limit_retry_after_seconds="3")) == 3
    wait = retry_after(answer(Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)))
    assert wait is not None and 85 < wait <= 90


def test_units_shrink_only_where_a_high_rate_is_allowed() -> None:
    assert unit_of(1.0) == unit_of(3.0) == unit_of(0.1) == 1.0
    assert unit_of(0.001) == 0.01


def test_refusals_slow_the_host_down_until_it_answers_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [50.0]
    monkeypatch.setattr("crawler.manners.pace.monotonic", lambda: clock[0])
    pace = Pace(0.1, 0.1)

    def waits() -> float:
        start = clock[0]
        while (wait := pace.try_turn()) > 0:
            clock[0] += wait
        return clock[0] - start

    assert waits() == 0
    pace.refused(5)  # 32 units
    assert 0.8 * 3.2 <= waits() <= 1.2 * 3.2
    assert waits() > 0.15, "slower from now on"
    for _ in range(100):
        pace.answered()
    assert waits() < 0.15


def test_stopping_ends_a_wait() -> None:
    async def story() -> None:
        pace, stop = Pace(1.0, 1.0), asyncio.Event()
        pace.hold(600)
        waiting = asyncio.ensure_future(pace.turn(stop))
        await asyncio.sleep(0)
        stop.set()
        await asyncio.wait_for(waiting, 60)  # far less than ten minutes

    in_a_loop(story)
