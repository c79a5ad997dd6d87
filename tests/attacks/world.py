"""A small site with one of everything, each word in it given by whoever makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from campaigns import lifecycle, tally
from campaigns.admin.petition_pages import PAGES
from campaigns.models import (
    Answer,
    Draft,
    Event,
    EventKind,
    Invitation,
    PetitionReport,
    Update,
)
from campaigns.start.keeping import sign
from petitions.models import (
    Account,
    Organizer,
    Petition,
    PetitionTarget,
    Role,
    SigningPause,
)
from signatures.models import (
    AccessRule,
    Exclusion,
    ExclusionCount,
    ReasonReport,
    Signature,
)
from signatures.models.sheet_rows import Line
from signatures.models.states import ReasonState
from signatures.tokens import Purpose, make_token
from tests.attacks.addresses import all_addresses
from tests.makers import (
    confirm_url,
    make_account,
    make_confirmed_signature,
    make_draft,
    make_organizer,
    make_petition,
    make_scheduled_update,
    make_sheet,
    make_signature,
    make_target,
    make_topic,
    make_translation,
    make_update,
    my_signature_url,
    not_me_path,
    signed_url,
)

Words = Callable[[str, int], str]  # for a field, by its name and length at most

numbers = count(1)
# For scripts, and the way out.
NO_PAGES = {"admin:autocomplete", "admin:jsi18n", "admin:logout", "account_logout"}


def plain(name: str, most: int) -> str:
    return f"{name} in words"[:most]


@dataclass
class World:
    """Names of what stands in it, for whoever walks through it."""

    words: Words = plain
    accounts: dict[str, Account] = field(default_factory=dict)
    petitions: dict[str, Petition] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run = next(numbers)
        self._accounts()
        self.organizer = self._organizer()
        self.topic = make_topic(name=self.words("topic name", 50))
        self._petitions()
        self._signatures()
        self._records()
        self._letters()
        self._paper()
        self._draft()
        tally.fold()

    def _accounts(self) -> None:
        for role in Role:
            self.accounts[role.name.lower()] = make_account(role=role)

    def _organizer(self) -> Organizer:
        organizer = make_organizer(
            name=self.words("organizer name", 100), member=self.accounts["organizer"]
        )
        organizer.place = self.words("organizer place", 100)
        organizer.about = self.words("organizer about", 1000)
        organizer.save()
        return organizer

    def _petitions(self) -> None:
        opened = self._petition("open", make_petition)
        make_translation(
            opened,
            title=self.words("translated title", 150),
            ask=self.words("translated ask", 500),
            story=self.words("translated story", 1000),
            demands=[self.words("translated demand", 200)],
        )
        opened.ask = self.words("second ask", 500)
        opened.revise(by=None, reason=self.words("edit reason", 300))
        self._sign("open", opened)
        self.update = self._update(opened)
        self._petition("draft", make_draft)
        self._petition("sensitive", make_petition, sensitive=True)
        staff = self.accounts["staff"]
        closed = self._petition("closed", make_petition)
        self._sign("closed", closed)
        reason = self.words("closing reason", 400)
        lifecycle.close(closed, by=staff, outcome="lost", reason=reason, with_mail=True)
        won = self._petition("won", make_petition)
        self._sign("won", won)
        lifecycle.declare_victory(
            won,
            by=staff,
            summary=self.words("outcome summary", 1000),
            story=self.words("outcome story", 1000),
            with_mail=True,
        )
        hidden = self._petition("hidden", make_petition)
        lifecycle.hide(hidden, by=staff, reason=self.words("hiding reason", 400))
        paused = self._petition("paused", make_petition)
        notice = self.words("pause notice", 300)
        SigningPause.objects.create(petition=paused, notice=notice, by=staff)

    def _petition(
        self, name: str, make: Callable[..., Petition], **fields: object
    ) -> Petition:
        words = self.words
        target = make_target(
            name=words("target name", 150),
            office=words("target office", 150),
            organization=words("target organization", 150),
        )
        self.petitions[name] = make(
            slug=f"{name}-{self.run}",
            title=words("title", 150),
            ask=words("ask", 500),
            story=words("story", 1000),
            demands=[words("demand", 200), words("second demand", 200)],
            organizers=[self.organizer],
            targets=[target],
            topics=[self.topic],
            picture_alt=words("picture alt", 200),
            picture_credit=words("picture credit", 200),
            signature_count=7,
            carried_over_count=7,
            carried_over_source=words("carried over source", 200),
            closing_message=words("closing message", 1000),
            next_action_label=words("next action", 60),
            next_action_url="https://example.org/next",
            blocked_words=[words("blocked word", 60)],
            **fields,
        )
        return self.petitions[name]

    def _update(self, petition: Petition) -> Update:
        update = make_update(
            petition,
            with_mail=True,
            title=self.words("update title", 200),
            body=self.words("update body", 1000),
            source=self.words("update source", 200),
            url="https://example.org/news",
            organizer=self.organizer,
        )
        Update.objects.filter(pk=update.pk).update(author=self.words("author", 100))
        make_scheduled_update(
            petition,
            title=self.words("scheduled title", 200),
            body=self.words("scheduled body", 1000),
            source=self.words("scheduled source", 200),
        )
        return update

    def _signatures(self) -> None:
        opened, sensitive = self.petitions["open"], self.petitions["sensitive"]
        self._sign("sensitive", sensitive)
        self.signatures["pending"] = make_signature(petition=opened, **self._typed())
        excluded = make_confirmed_signature(petition=opened, **self._typed())
        excluded.exclude()
        self.signatures["excluded"] = excluded
        withdrawn = make_confirmed_signature(petition=opened, **self._typed())
        withdrawn.withdraw()
        self.signatures["withdrawn"] = withdrawn

    def _sign(self, name: str, petition: Petition) -> None:
        """With all that a signer can let others see."""
        shown = {"show_name": True, "wants_updates": True, **self._typed()}
        signature = make_confirmed_signature(petition=petition, **shown)
        signature.reason_state = ReasonState.SHOWN
        signature.save()
        self.signatures[name] = signature

    def _typed(self) -> dict[str, str]:
        return {
            "name": self.words("signer name", 100),
            "place": self.words("signer place", 100),
            "reason": self.words("reason", 500),
        }

    def _records(self) -> None:
        staff, opened = self.accounts["staff"], self.petitions["open"]
        exclusion = Exclusion.objects.create(
            petition=opened,
            name_pattern=self.words("name pattern", 100),
            reason=self.words("exclusion reason", 400),
            state="done",
            made_by=staff,
        )
        ExclusionCount.objects.create(exclusion=exclusion, petition=opened, counted=3)
        told = self.words("words of a report", 400)
        PetitionReport.objects.create(petition=opened, cause="other", words=told)
        AccessRule.objects.create(
            kind="block",
            subject="domain",
            pattern=f"bad{self.run}.example",
            note=self.words("rule note", 200),
            made_by=staff,
        )
        ReasonReport.objects.create(signature=self.signatures["open"], cause="threat")
        note = self.words("event note", 400)
        Event.objects.record(EventKind.EDITED, opened, by=staff, note=note)

    def _letters(self) -> None:
        """What targets were asked and have answered, and who is invited."""
        opened, staff = self.petitions["open"], self.accounts["staff"]
        delivery, now = opened.deliveries.get(), timezone.now()
        PetitionTarget.objects.filter(pk=delivery.pk).update(asked_at=now)
        asked = {"delivery": delivery, "asked_by": staff}
        self.asked = Answer.objects.create(**asked)
        self.answered = Answer.objects.create(
            **asked,
            answered_at=now,
            text=self.words("answer", 1000),
            signed_as=self.words("who answers", 200),
        )
        self.invitation = Invitation.objects.create(
            petition=opened,
            kind="join",
            email=f"invited{self.run}@example.org",
            by=self.accounts["organizer"],
            ends_at=now + timedelta(days=14),
        )

    def _paper(self) -> None:
        """A sheet with lines, of which two look alike."""
        name, place = self.words("name on paper", 100), self.words("town on paper", 100)
        lines = [Line(name, place, f"paper{self.run}@example.org"), Line(name)]
        self.sheet = make_sheet(self.petitions["open"], lines)

    def _draft(self) -> None:
        """A petition that somebody has written and sent, and not confirmed yet."""
        words, email = self.words, f"starter{self.run}@example.org"
        target = {
            "name": words("draft target name", 150),
            "office": words("draft target office", 150),
            "organization": words("draft target organization", 150),
        }
        self.draft = Draft.objects.create(
            language="en",
            answers={
                "title": words("draft title", 150),
                "targets": [target],
                "ask": words("draft ask", 500),
                "demands": words("draft demand", 200),
                "story": words("draft story", 1000),
                "kind": "person",
                "name": words("draft name", 100),
                "place": words("draft place", 100),
                "email": email,
            },
            email=email,
            sent_at=timezone.now(),
        )
        self.draft_cookie = f"draft-en={sign(self.draft)}"

    # Where things stand

    def public_paths(self) -> list[str]:
        """Every page that anybody may read, by the names of `urls.py`."""
        update, organizer = self.update, self.organizer
        petition = self.petitions["open"]
        paths = ["/", "/petitions/", "/feed/", "/about/", "/privacy/"]
        paths += ["/accessibility/", "/find-my-signature/", "/signature-removed/"]
        paths += [update.get_absolute_url(), organizer.get_absolute_url()]
        paths += [petition.targets.get().get_absolute_url()]
        paths += [petition.topics.get().get_absolute_url()]
        for one in self.petitions.values():
            own = one.get_absolute_url()
            paths += [own, f"{own}sign/", f"{own}versions/", f"{own}feed/"]
            paths += [f"{own}reasons/", f"{own}updates/", f"{own}count.json"]
        own = petition.get_absolute_url()
        reason = f"{own}reasons/{self.signatures['open'].pk}/report/"
        paths += [reason, f"{own}reasons/reported/", f"{own}?paper"]
        paths += [f"{own}report/", f"{own}reported/"]
        paths += [f"{own}share.png", f"{own}qr.svg", f"/es{own}"]
        return [*paths, *self.secret_paths()]

    def secret_paths(self) -> list[str]:
        """Every page behind a mailed link."""
        paths = []
        for signature in self.signatures.values():
            mine = my_signature_url(signature)
            paths += [mine, f"{mine}withdraw/", f"{mine}unsubscribe/"]
            paths += [f"{mine}undo/", f"{mine}erase/", f"{mine}new-links/"]
            paths += [f"{mine}data.json", confirm_url(signature), signed_url(signature)]
            paths += [f"/check-your-email/{signature.key}/", not_me_path(signature)]
        for answer in (self.asked, self.answered):
            token = make_token(answer.key, Purpose.ANSWER)
            paths += [f"/answer/{token}/", f"/answer/{token}/no-mail/"]
        token = make_token(self.invitation.key, Purpose.INVITATION)
        paths.append(f"/invitation/{token}/")
        token = make_token(self.draft.link_key, Purpose.START)
        paths.append(f"/start/confirm/{token}/")
        return paths

    def admin_paths(self) -> Iterator[str]:
        """Of each model its list, the form to add one, its rows, and each act once.

        And all pages that are not about a row, those of the log-in too.
        """
        for address in all_addresses():
            is_page = address.route.startswith(("accounts/", "admin/"))
            if is_page and not address.gaps and address.name not in NO_PAGES:
                yield f"/{address.route}"
        for page in PAGES.values():
            if "<" not in page.path:
                yield reverse(f"admin:{page.name}", args=[self.petitions["open"].pk])
        sheet = self.sheet
        for name in ("sheet", "lines", "count"):
            args = [sheet.petition_id, sheet.number]
            yield reverse(f"admin:petition_paper_{name}", args=args)
        for update in Update.objects.filter(mail_due_at__isnull=False)[:1]:
            yield reverse("admin:petition_mail", args=[update.petition_id])
            page = [update.petition_id, "update", update.pk]
            yield reverse("admin:mailing", args=page)
        for model, model_admin in admin.site._registry.items():
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            rows = self._newest_of(model_admin)
            for row in rows:
                yield reverse(f"{name}_change", args=[row.pk])
            for row in rows[:1]:
                yield reverse(f"{name}_history", args=[row.pk])
            for act, chosen in getattr(model_admin, "acts", {}).items():
                possible = [row.pk for row in rows if chosen.is_possible(row)]
                for number in possible[:1]:
                    yield reverse(f"{name}_act", args=[number, act])

    def _newest_of(self, model_admin: admin.ModelAdmin) -> list[Model]:
        """A few rows, as the owner sees them: petitions in each state among them."""
        request = RequestFactory().get("/admin/")
        request.user = self.accounts["owner"]
        most = 8 if model_admin.model in (Petition, Signature) else 1
        return list(model_admin.get_queryset(request).order_by("-pk")[:most])
