"""The mail after signing: what it says is decided when it is sent."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from signatures.models import SignatureMail
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_translation,
    my_signature_url,
    not_me_path,
    sign_url,
)
from tests.signatures.acts import TYPED, links_in, path_of, send_mail, sign

pytestmark = pytest.mark.django_db

REQUESTER = {
    "name": "Winapizza Today",
    "place": "Spamville",
    "reason": "Buy my pills at evil.example",
    "country": "PE",
    "show_name": "on",
    "wants_updates": "on",
}


def everything_in(message: EmailMultiAlternatives) -> str:
    """All that leaves the house, headers and both bodies."""
    html = "".join(str(one.content) for one in message.alternatives)
    headers = str(message.message().items())
    return f"{headers}\n{message.subject}\n{message.body}\n{html}"


def test_a_new_signer_gets_a_link_to_confirm(client: Client, mailoutbox) -> None:
    petition = make_petition(title="Keep the bridge")
    signature = make_signature(petition=petition, email="ana@example.org")

    send_mail()

    (message,) = mailoutbox
    links = [path_of(link) for link in links_in(message)]
    assert message.to == ["ana@example.org"]
    assert message.from_email == "Undersigned <petitions@example.org>"
    assert links == [
        confirm_url(signature),
        my_signature_url(signature),
        not_me_path(signature),
    ]
    assert all(client.get(link).status_code == 200 for link in links)
    assert "Keep the bridge" in message.subject
    assert "Keep the bridge" in message.body


def test_the_html_part_says_the_same(mailoutbox) -> None:
    signature = make_signature(petition=make_petition(title="Bridges & <b>roads</b>"))

    send_mail()

    (alternative,) = mailoutbox[0].alternatives
    assert alternative.mimetype == "text/html"
    assert "Bridges &amp; &lt;b&gt;roads&lt;/b&gt;" in alternative.content
    assert f"http://testserver{confirm_url(signature)}" in alternative.content
    assert "<img" not in alternative.content
    assert "Bridges & <b>roads</b>" in mailoutbox[0].body


def test_whoever_has_confirmed_is_told_so_instead(client: Client, mailoutbox) -> None:
    petition = make_petition()
    counted = make_confirmed_signature(petition=petition, email=TYPED["email"])
    counted.mails.all().delete()

    sign(client, petition, email="Ana+again@example.org")
    send_mail()

    (message,) = mailoutbox
    links = [path_of(link) for link in links_in(message)]
    assert message.to == [TYPED["email"]]
    assert links == [my_signature_url(counted), not_me_path(counted)]


def test_what_the_mail_says_is_decided_when_it_is_sent(mailoutbox) -> None:
    signature = make_signature()
    signature.confirm()

    send_mail()

    assert my_signature_url(signature) in mailoutbox[0].body
    assert confirm_url(signature) not in mailoutbox[0].body


def test_a_signature_on_another_petition_is_not_given_away(mailoutbox) -> None:
    make_confirmed_signature(email="ana@example.org").mails.all().delete()
    signature = make_signature(email="ana@example.org")

    send_mail()

    assert confirm_url(signature) in mailoutbox[0].body


def test_nothing_that_the_requester_typed_is_in_the_mail(
    client: Client, mailoutbox
) -> None:
    sign(client, make_petition(), **REQUESTER)

    send_mail()

    sent = everything_in(mailoutbox[0])
    for typed in ["Winapizza", "Spamville", "pills", "evil.example"]:
        assert typed not in sent


def test_nor_in_the_mail_that_says_already_signed(client: Client, mailoutbox) -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, **TYPED).mails.all().delete()
    sign(client, petition, **REQUESTER)

    send_mail()

    sent = everything_in(mailoutbox[0])
    for typed in ["Winapizza", "Spamville", "pills", "evil.example", TYPED["name"]]:
        assert typed not in sent


@pytest.mark.parametrize("make", [make_signature, make_confirmed_signature])
def test_the_subject_betrays_no_sensitive_petition(make, mailoutbox) -> None:
    make(petition=make_petition(sensitive=True, title="Stop him"))

    send_mail()

    (message,) = mailoutbox
    assert "Stop him" not in str(message.message().items())
    assert message.subject.strip()


def test_a_title_of_several_lines_is_one_subject(mailoutbox) -> None:
    make_signature(petition=make_petition(title="Keep\r\nBcc: eve@example.org"))

    send_mail()

    (message,) = mailoutbox
    assert "\n" not in message.subject
    assert message.recipients() == message.to


def test_a_spanish_signer_gets_spanish_words_and_links(
    client: Client, mailoutbox
) -> None:
    petition = make_petition(title="Keep the bridge")
    make_translation(petition, title="El puente sigue")
    client.post(f"/es{sign_url(petition)}", TYPED)

    send_mail()

    (message,) = mailoutbox
    assert all(path_of(link).startswith("/es/") for link in links_in(message))
    assert "El puente sigue" in message.body
    assert "Keep the bridge" not in message.body
    assert client.get(path_of(links_in(message)[0])).status_code == 200


def test_links_come_from_the_settings_and_not_from_the_request(
    client: Client, mailoutbox, settings
) -> None:
    settings.SITE_URL = "https://petitions.example.org"
    settings.ALLOWED_HOSTS = ["*"]

    client.post(
        sign_url(make_petition()),
        TYPED,
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    send_mail()

    (message,) = mailoutbox
    links = links_in(message)
    assert all(link.startswith("https://petitions.example.org/") for link in links)
    assert "evil.example" not in everything_in(message)


def test_a_petition_that_was_hidden_meanwhile_sends_nothing(mailoutbox) -> None:
    signature = make_signature()
    signature.petition.hide(reason="It names a private person.")

    send_mail()

    assert mailoutbox == []


def test_who_withdrew_meanwhile_gets_nothing(mailoutbox) -> None:
    signature = make_signature()
    signature.withdraw()

    send_mail()

    assert mailoutbox == []


def test_a_mail_is_sent_once(mailoutbox) -> None:
    make_signature()

    send_mail()
    send_mail()

    assert len(mailoutbox) == 1
    mail = SignatureMail.objects.get()
    assert (mail.attempts, mail.dead_at, mail.leased_until) == (1, None, None)
    assert mail.sent_at >= mail.due_at
