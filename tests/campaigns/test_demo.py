import json
from io import StringIO
from itertools import accumulate

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaigns import tally
from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.demo import online
from campaigns.management.commands import load_demo
from campaigns.models import DailyCount, Milestone
from petitions.goals import thresholds_between
from petitions.models import Account, Petition
from signatures.models import CountChange, Signature

pytestmark = pytest.mark.django_db
SMALL = ["heat-for-sorrel-court", "safe-crossing-at-mill-lane"]


def load_small() -> list[Petition]:
    """The whole bundle, of which a few are signed online."""
    import_bundle(parse(load_demo.BUNDLE.read_bytes()))
    petitions = list(Petition.objects.filter(slug__in=SMALL))
    online.sign_online(petitions)
    for petition in petitions:
        petition.refresh_from_db()
    return petitions


@pytest.mark.slow
def test_the_demo_can_be_loaded_again(settings: object) -> None:
    settings.DEBUG = True

    said = [StringIO(), StringIO()]
    for output in said:
        call_command("load_demo", stdout=output)

    assert said[1].getvalue() == "0 demo petitions loaded.\n"
    assert CountChange.objects.count() == 0
    assert tally.recount() == 0
    assert Account.objects.count() == 4  # one for each role
    rosa = Account.objects.get(email="rosa@example.org")
    assert rosa.organizers.exists()
    assert Petition.objects.run_by(rosa).exists()
    started = Petition.objects.open()
    assert started.filter(carried_over_count=0).count() * 2 > started.count()
    for petition in started:
        milestones = Milestone.objects.filter(petition=petition)
        assert sorted(milestones.values_list("threshold", flat=True)) == (
            thresholds_between(0, petition.signature_count)
        )


@pytest.mark.slow
def test_the_demo_passes_each_milestone_on_its_day() -> None:
    for petition in load_small():
        days = DailyCount.objects.filter(petition=petition).order_by("day")
        counts = accumulate(day.count for day in days)
        reached = {
            threshold: day.day
            for day, count in reversed([*zip(days, counts, strict=True)])
            for threshold in thresholds_between(0, count)
        }
        assert reached == {
            milestone.threshold: timezone.localdate(milestone.reached_at)
            for milestone in Milestone.objects.filter(petition=petition)
        }


@pytest.mark.slow
def test_the_signers_of_the_demo_are_invented_and_hidden_unless_listed() -> None:
    demo = json.loads(online.SIGNATURES.read_bytes())["petitions"]

    for petition in load_small():
        plan = demo[petition.slug]
        signatures = Signature.objects.for_petition(petition).order_by("confirmed_at")
        assert petition.signature_count == signatures.count() == plan["total"]
        assert [
            one for one in signatures if not one.email.endswith("@example.org")
        ] == []
        assert not signatures.wanting_updates().exists()
        seen = signatures.seen_in_public()
        assert sorted(one.name for one in seen) == sorted(
            person["name"] for person in plan["shown"]
        )
