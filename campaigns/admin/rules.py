"""Rules: from where signatures are always taken, or always held for staff."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.acts import Act, ActingAdmin, SureForm
from campaigns.models import Event, EventKind
from petitions.admin import account_of
from petitions.models import Account
from signatures.models import AccessRule, RuleSubject
from signatures.rules import PatternNotUsable, clean_pattern

SHORTEST_PREFIX = {4: 8, 6: 32}
HOW_TO_WRITE = {
    RuleSubject.ADDRESS: gettext_lazy("Write an address like ana@example.org."),
    RuleSubject.DOMAIN: gettext_lazy(
        "Write a domain like example.org, or *.example.org for all below it."
    ),
    RuleSubject.NETWORK: gettext_lazy(
        "Write a network like 203.0.113.0/24 or 2001:db8::/48, or one address."
    ),
}


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = AccessRule
        fields = ["kind", "subject", "pattern", "note"]
        help_texts = {
            "kind": gettext_lazy(
                "What is allowed is never held. What is blocked is held for you; who "
                "signs is not told."
            ),
            "pattern": gettext_lazy(
                "An address, a domain (*.example.org is all below it) or a network. "
                "Of an address we keep only a key, by which nobody can read it again."
            ),
            "note": gettext_lazy("For staff. Write no address here."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        subject, typed = cleaned.get("subject"), cleaned.get("pattern")
        if subject and typed:
            cleaned["pattern"] = self._cleaned_pattern(subject, typed)
        if "@" in cleaned.get("note", ""):
            self.add_error("note", _("Leave the address out: anybody here reads it."))
        return cleaned

    def _cleaned_pattern(self, subject: str, typed: str) -> str:
        """As it is kept; what was typed is not shown again where it is an address."""
        try:
            pattern = clean_pattern(subject, typed)
        except PatternNotUsable:
            self.add_error("pattern", HOW_TO_WRITE[RuleSubject(subject)])
            return ""
        if subject == RuleSubject.NETWORK and _is_too_wide(pattern):
            message = _("This network is too wide: take /8 or less of it, IPv6 /32.")
            self.add_error("pattern", message)
        elif AccessRule.objects.filter(subject=subject, pattern=pattern).exists():
            self.add_error("pattern", _("There is a rule for this already."))
        return pattern


def remove(rule: AccessRule, *, by: Account) -> None:
    with transaction.atomic():
        _record(EventKind.RULE_REMOVED, rule, by=by)
        rule.delete()


@admin.register(AccessRule)
class AccessRuleAdmin(ActingAdmin):
    """To add and to remove: whoever wants another makes another. Staff only."""

    form = RuleForm
    staff_may = frozenset({"view", "add"})
    list_display = ["what", "note", "made_by", "made_at"]
    list_filter = ["kind", "subject"]
    list_select_related = ["made_by"]
    ordering = ["-pk"]
    acts = {
        "remove": Act(
            gettext_lazy("Remove"),
            gettext_lazy("Within seconds it is as if there had been no such rule."),
            lambda _rule: True,
            remove,
            SureForm,
        )
    }

    def get_fields(self, request: HttpRequest, obj: AccessRule | None = None) -> Any:
        if obj is None:
            return super().get_fields(request, obj)
        return ["what", "note", "made_by", "made_at"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: AccessRule | None = None
    ) -> list[str]:
        return ["what", "made_by", "made_at"] if obj else []

    @admin.display(description=gettext_lazy("rule"))
    def what(self, rule: AccessRule) -> str:
        subject = rule.get_subject_display()
        return f"{rule.get_kind_display()} · {subject} · {rule.which}"

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        obj.made_by = account_of(request)
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            _record(EventKind.RULE_ADDED, obj, by=obj.made_by)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing in Django's own log: the event says it."""


def _record(kind: EventKind, rule: AccessRule, *, by: Account) -> None:
    """Which domain it is may be said; neither an address nor a network."""
    which = f" {rule.pattern}" if rule.subject == RuleSubject.DOMAIN else ""
    note = f"Rule {rule.pk}: {rule.kind} {rule.subject}{which}"
    Event.objects.record(kind, None, by=by, note=note)


def _is_too_wide(pattern: str) -> bool:
    network = ip_network(pattern)
    return network.prefixlen < SHORTEST_PREFIX[network.version]
