"""An organizer in the admin meets their own petitions and nothing of anybody else's."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from campaigns.models import Event, Update
from petitions.admin import OwnedAdmin, OwnedInline
from petitions.models import Account, Petition, PetitionOrganizer
from tests.makers import (
    make_account,
    make_confirmed_signature,
    make_draft,
    make_moderator,
    make_organizer,
    make_petition,
    make_staff,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
FOREIGN_TITLE = "A foreign draft that nobody may see"


@pytest.fixture
def own(rosa: Account) -> Petition:
    return make_petition(title="My own", organizers=[make_organizer(member=rosa)])


@pytest.fixture
def foreign() -> Petition:
    return make_draft(title=FOREIGN_TITLE, slug="foreign-draft")


def lists_of_admin() -> list[str]:
    return [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
    ]


def test_every_admin_stands_on_the_hardened_base() -> None:
    strangers = [
        type(model_admin)
        for model_admin in admin.site._registry.values()
        if not isinstance(model_admin, OwnedAdmin)
    ]
    strange_inlines = [
        inline
        for model_admin in admin.site._registry.values()
        for inline in model_admin.inlines
        if not issubclass(inline, OwnedInline)
    ]

    assert (strangers, strange_inlines) == ([], [])


def test_no_admin_lets_anybody_delete(rf, rosa: Account) -> None:
    request = rf.get("/")

    for request.user in [rosa, make_staff()]:
        for model_admin in admin.site._registry.values():
            assert not model_admin.has_delete_permission(request)
            assert "delete_selected" not in model_admin.get_actions(request)


def test_nobody_adds_or_edits_a_signature_or_an_event(rf) -> None:
    request = rf.get("/")
    request.user = make_staff()

    for model_admin in admin.site._registry.values():
        if model_admin.opts.model_name in ("signature", "event"):
            assert not model_admin.has_add_permission(request)
            assert not model_admin.has_change_permission(request)


def test_lists_hold_only_ones_own(
    log_in: LogIn, rosa: Account, own: Petition, foreign: Petition
) -> None:
    make_update(own, title="Mine to see")
    make_update(make_petition(), title="Foreign update")
    client = log_in(rosa)

    pages = {url: client.get(url) for url in lists_of_admin()}

    shown = {url for url, page in pages.items() if page.status_code == 200}
    assert shown == {
        "/admin/petitions/petition/",
        "/admin/petitions/organizer/",
        "/admin/campaigns/update/",
        "/admin/campaigns/scheduledupdate/",
        "/admin/signatures/shownreason/",
    }
    words = b"".join(pages[url].content for url in shown)
    assert b"My own" in words
    assert b"Mine to see" in words
    assert FOREIGN_TITLE.encode() not in words
    assert b"Foreign update" not in words


@pytest.mark.parametrize("page", ["change/", "history/", "delete/", "close/do/", ""])
def test_anothers_petition_does_not_exist(
    log_in: LogIn, rosa: Account, foreign: Petition, page: str
) -> None:
    client = log_in(rosa)

    response = client.get(f"/admin/petitions/petition/{foreign.pk}/{page}", follow=True)

    assert FOREIGN_TITLE.encode() not in response.content
    assert b"foreign-draft" not in response.content


@pytest.mark.parametrize("page", ["change/", "history/", "delete/"])
def test_anothers_update_does_not_exist(
    log_in: LogIn, rosa: Account, own: Petition, page: str
) -> None:
    update = make_update(make_petition(), title="Foreign update")

    response = log_in(rosa).get(
        f"/admin/campaigns/update/{update.pk}/{page}", follow=True
    )

    assert b"Foreign update" not in response.content


def test_a_guess_at_a_hidden_column_is_refused(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client = log_in(rosa)
    guesses = [
        "/admin/petitions/petition/?organizers__members__email__startswith=a",
        "/admin/petitions/petition/?title__startswith=M",
        "/admin/petitions/petition/?targets__email__startswith=a",
        "/admin/campaigns/update/?petition__title__startswith=A",
        "/admin/campaigns/update/?posted_by__password__startswith=m",
        "/admin/petitions/organizer/?members__password__startswith=m",
    ]

    answers = [client.get(guess).status_code for guess in guesses]

    assert answers == [400] * len(guesses)


def test_staff_cannot_guess_at_signers_either(log_in: LogIn) -> None:
    make_confirmed_signature(email="ann@example.org")
    client = log_in(make_staff())
    guesses = ["email__startswith=ann", "name__startswith=S", "key__startswith=0"]

    answers = [client.get(f"/admin/signatures/signature/?{one}") for one in guesses]

    assert [answer.status_code for answer in answers] == [400, 400, 400]


def test_staff_see_no_address_and_no_hidden_name(log_in: LogIn) -> None:
    signature = make_confirmed_signature(
        name="Quiet Quentin", email="quentin@example.org", reason="Because."
    )
    client = log_in(make_staff())

    pages = [
        client.get("/admin/signatures/signature/"),
        client.get(f"/admin/signatures/signature/{signature.pk}/change/"),
        client.get("/admin/signatures/signature/?q=quentin"),
    ]

    words = b"".join(page.content for page in pages)
    assert b"Because." in words
    assert b"quentin@" not in words
    assert b"Quiet" not in words


def test_filters_name_nobody_elses_petition(
    log_in: LogIn, rosa: Account, own: Petition, foreign: Petition
) -> None:
    make_update(own)
    make_update(make_petition(organizers=[make_organizer(member=rosa)]))

    page = log_in(rosa).get("/admin/campaigns/update/")

    assert b"My own" in page.content
    assert FOREIGN_TITLE.encode() not in page.content


def test_select_boxes_offer_only_ones_own(
    log_in: LogIn, rosa: Account, own: Petition, foreign: Petition
) -> None:
    make_petition(title="Foreign but open", organizers=[make_organizer(name="Strange")])
    client = log_in(rosa)

    pages = [
        client.get("/admin/campaigns/update/add/"),
        client.get("/admin/petitions/petition/add/"),
        client.get(f"/admin/petitions/petition/{own.pk}/change/"),
    ]

    words = b"".join(page.content for page in pages)
    assert b"My own" in words
    for hidden in [FOREIGN_TITLE, "Foreign but open", "Strange"]:
        assert hidden.encode() not in words


def test_no_field_of_any_form_can_take_anothers_row(
    rf, rosa: Account, own: Petition, foreign: Petition
) -> None:
    request = rf.get("/")
    request.user = rosa
    forms = [
        form
        for model_admin in admin.site._registry.values()
        for form in [model_admin, *model_admin.get_inline_instances(request)]
    ]

    offered = {
        str(field): set(choice.queryset)
        for form in forms
        for field in form.opts.get_fields()
        if field.is_relation and field.concrete
        if (choice := form.formfield_for_dbfield(field, request))
    }

    petitions = {name: rows for name, rows in offered.items() if "petition" in name}
    assert offered["campaigns.Update.petition"] == {own}
    assert offered["campaigns.Update.organizer"] == set(own.organizers.all())
    assert offered["petitions.Organizer.members"] == set()
    assert not any(foreign in rows for rows in petitions.values())


def test_an_update_cannot_be_posted_under_anothers_petition(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    foreign = make_petition()
    form = {
        "petition": foreign.pk,
        "organizer": own.organizers.get().pk,
        "kind": "update",
        "title": "Not mine",
        "body": "Text",
        "language": "en",
        "key": "7a3a1a3e-27c5-4a77-9d36-0f1d9c0c3b11",
        "post": "1",
    }

    response = log_in(rosa).post("/admin/campaigns/update/add/", form)

    assert response.status_code == 200
    assert Update.objects.count() == 0


def test_an_update_cannot_be_posted_in_anothers_name(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    stranger = make_organizer(name="Strange")
    form = {
        "petition": own.pk,
        "organizer": stranger.pk,
        "kind": "update",
        "title": "Not me",
        "body": "Text",
        "language": "en",
        "key": "7a3a1a3e-27c5-4a77-9d36-0f1d9c0c3b11",
        "post": "1",
    }

    log_in(rosa).post("/admin/campaigns/update/add/", form)

    assert Update.objects.count() == 0


def test_an_update_cannot_be_moved_to_another_petition(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    update = make_update(own)
    foreign = make_petition()
    form = {
        "petition": foreign.pk,
        "kind": "update",
        "title": "Still mine",
        "body": "Text",
        "url": "",
        "source": "",
        "language": "en",
    }

    log_in(rosa).post(f"/admin/campaigns/update/{update.pk}/change/", form)

    update.refresh_from_db()
    assert (update.title, update.petition) == ("Still mine", own)


def test_an_organizer_cannot_put_themselves_behind_anothers_petition(
    log_in: LogIn, rosa: Account, own: Petition, foreign: Petition
) -> None:
    row = PetitionOrganizer.objects.get(petition=foreign)
    form = {
        "petitionorganizer_set-TOTAL_FORMS": "1",
        "petitionorganizer_set-INITIAL_FORMS": "1",
        "petitionorganizer_set-0-id": row.pk,
        "petitionorganizer_set-0-petition": foreign.pk,
        "petitionorganizer_set-0-organizer": own.organizers.get().pk,
    }

    log_in(rosa).post(f"/admin/petitions/petition/{own.pk}/change/", form)

    row.refresh_from_db()
    assert row.petition == foreign
    assert not Petition.objects.run_by(rosa).contains(foreign)


@pytest.mark.parametrize("act", ["close", "win", "restore"])
def test_an_organizer_cannot_decide(
    log_in: LogIn, rosa: Account, own: Petition, act: str
) -> None:
    form = {"reason": "I say so.", "summary": "I won."}

    response = log_in(rosa).post(f"/admin/petitions/petition/{own.pk}/{act}/do/", form)

    own.refresh_from_db()
    assert response.status_code == 403
    assert own.state == "open"
    assert Event.objects.count() == 0


def test_there_is_no_way_to_look_up_the_address_of_any_row(
    log_in: LogIn, rosa: Account, own: Petition, foreign: Petition
) -> None:
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(Petition)

    response = log_in(rosa).get(f"/admin/r/{kind.pk}/{foreign.pk}/")

    assert response.status_code == 404
    assert b"foreign-draft" not in response.content


def test_a_bulk_action_does_not_reach_signatures(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    signature = make_confirmed_signature(petition=own, reason="Because.")
    form = {"action": "release_reasons", "_selected_action": signature.pk}

    response = log_in(rosa).post("/admin/signatures/signature/", form)

    signature.refresh_from_db()
    assert response.status_code == 403
    assert signature.reason_state == "held"


def test_a_signer_without_account_and_a_closed_account_stay_outside(
    client: Client, log_in: LogIn, rosa: Account
) -> None:
    assert client.get("/admin/").status_code == 302

    client = log_in(rosa)
    Account.objects.filter(pk=rosa.pk).update(is_active=False)

    assert client.get("/admin/").status_code == 302


def test_an_account_without_a_role_stays_outside(log_in: LogIn) -> None:
    assert log_in(make_account()).get("/admin/").status_code == 302


def test_staff_cannot_reach_a_superuser(log_in: LogIn) -> None:
    owner = Account.objects.create_superuser("owner@example.org", "a-long-passphrase")
    client = log_in(make_staff())

    listed = client.get("/admin/petitions/account/")
    page = client.get(f"/admin/petitions/account/{owner.pk}/password/", follow=True)

    assert b"owner@example.org" not in listed.content
    assert b"owner@example.org" not in page.content


def test_only_staff_read_the_addresses_of_who_has_edited(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    organizer = own.organizers.get()
    history = f"/admin/petitions/organizer/{organizer.pk}/history/"
    staff = make_staff()
    client = log_in(staff)
    form = {"name": "Rosa", "kind": "person", "slug": "rosa", "members": [rosa.pk]}
    client.post(f"/admin/petitions/organizer/{organizer.pk}/change/", form)

    read_by_staff = client.get(history).content.decode()
    client = log_in(rosa)
    refused = client.get(history)
    page = client.get(f"/admin/petitions/organizer/{organizer.pk}/change/")

    assert staff.email in read_by_staff
    assert refused.status_code == 403
    assert "/history/" not in page.content.decode()
    of_petition = f"/admin/petitions/petition/{own.pk}/history/"
    assert log_in(make_moderator()).get(of_petition).status_code == 403
