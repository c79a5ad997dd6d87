"""What whoever writes an update is asked: its words, when, and to how many."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin.mailings import number_asking
from campaigns.models import ScheduledUpdate, Update, UpdateKind
from campaigns.models.updates import MAILINGS_A_WEEK, WEEK, first_free
from campaigns.some import Some
from petitions.admin import DayAndTime
from petitions.dates import show_moment
from petitions.models import Organizer, Petition
from petitions.templatetags.petition_text import grouped

FIELDS = [
    *("petition", "organizer", "kind", "title", "body"),
    *("url", "source", "language"),
]
HELP = {
    "kind": gettext_lazy(
        "Update: what you tell. In the news: what somebody else reported. Response: "
        "what was answered by those whom you ask. Delivery: that it was handed over. "
        "Outcome: what came of it."
    ),
    "title": gettext_lazy("Of news, the headline."),
    "body": gettext_lazy("Markdown. Of news, a few lines, or nothing."),
    "url": gettext_lazy("News need it: where they can be read."),
    "source": gettext_lazy("News need it: who reported them, such as a newspaper."),
}
NEEDED_FOR_NEWS = {
    "url": gettext_lazy("Give the link to where the news can be read."),
    "source": gettext_lazy("Say who reported it."),
}
MOST_AHEAD = timedelta(days=366)
# To mail more than so many, their number is typed; for fewer a tick is enough.
FEW = 10
NOBODY = Some(0, is_all=True)


class UpdateWordsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in HELP.items():
            if name in self.fields:
                self.fields[name].help_text = words

    def clean(self) -> dict[str, Any]:
        """Each kind needs something else."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == UpdateKind.NEWS:
            for name, words in NEEDED_FOR_NEWS.items():
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, words)
        elif not cleaned.get("body") and not cleaned.get("url"):
            self.add_error("body", _("Write a text, or give a link."))
        return cleaned


