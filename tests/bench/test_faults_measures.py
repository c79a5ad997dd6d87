"""How a fault was felt: what failed, for how long, and when it was over."""

import math

import pytest

from bench.faults.measures import Asked, Service, Times, back_after, until

TIMES = Times(began=0.0, fault_began=5.0, fault_ended=10.0, over=20.0, quiet=25.0)


def asked(kind: str, ended: float, status: int, **more: bool) -> Asked:
    return Asked(kind, due=ended - 0.1, ended=ended, status=status, **more)


CALM = [asked("sign", second / 2, 303) for second in range(1, 40)]


def test_nothing_failed() -> None:
    service = Service.of(CALM, TIMES)

    assert (service.requests, service.failed) == (39, 0)
    assert service.p95_ms == pytest.approx(100)
    assert service.longest_pause == 0.5
    assert service.back_after == 0.5


def test_a_pause_is_a_time_without_a_form_taken() -> None:
    broken = [one for one in CALM if not 6 < one.ended < 12]
    refused = [asked("confirm", 11.0, 503), asked("page", 11.5, 0)]

    service = Service.of([*broken, *refused], TIMES)

    assert service.failed == 2
    assert service.longest_pause == 6.0
    assert service.back_after == 2.0


def test_it_is_back_when_the_last_request_has_failed() -> None:
    failed = asked("page", 17.0, 0)

    assert Service.of([*CALM, failed], TIMES).back_after == 7.0


def test_it_may_never_be_back() -> None:
    calm_before = [one for one in CALM if one.ended < 10]

    assert math.isinf(back_after(calm_before, 10.0))


def test_probes_are_no_people() -> None:
    probes = [asked("readyz", 6.0, 503), asked("healthz", 6.0, 200)]

    assert Service.of(probes, TIMES).requests == 0
    assert not any(one.is_plain_error for one in probes)


def test_how_long_a_probe_takes_to_tell() -> None:
    probes = [
        asked("readyz", 5.05, 503),  # asked before
        *[asked("readyz", 6.0, 200), asked("readyz", 7.5, 503)],
    ]

    assert until(probes, "readyz", 5.0, lambda one: one.status == 503) == 2.5
    assert math.isinf(until(probes, "healthz", 5.0, lambda one: one.status == 200))
