"""What staff have decided, and what waits for them."""

from campaigns import lifecycle, moderation
from campaigns.models import PetitionReport
from petitions.models import Role
from tests.makers import (
    make_account,
    make_draft,
    make_organizer,
    make_petition,
    make_staff,
)


def decisions() -> None:
    """Each is mailed to the organizers, and some wait for staff to decide."""
    staff, members = make_staff(), make_account(role=Role.ORGANIZER)
    own = {"organizers": [make_organizer(name="Ilse Maran", member=members)]}
    waiting = [
        make_draft(**own, title=title)
        for title in [f"Bench {number}" for number in range(5)]
    ]
    for petition in waiting:
        lifecycle.submit(petition, by=members)
    opened, changed, rejected, hidden, _waits = waiting
    moderation.open_petition(opened, by=staff)
    moderation.ask_for_changes(
        changed, by=staff, words="Say in the title where.\n\nThen send it again."
    )
    moderation.reject(
        rejected,
        by=staff,
        code="nobody_decides",
        reason="Nobody it names can decide that.",
        in_public=True,
    )
    moderation.open_petition(hidden, by=staff)
    moderation.hide(hidden, by=staff, reason="It names a private person.")
    restored = make_petition(**own, title="A lamp")
    lifecycle.hide(restored, by=staff, reason="It names a private person.")
    lifecycle.restore(restored, by=staff, reason="It does no more.")
    again = make_draft(**own, title="A seat for those who wait")
    again.reject(reason="It has been asked before.")
    lifecycle.review_again(again, by=staff, reason="That one asked for a shelter.")
    silent = make_draft(slug="rejected-in-silence", title="Chase him away")
    silent.reject(reason="It names a neighbor.", in_public=False)
    for words in ["", "The second line names me."]:
        PetitionReport.objects.create(petition=opened, cause="personal", words=words)
    reported = make_petition(slug="reported", title="Mend the pier")
    PetitionReport.objects.create(petition=reported, cause="false")
