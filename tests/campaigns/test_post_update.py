from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle
from campaigns.models import Ending, Event, Update, UpdateMail
from campaigns.models.updates import TooManyMailings, first_free
from petitions.models import Petition
from signatures.models import Signature, Suppression
from tests.campaigns.sent_mail import make_asking, receivers, send_all
from tests.makers import (
    make_ending,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
    make_translation,
    make_update,
)

pytestmark = pytest.mark.django_db


def test_an_update_is_on_the_page_at_once(client: Client) -> None:
    petition = make_petition(organizers=[make_organizer(name="Rosa Lindqvist")])

    update = make_update(
        petition, title="We were heard", organizer=petition.organizers.get()
    )

    assert b"We were heard" in client.get(petition.get_absolute_url()).content
    assert update.author == "Rosa Lindqvist"
    event = Event.objects.get()
    assert (event.kind, event.by, event.note) == (
        *("update_posted", update.posted_by, "We were heard"),
    )


def test_posting_marks_the_petition_as_changed() -> None:
    petition = make_petition()
    before = petition.changed_at

    make_update(petition)

    petition.refresh_from_db()
    assert petition.changed_at > before


def test_nobody_is_mailed_unless_that_was_asked() -> None:
    petition = make_petition()
    make_asking(petition)

    make_update(petition, with_mail=False)

    assert receivers() == []


def test_exactly_those_are_mailed_who_had_asked() -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    make_asking(petition, email="bela@example.org")
    make_asking(petition, email="never-asked@example.org", wants_updates=False)
    make_asking(make_petition(), email="of-another@example.org")
    unconfirmed = make_signature(
        petition=petition, email="pending@example.org", wants_updates=True
    )
    unconfirmed.mails.all().delete()

    make_update(petition, with_mail=True)
    make_asking(petition, email="too-late@example.org")

    assert receivers() == ["ada@example.org", "bela@example.org"]
    assert receivers() == ["ada@example.org", "bela@example.org"]


def suppress(signature: Signature) -> None:
    Suppression.objects.create(address_key=signature.address_key)


def exclude(signature: Signature) -> None:
    lifecycle.exclude(signature, by=make_staff(), reason="A robot.")


CHANGES_OF_MIND = [
    Signature.withdraw,
    Signature.stop_updates,
    exclude,
    suppress,
]


@pytest.mark.parametrize("change_mind", CHANGES_OF_MIND)
@pytest.mark.parametrize("when", ["before posting", "after posting", "after queueing"])
def test_who_changes_their_mind_gets_no_mail(change_mind: object, when: str) -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    gone = make_asking(petition, email="gone@example.org")

    if when == "before posting":
        change_mind(gone)
    update = make_update(petition, with_mail=True)
    if when == "after posting":
        change_mind(gone)
    update.queue_mails()
    if when == "after queueing":
        change_mind(gone)

    assert receivers() == ["ada@example.org"]
    update.refresh_from_db()
    assert (update.mail_total, update.mail_sent, update.mail_failed) == (1, 1, 0)


def test_a_hidden_petition_sends_no_updates() -> None:
    petition = make_petition()
    make_asking(petition)
    make_update(petition, with_mail=True)

    lifecycle.hide(petition, by=make_staff(), reason="Names Jonas.")

    assert receivers() == []


def test_who_asks_later_gets_the_next_one() -> None:
    petition = make_petition()
    signature = make_asking(petition, email="ada@example.org", wants_updates=False)
    make_update(petition, title="The first", with_mail=True)
    send_all()

    Signature.objects.filter(pk=signature.pk).update(wants_updates=True)
    make_update(petition, title="The second", with_mail=True)

    assert [message.subject for message in send_all()] == ["The second"]


def test_the_mail_says_how_to_stop_it(client: Client) -> None:
    petition = make_petition()
    signature = make_asking(petition)
    update = make_update(petition, with_mail=True)

    (message,) = send_all()

    headers = message.message()
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message.body
    assert update.get_absolute_url() in message.body
    html, kind = message.alternatives[0]
    assert (kind, link in html) == ("text/html", True)

    response = client.post(
        link.removeprefix("http://testserver"), {"List-Unsubscribe": "One-Click"}
    )
    assert response.status_code == 200
    signature.refresh_from_db()
    assert not signature.wants_updates


def test_the_mail_speaks_the_signers_language() -> None:
    petition = make_petition(title="Keep the mill")
    make_translation(petition, title="Salvemos el molino")
    make_asking(petition, language="es")
    make_update(petition, with_mail=True)

    (message,) = send_all()

    assert "Salvemos el molino" in message.body
    assert "Keep the mill" not in message.body
    assert "http://testserver/es/my-signature/" in message.body


def test_the_subject_tells_nothing_of_a_sensitive_petition() -> None:
    petition = make_petition(sensitive=True, title="Shelter for Jonas")
    make_asking(petition)
    make_update(petition, title="Jonas was heard", with_mail=True)

    (message,) = send_all()

    assert "Jonas" not in message.subject


def test_an_update_cannot_write_headers() -> None:
    petition = make_petition()
    make_asking(petition)
    make_update(petition, title="News\r\nBcc: all@example.org", with_mail=True)

    (message,) = send_all()

    assert "\n" not in message.subject
    assert message.recipients() == message.to


def test_mails_are_written_down_in_small_batches_and_never_twice() -> None:
    petition = make_petition()
    for _ in range(5):
        make_asking(petition)
    update = make_update(petition, with_mail=True)

    assert update.queue_mails(batch=2) == 5
    assert update.queue_mails(batch=2) == 0
    assert UpdateMail.objects.count() == 5
    assert list(Update.objects.unmailed()) == []


