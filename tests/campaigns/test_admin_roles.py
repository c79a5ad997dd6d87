"""Every admin × every role × everything that can be asked of it, against one table.

A model that is registered without a line in the table fails, and so does an admin
that gives more, or less, than its line says.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from campaigns.admin.acts import ActingAdmin
from campaigns.models import Event, EventKind
from petitions.admin import OwnedAdmin
from petitions.models import Account, Petition, Role, SigningPause
from signatures.models import AccessRule, Exclusion
from tests.campaigns.refused_answers import make_answer
from tests.makers import (
    PASSWORD,
    make_account,
    make_confirmed_signature,
    make_draft,
    make_organizer,
    make_owner,
    make_petition,
    make_scheduled_update,
    make_staff,
    make_topic,
    make_update,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROLES = ["stranger", "organizer", "moderator", "staff", "owner", "superuser"]
V, VA, VAC = "view", "view add", "view add change"
# What each may: organizer, moderator, staff; owners and superusers as staff, unless
# there is a fourth.
TABLE: dict[str, tuple[str, ...]] = {
    "petitions.account": ("", "", V, VAC),
    "petitions.organizer": ("view change", "", VAC),
    "petitions.petition": (VAC, V, VAC),
    "petitions.signingpause": ("", V, VA),
    "petitions.target": ("", "", VAC),
    "petitions.topic": ("", "", VAC),
    "signatures.accessrule": ("", "", VA),
    "signatures.exclusion": ("", "", VA),
    "signatures.linkrequest": ("", "", V),
    "signatures.sheet": ("", "", V),
    "signatures.shownreason": (V, "", ""),
    "signatures.signature": ("", V, V),
    "signatures.signaturemail": ("", "", V),
    "campaigns.amendmentmail": ("", "", V),
    "campaigns.answer": ("", V, V),
    "campaigns.endingmail": ("", "", V),
    "campaigns.event": ("", "", V),
    "campaigns.notice": ("", "", V),
    "campaigns.scheduledupdate": ("view change", "", "view change"),
    "campaigns.update": (VAC, "", VAC),
    "campaigns.updatemail": ("", "", V),
}
ADMINS = sorted(admin.site._registry.values(), key=lambda one: one.opts.label_lower)
each_admin = pytest.mark.parametrize(
    "model_admin", ADMINS, ids=lambda one: one.opts.label_lower
)


def make_with(role: str) -> Account | None:
    if role == "stranger":
        return None
    if role == "superuser":
        return Account.objects.create_superuser("root@example.org", PASSWORD)
    named = {"staff": make_staff, "owner": make_owner}
    return named[role]() if role in named else make_account(role=Role[role.upper()])


def allowed(label: str, role: str) -> set[str]:
    organizer, moderator, staff, *more = TABLE[label]
    owner = more[0] if more else staff
    of_role = {
        "stranger": "",
        "organizer": organizer,
        "moderator": moderator,
        "staff": staff,
    }
    return set(of_role.get(role, owner).split())  # a superuser is an owner


def client_of(account: Account | None, log_in) -> Client:
    return log_in(account) if account else Client()


def address(model: type[Model], page: str, *args: object) -> str:
    name = f"{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(f"admin:{name}", args=args)


def a_row(model: type[Model], rosa: Account) -> Model | None:
    """One of somebody else's, where a row is easily made."""
    petition = make_petition()
    signature = make_confirmed_signature(petition=petition)
    make_topic()
    make_update(petition)
    make_scheduled_update(petition)
    SigningPause.objects.create(petition=petition, notice="Back soon.", by=rosa)
    Exclusion.objects.create(petition=petition, reason="Machines.", made_by=rosa)
    AccessRule.objects.create(kind="block", subject="domain", pattern="bots.example")
    Event.objects.record(EventKind.EDITED, petition, by=None)
    make_answer()
    known = {type(signature): signature, Petition: petition, Account: rosa}
    return known.get(model) or model._default_manager.first()


def test_the_table_has_a_line_for_every_admin_and_no_other() -> None:
    assert set(TABLE) == {one.opts.label_lower for one in ADMINS}
    assert [one for one in ADMINS if not isinstance(one, OwnedAdmin)] == []


@each_admin
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_stands_in_the_table(log_in, model_admin, role: str) -> None:
    may = allowed(model_admin.opts.label_lower, role)
    request = RequestFactory().get("/")
    request.user = make_with(role) or AnonymousUser()

    says = {
        verb
        for verb in ("view", "add", "change", "delete")
        if getattr(model_admin, f"has_{verb}_permission")(request)
    }

    # An organizer with no organizer behind them has nobody to start a petition for.
    if (model_admin.model, role) == (Petition, "organizer"):
        may = may - {"add"}
    assert says == may
    assert "delete_selected" not in model_admin.get_actions(request)


