"""The statements of signing give every column a value, and refuse what is not open."""

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from petitions.models import Petition, SigningPause
from signatures.models import (
    Bucket,
    CountChange,
    Signature,
    SignatureMail,
    Trace,
    statements,
)
from signatures.models.buckets import Window
from signatures.models.sources import Source
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_review,
    make_staff,
    make_won_petition,
)
from tests.petitions.test_states import make_overdue_petition

pytestmark = pytest.mark.django_db

SIGNER = {"name": "Ana Quispe", "email": "ana@example.org"}


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Signature, statements.SIGNATURE),
        (SignatureMail, statements.MAIL),
        (Trace, statements.TRACE),
        (CountChange, statements.CHANGE),
    ],
)
def test_every_column_that_must_not_be_empty_gets_a_value(
    model: type[models.Model], columns: dict[str, str]
) -> None:
    """A new field has to be written there too: the model's default is not asked."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    needed = {
        field.column
        for field in fields
        if not field.null and field.db_default is models.NOT_PROVIDED
    }

    assert needed <= set(columns)
    assert set(columns) <= {field.column for field in model._meta.concrete_fields}


@pytest.mark.usefixtures("time_as_it_is")
def test_what_is_started_is_as_the_model_would_start_it() -> None:
    petition = make_petition()

    key = Signature.objects.start(petition.slug, **SIGNER)

    signature = Signature.objects.get(key=key)
    fresh = Signature(petition=petition, version=petition.current_version, **SIGNER)
    given = {"id", "key", "started_at", "address_key"}
    for field in Signature._meta.concrete_fields:
        if field.name not in given:
            assert getattr(signature, field.attname) == getattr(fresh, field.attname)
    mail, fresh_mail = signature.mails.get(), SignatureMail(signature=signature)
    assert mail.due_at == signature.started_at
    for field in SignatureMail._meta.concrete_fields:
        if field.name not in {"id", "due_at"}:
            assert getattr(mail, field.attname) == getattr(fresh_mail, field.attname)
    trace = signature.trace
    assert (trace.network_key, trace.domain) == ("", "example.org")
    assert (trace.hits, trace.score, trace.signs) == (0, 0, "")
    assert trace.started_at == signature.started_at


@pytest.mark.parametrize(
    "make",
    [
        *[make_draft, make_review, make_closed_petition, make_won_petition],
        *[make_overdue_petition, make_hidden_petition, make_rejected_petition],
        lambda: Petition(slug="there-is-none"),
    ],
)
def test_nothing_is_written_for_a_petition_that_is_not_open(make) -> None:
    assert Signature.objects.start(make().slug, **SIGNER) is None
    assert Signature.objects.count() == SignatureMail.objects.count() == 0


def test_an_open_petition_takes_signatures_until_its_last_moment(time_machine) -> None:
    closes_at = timezone.now() + timedelta(hours=1)
    petition = make_petition(closes_at=closes_at)

    time_machine.move_to(closes_at - timedelta(microseconds=1), tick=False)
    in_time = Signature.objects.start(petition.slug, **SIGNER)
    time_machine.move_to(closes_at, tick=False)
    late = Signature.objects.start(petition.slug, **SIGNER)

    assert in_time
    assert late is None


@pytest.mark.parametrize(("sensitive", "via"), [(False, "wa"), (True, "")])
def test_no_way_is_kept_for_a_sensitive_petition(sensitive: bool, via: str) -> None:
    petition = make_petition(sensitive=sensitive)

    Signature.objects.start(petition.slug, via="wa", **SIGNER)

    assert Signature.objects.get().via == via


def test_words_that_were_changed_are_not_signed() -> None:
    petition = make_petition()
    seen = petition.current_version_id
    petition.ask = "Tear the bridge down."
    petition.revise(by=None, reason="A change of mind.")

    assert Signature.objects.start(petition.slug, version=seen, **SIGNER) is None
    assert Signature.objects.start(
        petition.slug, version=petition.current_version_id, **SIGNER
    )
    assert Signature.objects.count() == 1


def make_source(**about: object) -> Source:
    """From a network of which ten are taken as they are, and twenty at all."""
    window = Window("hour", timezone.now() + timedelta(hours=1))
    limits = {"held_above": 10, "refused_above": 20}
    return Source(**{"network_key": "key", "window": window, **limits, **about})


def start(source: Source, petition: Petition | None = None) -> Signature | None:
    slug = (petition or make_petition()).slug
    key = Signature.objects.start(slug, source=source, **SIGNER)
    return Signature.objects.get(key=key) if key else None


@pytest.mark.parametrize("before", [0, 9, 10, 19])
def test_the_network_is_counted_and_above_its_limit_held(before: int) -> None:
    source = make_source(score=40, signs="no-stamp,haste")
    if before:
        Bucket.objects.add({source.window: before})

    signature = start(source)

    assert signature.held_at == (signature.started_at if before >= 10 else None)
    assert Bucket.objects.get().hits == before + 1
    trace = signature.trace
    assert (trace.network_key, trace.hits) == ("key", before + 1)
    assert (trace.score, trace.signs) == (40, "no-stamp,haste")
    assert signature.mails.count() == 1


@pytest.mark.parametrize("before", [20, 999])
def test_far_above_its_limit_nothing_is_written_but_the_count(before: int) -> None:
    source = make_source()
    Bucket.objects.add({source.window: before})

    assert start(source) is None
    assert source.is_refused
    assert Signature.objects.count() == Trace.objects.count() == 0
    assert SignatureMail.objects.count() == 0
    assert Bucket.objects.get().hits == before + 1


def test_what_must_be_held_is_held_from_the_first() -> None:
    held = start(make_source(must_be_held=True))
    uncounted = start(Source(must_be_held=True))

    assert held.held_at == held.started_at
    assert uncounted.held_at == uncounted.started_at


def test_without_a_window_nothing_is_counted() -> None:
    signature = start(Source(network_key="key"))

    assert signature.held_at is None
    assert signature.trace.hits == 0
    assert Bucket.objects.count() == 0


@pytest.mark.parametrize("is_whole_site", [False, True])
def test_nothing_is_written_while_signing_is_paused(is_whole_site: bool) -> None:
    petition, other = make_petition(), make_petition()
    pause = SigningPause.objects.create(
        petition=None if is_whole_site else petition, notice="Wait.", by=make_staff()
    )

    assert start(make_source(), petition) is None
    assert (start(make_source(), other) is None) == is_whole_site
    SigningPause.objects.filter(pk=pause.pk).update(ended_at=timezone.now())
    assert start(make_source(), petition)


@pytest.mark.parametrize(("sensitive", "days"), [(False, 183), (True, 30)])
def test_each_keeps_the_promise_of_its_day(
    settings, sensitive: bool, days: int
) -> None:
    petition = make_petition(sensitive=sensitive)

    first = start(Source(), petition)
    settings.SIGNERS_KEPT = settings.SENSITIVE_SIGNERS_KEPT = timedelta(days=7)
    second = start(Source(), petition)

    assert (first.kept_days, second.kept_days) == (days, 7)
