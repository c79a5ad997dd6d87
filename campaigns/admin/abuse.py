"""How signatures have come in the last hours: by hour, domain, network, score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.admin.held import signs_in_words
from petitions.models import Petition
from signatures.models import SignatureState, Trace

PERIODS = [24, 48]  # hours
MOST_LINES = 20
MOST_TRACES = 100_000  # read for one page: the newest

HELD = Q(
    signature__state=SignatureState.PENDING,
    signature__held_at__isnull=False,
    signature__exclusion__isnull=True,
)
NUMBERS = {
    "started": Count("pk"),
    "held": Count("pk", filter=HELD),
    "confirmed": Count("pk", filter=Q(signature__state=SignatureState.CONFIRMED)),
}


@dataclass(frozen=True)
class Line:
    """Signatures that have one thing in common, and where they are excluded."""

    label: str
    started: int
    held: int
    confirmed: int
    exclude_url: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Table:
    caption: str
    heading: str
    lines: list[Line]

    @property
    def most(self) -> int:
        return max((line.started for line in self.lines), default=1)


@dataclass(frozen=True)
class Report:
    petition: Petition | None
    hours: int
    since_at: datetime
    is_cut: bool  # there was more than is read, before that moment
    tables: list[Table]
    held_url: str
    periods: list[tuple[int, str]]


def report(asked: Mapping[str, str]) -> Report:
    """For what an address asks for; what it asks wrongly is left out."""
    hours = 48 if asked.get("hours") == "48" else 24
    petition = _petition(asked.get("petition", ""))
    since_at = timezone.now() - timedelta(hours=hours)
    cut_at = _newest_since(since_at)
    traces = Trace.objects.filter(started_at__gte=cut_at or since_at)
    if petition:
        traces = traces.filter(signature__petition=petition)
    ask = Asking(traces, petition, cut_at or since_at)
    of_petitions = [] if petition else [ask.by_petition()]
    tables = [ask.by_domain(), ask.by_network(), ask.by_score(), *of_petitions]
    of_petition = {"petition__id__exact": petition.pk} if petition else {}
    held = urlencode({"which": "held", **of_petition})
    return Report(
        petition=petition,
        hours=hours,
        since_at=ask.since_at,
        is_cut=cut_at is not None,
        tables=[*tables, ask.by_hour()],
        held_url=f"{reverse('admin:signatures_signature_changelist')}?{held}",
        periods=[(one, _period_url(one, petition)) for one in PERIODS],
    )


@dataclass(frozen=True)
class Asking:
    """One question to the database for each table."""

    traces: models.QuerySet[Trace]
    petition: Petition | None
    since_at: datetime

    def by_hour(self) -> Table:
        rows = self._rows(TruncHour("started_at")).order_by("-what")
        lines = [
            Line(
                date_format(timezone.localtime(hour), "j N, H:i"),
                *numbers,
                exclude_url=self._url(
                    since_at=hour, until_at=hour + timedelta(hours=1)
                ),
            )
            for hour, *numbers in rows
        ]
        return Table(_("By hour"), _("Hour"), lines)

    def by_domain(self) -> Table:
        lines = [
            Line(domain, *numbers, exclude_url=self._url(domain=domain))
            for domain, *numbers in self._most(F("domain"))
        ]
        return Table(_("By domain of the address"), _("Domain"), lines)

    def by_network(self) -> Table:
        """Of networks there are only keys, which nobody can turn back."""
        lines = [
            Line(f"{key[:8]}…", *numbers, exclude_url=self._url(network_key=key))
            if key
            else Line(_("not counted"), *numbers)
            for key, *numbers in self._most(F("network_key"))
        ]
        return Table(_("By network"), _("Network"), lines)

    def by_score(self) -> Table:
        lines = [
            Line(f"{score}: {signs_in_words(signs)}", *numbers)
            for signs, *numbers, score in self._most(F("signs"), score=Max("score"))
        ]
        return Table(_("By what speaks against them"), _("Score"), lines)

    def by_petition(self) -> Table:
        lines = [
            Line(slug, *numbers, exclude_url=self._url(petition=slug))
            for slug, *numbers in self._most(F("signature__petition__slug"))
        ]
        return Table(_("By petition"), _("Petition"), lines)

    def _most(self, what: Any, **more: Any) -> models.QuerySet[Any, Any]:
        return self._rows(what, **more).order_by("-started", "what")[:MOST_LINES]

    def _rows(self, what: Any, **more: Any) -> models.QuerySet[Any, Any]:
        named = self.traces.order_by().annotate(what=what).values_list("what")
        return named.annotate(**NUMBERS, **more)

    def _url(self, **conditions: Any) -> str:
        """Where these are excluded: the form, with their conditions filled in."""
        given = {"since_at": self.since_at, **conditions}
        if self.petition:
            given["petition"] = self.petition.slug
        moments = {
            name: one.isoformat(timespec="seconds")
            for name, one in given.items()
            if isinstance(one, datetime)
        }
        query = urlencode({**given, **moments})
        return f"{reverse('admin:signatures_exclusion_add')}?{query}"


def _petition(number: str) -> Petition | None:
    if not (number.isdecimal() and len(number) < 19):
        return None
    return Petition.objects.filter(pk=number).first()


def _newest_since(since_at: datetime) -> datetime | None:
    """From when on there are as many as are read; None if all of them are."""
    moments = Trace.objects.filter(started_at__gte=since_at).order_by("-started_at")
    return moments.values_list("started_at", flat=True)[MOST_TRACES:].first()


def _period_url(hours: int, petition: Petition | None) -> str:
    of_petition = {"petition": petition.pk} if petition else {}
    return f"{reverse('admin:abuse')}?{urlencode({'hours': hours, **of_petition})}"