@each_admin
@pytest.mark.parametrize("role", ROLES)
def test_each_page_answers_as_the_table_says(log_in, model_admin, role: str) -> None:
    model, label = model_admin.model, model_admin.opts.label_lower
    may = allowed(label, role)
    row = a_row(model, make_account())
    client = client_of(make_with(role), log_in)
    refused = {302} if role == "stranger" else {403}

    pages = ["", "?q=a", "?o=1", "?all=", "?_facets=True"]
    for query in pages:
        status = client.get(address(model, "changelist") + query).status_code
        assert status in ({200, 302} if "view" in may else refused), query
    status = client.get(address(model, "add")).status_code
    may_add = "add" in may and (model, role) != (Petition, "organizer")
    assert status in ({200} if may_add else refused)
    assert client.get(address(model, "delete", 1)).status_code in {302, 403, 404}
    number = row.pk if row else 1
    for page in ("change", "history"):
        response = client.get(address(model, page, number))
        # An organizer's row is somebody else's; a history tells addresses of accounts.
        shut_to = {"change": ["organizer"], "history": ["organizer", "moderator"]}
        may_see = "view" in may and row is not None and role not in shut_to[page]
        assert (response.status_code == 200) == may_see, page
    assert client.get("/admin/r/1/1/").status_code in {302, 404}


@each_admin
@pytest.mark.parametrize("role", ["stranger", "organizer", "moderator"])
def test_nobody_below_staff_posts_what_is_not_theirs(
    log_in, model_admin, role: str
) -> None:
    model = model_admin.model
    row = a_row(model, make_account())
    number = row.pk if row else 1
    client = client_of(make_with(role), log_in)
    before = model._default_manager.filter(pk=number).values().first()
    count = model._default_manager.count()

    for path in [
        address(model, "add"),
        address(model, "change", number),
        address(model, "delete", number),
    ]:
        may_add = "add" in allowed(model._meta.label_lower, role) and "/add/" in path
        answers = {200} if may_add else {302, 403, 404}  # the form, with its errors
        assert client.post(path, {"post": "yes"}).status_code in answers | {403}, path
    request = RequestFactory().get("/")
    request.user = make_staff()
    for action in model_admin.get_actions(request):
        ticked = {"action": action, "_selected_action": [number], "select_across": "1"}
        client.post(address(model, "changelist"), ticked)

    may_moderate = role == "moderator" and model._meta.label_lower in (
        "signatures.signature",
    )
    if not may_moderate:
        assert model._default_manager.filter(pk=number).values().first() == before
    assert model._default_manager.count() == count + (model is Account)  # the staff


# Those of organizers alone have a test of their own (test_admin_shown_reasons.py).
ACTS = [
    (one, slug)
    for one in ADMINS
    if isinstance(one, ActingAdmin) and one.staff_may
    for slug in one.acts
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("model_admin", "slug"), ACTS, ids=lambda one: getattr(one, "opts", one)
)
def test_an_act_opens_for_whom_it_names(
    log_in, model_admin, slug: str, role: str
) -> None:
    model, act = model_admin.model, model_admin.acts[slug]
    row = a_row(model, make_account())
    client = client_of(make_with(role), log_in)

    response = client.get(address(model, "act", row.pk, slug))

    is_site = role in ("staff", "owner", "superuser")
    if model is Account:
        is_site = role in ("owner", "superuser")
    if is_site or (role == "moderator" and act.moderators_may):
        assert response.status_code in {200, 302}
        assert "login" not in response.headers.get("Location", "")
    elif role == "stranger":
        assert "login" in response["Location"]
    else:
        assert response.status_code in {403, 404}


@pytest.mark.parametrize("role", ROLES)
def test_autocomplete_offers_nothing_that_the_list_would_not(log_in, role: str) -> None:
    make_organizer(name="Foreign House", member=make_account())
    client = client_of(make_with(role), log_in)

    for app, model, field in [
        ("petitions", "petition", "topics"),
        ("petitions", "petitionorganizer", "organizer"),
        ("petitions", "organizer", "members"),
        ("campaigns", "event", "by"),
    ]:
        query = {"app_label": app, "model_name": model, "field_name": field}
        answer = client.get("/admin/autocomplete/", query)
        assert answer.status_code in {200, 302, 403, 404}
        if role in ("stranger", "organizer", "moderator"):
            assert b"Foreign House" not in answer.content
            assert b"example.org" not in answer.content


# The five attacks


@pytest.mark.parametrize("role", ["organizer", "moderator"])
def test_a_guess_in_the_address_answers_nothing(log_in, role: str) -> None:
    make_confirmed_signature(email="ann@example.org")
    client = client_of(make_with(role), log_in)

    for path in [
        *("signatures/signature/?email__startswith=ann",),
        *("signatures/signature/?key__startswith=a", "petitions/account/?email=a"),
        *("petitions/petition/?organizers__members__password__startswith=a",),
        *("petitions/petition/?targets__email__startswith=a",),
    ]:
        assert client.get(f"/admin/{path}").status_code in {400, 403}, path