class MomentWidget(DayAndTime):
    """A label leads to the first of its two fields."""

    use_fieldset = False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class UpdateForm(UpdateWordsForm):
    """A new update, or one that waits to be posted."""

    url = forms.URLField(
        label=gettext_lazy("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)  # the same when it is sent twice
    with_mail = forms.BooleanField(
        label=gettext_lazy("E-mail it to those who asked for updates"),
        required=False,
        initial=True,
    )
    post_at = forms.SplitDateTimeField(
        label=gettext_lazy("Post it later, on"), required=False, widget=MomentWidget
    )

    class Meta:
        model = Update
        fields = FIELDS
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
            "source": forms.TextInput(attrs={"class": "vTextField"}),
        }
        error_messages = {
            "petition": {"required": gettext_lazy("Choose a petition.")},
            "organizer": {"required": gettext_lazy("Choose in whose name you write.")},
            "title": {"required": gettext_lazy("Write a title.")},
        }

    def __init__(
        self,
        *args: Any,
        petitions: QuerySet[Petition],
        organizers: QuerySet[Organizer],
        is_for_organizer: bool,
        **kwargs: Any,
    ) -> None:
        """Its select boxes hold only what the writer may write about."""
        super().__init__(*args, **kwargs)
        self.fields["petition"].queryset = petitions  # type: ignore[attr-defined]  # a choice of rows
        self.fields["organizer"].queryset = organizers  # type: ignore[attr-defined]  # a choice of rows
        self.fields["organizer"].required = is_for_organizer
        self.fields["post_at"].help_text = _(
            "Leave it empty to post it now. Times are those of %(zone)s."
        ) % {"zone": settings.TIME_ZONE}

    @property
    def number(self) -> Some:
        """How many a mail would reach at this moment, once it is known to be valid."""
        if not self.cleaned_data["with_mail"]:
            return NOBODY
        return number_asking(self.cleaned_data["petition"])

    def update(self) -> Update:
        """As it will be, not saved."""
        update: Update = self.instance
        update.key = self.cleaned_data["key"]
        update.posted_at = self.cleaned_data["post_at"] or timezone.now()
        if update.organizer:
            update.author = update.organizer.name
        return update

    def words(self, *also: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in [*FIELDS, *also]}

    def begin_another(self) -> None:
        """Its key stands for other words: who wrote them went back to write more."""
        self.data["key"] = str(uuid4())  # type: ignore[index]  # a copy of what was sent
        self.add_error(
            None,
            _(
                "What you wrote on this page before has been posted or scheduled "
                "already. To post this as one more, look at the preview again."
            ),
        )

    def clean_post_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["post_at"]
        now = timezone.now()
        if moment and not now < moment < now + MOST_AHEAD:
            raise forms.ValidationError(
                _("Choose a moment that is still to come, within a year.")
            )
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        petition, organizer = cleaned.get("petition"), cleaned.get("organizer")
        if petition and organizer and organizer not in petition.organizers.all():
            self.add_error("organizer", _("This organizer does not run the petition."))
        if petition and cleaned.get("with_mail") and "post_at" in cleaned:
            wanted = cleaned["post_at"] or timezone.now()
            next_at = _first_free(petition, wanted, but=cleaned.get("key") or uuid4())
            if next_at > wanted:
                self.add_error("with_mail", too_many(next_at))
        return cleaned


def _first_free(petition: Petition, wanted: datetime, *, but: Any) -> datetime:
    """When it may be mailed beside what has been and what is to be."""
    posted = Update.objects.for_petition(petition)
    if posted.filter(key=but).exists():
        return wanted  # pressed twice
    scheduled = ScheduledUpdate.objects.for_petition(petition).waiting()
    to_come = scheduled.filter(with_mail=True).exclude(key=but)
    been = posted.mailed_since(wanted - WEEK)
    return first_free(wanted, [*been, *to_come.values_list("post_at", flat=True)])


def too_many(next_at: datetime) -> str:
    return _(
        "At most %(number)s updates are mailed in any 7 days. The next may go on "
        "%(moment)s. Choose a day from then on, or take out this tick to have it on "
        "the page alone."
    ) % {
        "number": MAILINGS_A_WEEK,
        "moment": show_moment(next_at + timedelta(minutes=1)),
    }


class PeopleForm(forms.Form):
    """Makes sure that whoever mails people knows how many they are."""

    shown = forms.IntegerField(
        min_value=0, max_value=10**9, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, number: Some, **kwargs: Any) -> None:
        kwargs |= {"prefix": "people", "initial": {"shown": number.number}}
        super().__init__(*args, **kwargs)
        self.number = number
        if number.number > FEW:
            self.fields["typed"] = self._typed()
        elif number:
            self.fields["sure"] = self._sure()

    def _typed(self) -> forms.CharField:
        label = _("To mail it to %(number)s people, type %(digits)s")
        shape = {"inputmode": "numeric", "autocomplete": "off", "class": "vTextField"}
        return forms.CharField(
            label=label % {"number": self.number, "digits": self._digits},
            max_length=20,
            widget=forms.TextInput(attrs=shape),
            error_messages={"required": self._wrong_number()},
        )

    def _sure(self) -> forms.BooleanField:
        label = ngettext(
            "Yes, mail it to %(number)s person",
            "Yes, mail it to %(number)s people",
            self.number.number,
        )
        return forms.BooleanField(
            label=label % {"number": self.number},
            error_messages={"required": _("Tick this, to be sure.")},
        )

    def clean_typed(self) -> int:
        """The number of now, or of the preview where only a few have come since."""
        digits = re.sub(r"\D", "", self.cleaned_data["typed"])
        shown = self.cleaned_data.get("shown") or 0
        is_near = self.number.number <= shown * 1.2 + FEW
        typed = int(digits or 0)
        if typed == self.number.number or (is_near and typed == shown):
            return typed
        raise forms.ValidationError(self._wrong_number())

    def _wrong_number(self) -> str:
        words = _("Type %(digits)s, the number of people who are to get it.")
        return words % {"digits": self._digits}

    @property
    def _digits(self) -> str:
        return grouped(self.number.number)
