"""Words change after people signed: staff let the signers know, with the way out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle, worker
from campaigns.models import Amendment, AmendmentMail, Event
from campaigns.retention import forget
from petitions.models import Account, Petition, WrongState
from signatures.models import Signature, Suppression
from signatures.models.forgetting import NOTHING_PERSONAL
from tests.campaigns.admin_forms import act_url, change_url, petition_form
from tests.campaigns.sent_mail import html_of, receivers, send_all
from tests.html import Page
from tests.makers import (
    make_amended,
    make_confirmed_signature,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
    make_translation,
)
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
EDIT = {"title": "Keep both bridges", "edit_reason": "There are two."}


def make_signer(petition: Petition, **fields: object) -> Signature:
    """One who has got all other mail already, and wants no updates."""
    signature = make_confirmed_signature(petition=petition, **fields)
    signature.mails.all().delete()
    return signature


def amend_and_tell(petition: Petition) -> Amendment:
    make_amended(petition)
    lifecycle.tell_signers(petition, by=make_staff())
    return Amendment.objects.get(version=petition.current_version)


def test_staff_tick_that_signers_are_to_hear_of_the_edit(log_in: LogIn) -> None:
    petition, client = make_petition(), log_in(make_staff())
    form = petition_form(petition, **EDIT, tell_signers="on")

    assert client.post(change_url(petition), form).status_code == 302

    petition.refresh_from_db()
    assert Amendment.objects.get().version == petition.current_version
    assert [event.kind for event in Event.objects.order_by("pk")] == [
        *("edited", "signers_told")
    ]


def test_without_the_tick_nobody_is_told(log_in: LogIn) -> None:
    petition = make_petition()

    log_in(make_staff()).post(change_url(petition), petition_form(petition, **EDIT))

    assert petition.versions.count() == 2
    assert not Amendment.objects.exists()


def test_no_changed_words_no_mail(log_in: LogIn) -> None:
    petition = make_petition()
    form = petition_form(petition, goal="500", tell_signers="on")

    response = log_in(make_staff()).post(change_url(petition), form)

    form = response.context["adminform"].form
    assert list(form.errors) == ["tell_signers"]
    assert not Amendment.objects.exists()


def test_an_organizer_has_no_tick_and_cannot_forge_it(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    client = log_in(rosa)
    page = Page.of(client.get(change_url(petition)))

    form = petition_form(petition, **EDIT, tell_signers="on")
    client.post(change_url(petition), form)
    answer = client.post(act_url(petition, "tell-signers"))

    assert page.all("input", name="tell_signers") == []
    assert petition.versions.count() == 2
    assert answer.status_code == 403
    assert not Amendment.objects.exists()


def test_staff_tell_signers_later_and_once(log_in: LogIn) -> None:
    petition, client = make_petition(), log_in(make_staff())
    url = act_url(petition, "tell-signers")
    client.post(url)
    assert not Amendment.objects.exists()  # nothing has changed yet

    make_amended(petition)
    for _press in range(2):
        client.post(url)

    assert Amendment.objects.count() == 1
    assert Event.objects.filter(kind="signers_told").count() == 1
    with pytest.raises(WrongState):
        lifecycle.tell_signers(petition, by=make_staff())


def test_nobody_is_told_of_the_first_words_or_of_what_is_out_of_view() -> None:
    unchanged, hidden = make_petition(), make_petition()
    make_amended(hidden)
    hidden.hide(reason="A complaint.")

    for petition in (unchanged, hidden):
        with pytest.raises(WrongState):
            lifecycle.tell_signers(petition, by=make_staff())

    assert not Amendment.objects.exists()


def test_all_who_signed_earlier_words_online_get_it() -> None:
    petition = make_petition()
    make_signer(petition, email="first@example.org")
    make_amended(petition, ask="One.")
    make_signer(petition, email="second@example.org", wants_updates=True)
    make_signer(make_petition(), email="other@example.org")
    make_signature(petition=petition, email="unsure@example.org").mails.all().delete()
    Suppression.objects.create(
        address_key=make_signer(petition, email="not@example.org").address_key
    )
    make_signer(petition, email="gone@example.org").withdraw()
    make_signer(petition, email="out@example.org").exclude()
    paper = make_signer(petition, email="paper@example.org")
    Signature.objects.filter(pk=paper.pk).update(origin="paper")
    make_amended(petition, ask="Two.")
    make_signer(petition, email="third@example.org")
    lifecycle.tell_signers(petition, by=make_staff())
    make_signer(petition, email="fourth@example.org")

    told = Amendment.objects.get().receivers().order_by("pk")
    assert [one.email for one in told] == ["first@example.org", "second@example.org"]
    assert receivers() == ["first@example.org", "second@example.org"]
    assert receivers() == ["first@example.org", "second@example.org"]


@pytest.mark.parametrize("change", ["withdraw", "suppress", "hide", "forget"])
def test_who_needs_it_no_more_gets_nothing(change: str) -> None:
    petition = make_petition()
    signer = make_signer(petition)
    amendment = amend_and_tell(petition)
    amendment.queue_mails()
    assert AmendmentMail.objects.count() == 1

    {
        "withdraw": signer.withdraw,
        "suppress": lambda: Suppression.objects.create(address_key=signer.address_key),
        "hide": lambda: petition.hide(reason="A complaint."),
        "forget": lambda: Signature.objects.update(
            **NOTHING_PERSONAL, forgotten_at=timezone.now()
        ),
    }[change]()

    assert receivers() == []
    assert not AmendmentMail.objects.waiting().exists()


def test_the_mail_says_why_what_and_how_to_leave(client: Client) -> None:
    petition = make_petition(title="Keep the mill")
    signer = make_signer(petition)
    amend_and_tell(petition)

    (message,) = send_all()

    versions = f"http://testserver{petition.get_absolute_url()}versions/"
    assert message.subject == "The text you signed has changed: Keep the mill"
    for words in ("There are two of them.", versions, "/my-signature/", "/not-me/"):
        assert words in message.body
        assert words in html_of(message)
    (link,) = [word for word in message.body.split() if "/my-signature/" in word]
    client.post(f"{link.removeprefix('http://testserver')}withdraw/")
    signer.refresh_from_db()
    assert signer.state == "withdrawn"


def test_the_mail_speaks_the_signers_language_and_hides_what_is_sensitive() -> None:
    petition = make_petition(title="Shelter for Jonas", sensitive=True)
    make_translation(petition, title="Refugio para Jonas")
    make_signer(petition, language="es")
    amend_and_tell(petition)

    (message,) = send_all()

    assert "Jonas" not in message.subject
    assert "Refugio para Jonas" in message.body
    assert f"http://testserver/es/petitions/{petition.slug}/versions/" in message.body
    assert '<html lang="es"' in html_of(message)


def test_who_signed_the_first_words_hears_of_each_change() -> None:
    petition = make_petition()
    make_signer(petition, email="ada@example.org")
    for ask in ("One.", "Two."):
        make_amended(petition, ask=ask)
        lifecycle.tell_signers(petition, by=make_staff())
        worker.send_all_mail()

    assert len(mail.outbox) == 2


def test_the_page_of_versions_says_that_signers_were_told(client: Client) -> None:
    petition = make_petition()
    make_amended(petition, ask="One.")
    amend_and_tell(petition)
    told = "was told by mail on"

    _third, second, first = Page.of(
        client.get(f"{petition.get_absolute_url()}versions/")
    ).all("section", class_="version")

    assert told in _third.words
    assert told not in second.words + first.words


def test_done_mails_are_forgotten() -> None:
    petition = make_petition()
    make_signer(petition)
    amend_and_tell(petition)
    send_all()
    month = timezone.now() - timedelta(days=31)
    AmendmentMail.objects.update(sent_at=month)
    Amendment.objects.update(mail_done_at=month)

    forget()

    assert not AmendmentMail.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_twice_however_many_press_and_work() -> None:
    petition, staff = make_petition(), make_staff()
    for _ in range(5):
        make_signer(petition)
    make_amended(petition)

    def tell() -> bool:
        try:
            lifecycle.tell_signers(Petition.objects.get(pk=petition.pk), by=staff)
        except WrongState:
            return False
        return True

    assert sum(in_threads([tell] * 6)) == 1
    in_threads([worker.write_down_news] * 4)
    in_threads([worker.send_all_mail] * 4)

    addresses = [address for message in mail.outbox for address in message.to]
    assert len(addresses) == len(set(addresses)) == 5
