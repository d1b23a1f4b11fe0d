"""How much one address may ask: counted by address, refilled steadily, told in headers, never for 304s."""

from types import SimpleNamespace

import pytest

from nato_support.api import dispatch
from nato_support.api.problems import ApiProblem
from nato_support.api.throttle import Rate, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def asks(address: str, through: str = ""):
    return SimpleNamespace(META={"REMOTE_ADDR": address} | ({"HTTP_X_FORWARDED_FOR": through} if through else {}))


def wait_of(throttle, request) -> int:
    """Seconds that are to be waited; 0 if the request may pass."""
    try:
        throttle.spend_request(request)
    except ApiProblem as problem:
        assert problem.status == 429
        assert problem.headers["RateLimit"].startswith('"address";r=0;')
        return int(problem.headers["Retry-After"])
    return 0


def test_a_rate_is_read():
    assert Rate.parse("600/minute") == Rate(600, 60)
    assert Rate.parse("off") is None
    for text in ("", "600", "0/minute", "-1/hour", "ten/minute", "1/week", "1/minute ", "1" * 30 + "/day"):
        with pytest.raises(ValueError, match="API_RATE"):
            Rate.parse(text)


def test_so_many_at_once_and_then_steadily(clock):
    throttle = Throttle(Rate(3, 60), count_this_machine=False, clock=clock)
    asking = asks("203.0.113.7")
    assert [wait_of(throttle, asking) for _ in range(4)] == [0, 0, 0, 20]
    clock.now += 19
    assert wait_of(throttle, asking) == 1
    clock.now += 1
    assert [wait_of(throttle, asking) for _ in range(2)] == [0, 20]
    clock.now += 10_000
    assert [wait_of(throttle, asking) for _ in range(4)] == [0, 0, 0, 20]


def test_what_is_said_to_be_waited_is_enough(clock):
    throttle = Throttle(Rate(7, 60), count_this_machine=False, clock=clock)
    asking = asks("203.0.113.7")
    for _ in range(50):
        if wait := wait_of(throttle, asking):
            clock.now += wait
            assert wait_of(throttle, asking) == 0


def test_addresses_are_counted_apart_and_networks_together(clock):
    throttle = Throttle(Rate(1, 60), count_this_machine=False, clock=clock)
    assert wait_of(throttle, asks("203.0.113.7")) == 0
    assert wait_of(throttle, asks("203.0.113.8")) == 0
    assert wait_of(throttle, asks("::ffff:203.0.113.8"))
    assert wait_of(throttle, asks("2001:db8::1")) == 0
    assert wait_of(throttle, asks("2001:db8::2"))
    assert wait_of(throttle, asks("2001:db8:0:1::2")) == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.9.9.9", ""])
def test_this_machine_is_counted_only_where_a_rate_was_set(clock, address):
    free = Throttle(Rate(1, 60), count_this_machine=False, clock=clock)
    assert [wait_of(free, asks(address)) for _ in range(3)] == [0, 0, 0]
    assert free.spend_request(asks(address)) == {}
    counted = Throttle(Rate(1, 60), count_this_machine=True, clock=clock)
    assert [bool(wait_of(counted, asks(address))) for _ in range(3)] == [False, True, True]


def test_a_header_is_not_asked_who_sends(clock):
    throttle = Throttle(Rate(1, 60), count_this_machine=False, clock=clock)
    assert wait_of(throttle, asks("203.0.113.7", "198.51.100.1")) == 0
    assert wait_of(throttle, asks("203.0.113.7", "198.51.100.2"))


def test_addresses_remembered_are_bounded(clock, monkeypatch):
    monkeypatch.setattr("nato_support.api.throttle.MAX_ADDRESSES", 10)
    throttle = Throttle(Rate(1, 60), count_this_machine=False, clock=clock)
    for last in range(50):
        throttle.spend_request(asks(f"203.0.113.{last}"))
    assert len(throttle._buckets) == 10


@pytest.fixture
def three(monkeypatch, clock):
    monkeypatch.setattr(dispatch, "throttle", Throttle(Rate(3, 60), count_this_machine=True, clock=clock))
    return clock


def test_429_is_a_problem_that_says_when_to_ask_again(api, three):
    left = [api("events/").headers["RateLimit"] for _ in range(3)]
    assert left == ['"address";r=2;t=1', '"address";r=1;t=1', '"address";r=0;t=20']
    refused = api("events/", 429)
    assert refused.headers["RateLimit-Policy"] == '"address";q=3;w=60'
    assert refused.headers["Retry-After"] == "20"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.data["type"] == "/api/v1/problems/rate-limited/"
    assert refused.data["instance"] == f"urn:request:{refused.headers['X-Request-ID']}"
    three.now += 20
    api("events/")


def test_304_costs_nothing(api, three, public):
    listed, edition = api("events/"), api("commitments/forty-kites/editions/1/")
    for _ in range(5):
        api("events/", 304, **{"If-None-Match": listed.headers["ETag"]})
        api("commitments/forty-kites/editions/1/", 304, **{"If-None-Match": edition.headers["ETag"]})
        api("events/", 304, **{"If-Modified-Since": listed.headers["Last-Modified"]})
    api("events/")
    api("events/", 429)
    api("events/", 304, **{"If-None-Match": listed.headers["ETag"]})


def test_what_is_refused_unread_comes_before(api, three):
    for _ in range(3):
        api("events/")
    api("events/", 405, "DELETE")
    api("events/", 406, Accept="image/png")
    api("events/", 204, "OPTIONS")
    # Errors are counted as all else is.
    api("nowhere/", 429)
    api("events/?x=1", 429)
