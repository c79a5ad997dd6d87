"""Limits are exact, however many knock at the same moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from signatures.limits import LINK_REQUESTS
from signatures.models import Bucket, LinkRequest
from tests.races.acts import press
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_200_hits_by_20_at_once_are_200() -> None:
    ends_at = timezone.now() + timedelta(hours=1)

    def hit_ten_times() -> list[int]:
        return [Bucket.objects.hit("one", ends_at=ends_at) for _ in range(10)]

    answers = in_threads([hit_ten_times] * 20)

    assert sorted(hits for ten in answers for hits in ten) == list(range(1, 201))
    assert Bucket.objects.get().hits == 200


def test_of_20_requests_for_links_at_once_as_many_pass_as_may() -> None:
    most, _window = LINK_REQUESTS
    words = {"email": "ada@example.org"}

    def ask() -> int:
        return press("/find-my-signature/", words)

    answers = in_threads([ask] * 20)

    assert sorted(answers) == [200] * most + [429] * (20 - most)
    assert LinkRequest.objects.count() == most
