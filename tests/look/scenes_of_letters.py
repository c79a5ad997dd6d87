"""What is behind mailed links for those who do not sign: targets and the invited."""

from datetime import timedelta

from django.utils import timezone

from campaigns import answers, invitations, orphans
from campaigns.models import Answer, Invitation, Silence
from petitions.models import Account, Petition, PetitionTarget, Role
from signatures.tokens import Purpose, make_token
from tests.makers import (
    make_account,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
)


def letters(longest: Petition) -> dict[str, str]:
    """A link of each kind, open and used, each with its mail."""
    mayor = make_target(
        name="Bo Vance", office="Mayor", organization="Ostrey", email="bo@example.org"
    )
    asked = make_petition(
        slug="asked", title="Open the well", targets=[mayor], signature_count=1234
    )
    answered = make_petition(
        slug="answered", title="Mend the footbridge", targets=[mayor]
    )
    wanted, given, said = ask(asked), ask(answered), "We mend it in June.\n\nCome by."
    answers.receive(given, text=said, signed_as="Bo Vance, Mayor of Ostrey")
    waiting = ask(longest)
    answers.receive(waiting, text=said, signed_as="A. Montgomery-Fitzwilliam")
    answers.publish(given, by=make_staff(), title="The mayor answers", language="en")
    shut = ask(make_petition(targets=[mayor]))
    long_ago = timezone.now() - timedelta(days=200)
    Answer.objects.filter(pk=shut.pk).update(asked_at=long_ago)
    since = timezone.now() - timedelta(days=40)
    PetitionTarget.objects.filter(petition=asked).update(asked_at=since)
    return {
        **invited(asked, longest),
        "answer": answer_path(wanted),
        "answer_to_check": answer_path(waiting),
        "answer_published": answer_path(given),
        "answer_too_late": answer_path(shut),
        "target_asked": mayor.get_absolute_url(),
    }


def ask(petition: Petition) -> Answer:
    delivery = petition.deliveries.select_related("target").first()
    delivery.target.email = delivery.target.email or "office@example.org"
    delivery.target.save()
    return answers.ask(delivery, by=make_staff())


def answer_path(answer: Answer) -> str:
    return f"/answer/{make_token(answer.key, Purpose.ANSWER)}/"


def invited(petition: Petition, longest: Petition) -> dict[str, str]:
    rosa = make_account(email="well-house@example.org", role=Role.ORGANIZER)
    house = make_organizer(name="The Well House", member=rosa)
    petition.organizers.add(house)
    ida = make_account(email="ida-brook@example.org", role=Role.ORGANIZER)
    make_organizer(name="Ida Brook", member=ida)
    silent(petition, rosa)

    def invite(kind: str, email: str, by: Account = rosa) -> str:
        its = petition if by == rosa else longest
        made = invitations.invite(its, kind=kind, email=email, by=by)
        return f"/invitation/{make_token(made.key, Purpose.INVITATION)}/"

    paths = {
        "invitation": invite("join", "new@example.org"),
        "invitation_with_account": invite("join", "ida-brook@example.org"),
        "invitation_to_take_over": invite("take_over", "li@example.org"),
        "invitation_from_staff": invite("take_over", "li@example.org", make_staff()),
        "invitation_over": invite("join", "late@example.org"),
        "invitation_accepted": invite("join", "done@example.org"),
    }
    late = Invitation.objects.filter(email="late@example.org")
    late.update(ends_at=timezone.now() - timedelta(days=1))
    done = Invitation.objects.get(email="done@example.org")
    invitations.accept(done, name="Ben Holt", kind="person", place="Ostrey")
    return paths


def silent(petition: Petition, account: Account) -> None:
    """So long that its organizers are asked whether they are there."""
    long_ago = timezone.now() - timedelta(days=300)
    Account.objects.filter(pk=account.pk).update(joined_at=long_ago)
    Petition.objects.filter(pk=petition.pk).update(opened_at=long_ago)
    orphans.look_after()
    assert Silence.objects.filter(petition=petition).exists()