def make_foreign() -> Petition:
    return make_draft(title="A foreign draft", organizers=[make_organizer()])


def test_filters_and_select_boxes_name_no_foreign_draft(log_in) -> None:
    foreign, account = make_foreign(), make_with("organizer")
    own = make_petition(organizers=[make_organizer(member=account)])
    client = log_in(account)

    for path in [
        *("petitions/petition/", f"petitions/petition/{own.pk}/change/"),
        *("campaigns/update/", "campaigns/update/add/", "signatures/shownreason/"),
        f"campaigns/update/?petition__id__exact={foreign.pk}",
    ]:
        assert foreign.title not in client.get(f"/admin/{path}").content.decode()


@pytest.mark.parametrize("role", ["organizer", "moderator"])
def test_a_posted_number_moves_nothing_into_anothers_petition(
    log_in, role: str
) -> None:
    foreign, account = make_foreign(), make_with(role)
    foreign.open(by=None)
    words = {"petition": foreign.pk, "kind": "update", "title": "T", "body": "B"}
    words |= {"language": "en", "key": "0" * 32, "post": "1"}

    log_in(account).post("/admin/campaigns/update/add/", words)

    assert not Event.objects.filter(kind=EventKind.UPDATE_POSTED).exists()


@pytest.mark.parametrize("role", ["organizer", "moderator"])
def test_nobody_is_led_to_a_foreign_address(log_in, role: str) -> None:
    foreign, account = make_foreign(), make_with(role)
    kind = ContentType.objects.get_for_model(Petition)

    answer = log_in(account).get(f"/admin/r/{kind.pk}/{foreign.pk}/")

    assert answer.status_code == 404


def test_who_organizes_and_moderates_changes_only_their_own(log_in) -> None:
    foreign, account = make_foreign(), make_with("organizer")
    account.give_role(Role.MODERATOR)
    client = log_in(account)
    page = f"/admin/petitions/petition/{foreign.pk}"

    assert client.get(f"{page}/change/").status_code == 200  # to read
    assert client.post(f"{page}/change/", {"title": "Mine"}).status_code == 403
    assert client.get(f"{page}/submit/do/").status_code == 403
    foreign.refresh_from_db()
    assert foreign.title == "A foreign draft"


# Roles are the owners' to give


def change(client: Client, account: Account, **words: object) -> int:
    path = f"/admin/petitions/account/{account.pk}/change/"
    return client.post(path, {"email": account.email, "name": "N", **words}).status_code


def group_of(role: Role) -> int:
    make_account(role=role)
    return Account.objects.latest("pk").groups.get().pk


@pytest.mark.parametrize("role", ["organizer", "moderator", "staff"])
def test_nobody_but_owners_gives_roles(log_in, role: str) -> None:
    account, other = make_with(role), make_account(role=Role.ORGANIZER)
    client = log_in(account)
    owners = group_of(Role.OWNER)

    for one in (account, other):
        assert change(client, one, is_active="on", groups=owners) == 403
        assert not Account.objects.get(pk=one.pk).is_owner
    password = f"/admin/petitions/account/{other.pk}/password/"
    assert client.post(password, {"password1": "x"}).status_code == 403


def test_an_owner_gives_a_role_and_it_is_written_down_by_number(log_in) -> None:
    owner, other = make_owner(), make_account(role=Role.ORGANIZER)
    staff = group_of(Role.STAFF)

    assert change(log_in(owner), other, is_active="on", groups=staff) == 302

    assert Account.objects.get(pk=other.pk).runs_site
    (event,) = Event.objects.filter(kind=EventKind.ROLE_CHANGED)
    assert (event.by, event.petition) == (owner, None)
    assert event.note == f"Account {other.pk}: Organizers → Staff"
    assert other.email not in event.note


def test_an_owner_takes_nothing_from_themselves(log_in) -> None:
    owner = make_owner()

    change(log_in(owner), owner)

    owner = Account.objects.get(pk=owner.pk)
    assert owner.is_owner
    assert owner.is_active


def test_owners_do_not_meet_superusers(log_in) -> None:
    superuser = make_with("superuser")

    answer = log_in(make_owner()).get(
        f"/admin/petitions/account/{superuser.pk}/change/"
    )

    assert answer.status_code == 302
    assert "/change/" not in answer["Location"]


def test_a_lost_second_factor_is_removed_by_an_owner_alone(log_in) -> None:
    owner, other = make_owner(), make_staff()
    log_in(other)
    client = log_in(owner)
    act = f"/admin/petitions/account/{other.pk}/remove-factor/do/"

    assert client.get(act).status_code == 200
    assert client.post(act).status_code == 302

    assert not other.authenticator_set.exists()
    (event,) = Event.objects.filter(kind=EventKind.FACTOR_REMOVED)
    assert event.note == f"Account {other.pk}"
    own = f"/admin/petitions/account/{owner.pk}/remove-factor/do/"
    assert client.post(own)["Location"] == "/accounts/2fa/"
    assert owner.authenticator_set.exists()