def test_writing_down_goes_on_where_it_was_stopped() -> None:
    petition = make_petition()
    signatures = [make_asking(petition) for _ in range(5)]
    update = make_update(petition, with_mail=True)
    for signature in signatures[:3]:  # then the process died
        UpdateMail.objects.create(update=update, signature=signature)

    assert list(Update.objects.unmailed()) == [update]
    assert update.queue_mails(batch=2) == 2
    mailed = UpdateMail.objects.order_by("signature").values_list(
        "signature", flat=True
    )
    assert list(mailed) == [signature.pk for signature in signatures]


def test_answers_to_signers_go_before_updates() -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    make_update(petition, with_mail=True)
    make_signature(petition=petition, email="new@example.org")

    sent = [address for message in send_all() for address in message.to]

    assert sent == ["new@example.org", "ada@example.org"]


def numbers(update: Update) -> tuple[int, int, int]:
    """Sent, left and given up, as a worker sees it now."""
    Update.objects.follow(every=timedelta(0))
    update.refresh_from_db()
    return update.mail_sent, update.mails_left, update.mail_failed


def test_progress_can_be_read() -> None:
    petition = make_petition()
    for _ in range(3):
        make_asking(petition)
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    dead = UpdateMail.objects.first()
    dead.mark_dead("SMTPDataError 550")

    before = numbers(update)
    send_all()

    assert before == (0, 2, 1)
    assert numbers(update) == (2, 0, 1)


def make_mailed(petition: Petition, *days_ago: int) -> list[Update]:
    updates = []
    for days in days_ago:
        update = make_update(petition, with_mail=False)
        moment = timezone.now() - timedelta(days=days)
        Update.objects.filter(pk=update.pk).update(mail_due_at=moment)
        updates.append(update)
    return updates


def test_a_fourth_update_in_seven_days_is_not_mailed() -> None:
    petition = make_petition()
    make_mailed(petition, 6, 3, 1)
    events = Event.objects.count()

    with pytest.raises(TooManyMailings) as refusal:
        make_update(petition, with_mail=True)

    assert 23 < (refusal.value.next_at - timezone.now()).total_seconds() / 3600 <= 24
    assert (Update.objects.count(), Event.objects.count()) == (3, events)


def test_it_may_be_posted_without_the_mail() -> None:
    petition = make_petition()
    make_asking(petition)
    make_mailed(petition, 6, 3, 1)

    update = Update(petition=petition, title="More", body="Of it.", language="en")
    update.post(by=make_staff(), with_mail=True, or_without=True)

    assert update.mail_left_out
    send_all()
    assert not update.mails.exists()


@pytest.mark.parametrize("days_ago", [(8, 3, 1), (3, 1)])
def test_updates_that_went_longer_ago_are_not_counted(days_ago: tuple[int]) -> None:
    petition = make_petition()
    make_mailed(petition, *days_ago)

    assert make_update(petition, with_mail=True).mail_due_at


def test_other_petitions_endings_and_posts_without_mail_are_not_counted() -> None:
    petition = make_petition()
    make_mailed(make_petition(), 3, 2, 1)
    make_mailed(petition, 2, 1)
    make_update(petition, with_mail=False)
    make_ending(petition, kind="closed")

    make_update(petition, with_mail=True)
    make_ending(petition, kind="won")

    assert Ending.objects.filter(mail_due_at__isnull=False).count() == 2


def test_a_mailing_that_reached_nobody_is_not_counted() -> None:
    petition = make_petition()
    make_mailed(petition, 3, 2, 1)
    Update.objects.filter(mail_due_at__isnull=False).update(mail_done_at=timezone.now())

    assert make_update(petition, with_mail=True).mail_due_at


def test_what_was_stopped_and_goes_on_is_counted_when_it_goes_on() -> None:
    petition, staff = make_petition(), make_staff()
    for _ in range(2):
        make_asking(petition)
    updates = make_mailed(petition, 8, 8, 8)
    for update in updates:
        update.stop_mail(by=staff)
    Update.objects.update(mail_stopped_at=timezone.now() - timedelta(days=6))
    Signature.objects.update(confirmed_at=timezone.now() - timedelta(days=9))

    for update in updates:
        assert update.resume_mail(by=staff)
    with pytest.raises(TooManyMailings):
        make_update(petition, with_mail=True)  # they are on their way
    send_all()
    with pytest.raises(TooManyMailings):
        make_update(petition, with_mail=True)

    assert len(send_all()) == 6


def test_what_was_stopped_is_counted_by_the_day_of_that() -> None:
    petition = make_petition()
    for update in make_mailed(petition, 9, 9, 9):
        update.stop_mail(by=make_staff())
    stopped = Update.objects.filter(mail_due_at__isnull=False)
    stopped.update(mail_stopped_at=timezone.now() - timedelta(days=8))

    assert make_update(petition, with_mail=True).mail_due_at


DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "wanted", "free"),
    [
        ([], 0, 0),
        ([-1, -2], 0, 0),
        ([-1, -2, -3], 0, 4),
        ([-1, -2, -7], 0, 0),
        ([-1, 2, 3], 0, 6),  # what is to come is in the same seven days
        ([5, 6, 7], 0, 0),
        ([-3, 2, 4], 0, 0),  # a week lies between the first and the last
        ([5, 6, 6], 0, 12),
        ([-3, -3, -3, 5, 5, 5], 0, 12),
    ],
)
def test_when_the_next_may_go(taken: list[int], wanted: int, free: int) -> None:
    moments = [START + days * DAY for days in taken]

    assert first_free(START + wanted * DAY, moments) == START + free * DAY
