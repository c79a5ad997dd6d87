"""The statements of signing give every column a value, and refuse what is not open."""

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from petitions.models import Petition
from signatures.models import CountChange, Signature, SignatureMail, statements
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_won_petition,
)
from tests.petitions.test_states import make_overdue_petition, make_submitted_petition

pytestmark = pytest.mark.django_db

SIGNER = {"name": "Ana Quispe", "email": "ana@example.org"}


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Signature, statements.SIGNATURE),
        (SignatureMail, statements.MAIL),
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
    assert set(columns) <= {field.column for field in fields}


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


@pytest.mark.parametrize(
    "make",
    [
        *[make_draft, make_submitted_petition, make_closed_petition, make_won_petition],
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
