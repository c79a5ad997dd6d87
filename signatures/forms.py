from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from django import forms
from django.db.models import BigAutoField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from petitions.sharing import known_channel
from signatures import scores
from signatures.addresses import AddressNotUsable, clean_address
from signatures.countries import country_code, country_name, country_names
from signatures.models import Signature
from signatures.models.signatures import CONSENTS_AFTER_SIGNING

ABOUT_NAME: Any = {
    "required": _("Enter your full name."),
    "max_length": _("Shorten your name to %(limit_value)d characters at most."),
}
ABOUT_PLACE: Any = {
    "max_length": _("Shorten the town or region to %(limit_value)d characters at most.")
}
ABOUT_REASON: Any = {
    "max_length": _(
        "Shorten your reason to %(limit_value)d characters at most. "
        "It has %(show_value)d now."
    )
}

TOO_MANY: Any = ngettext_lazy(
    "Too many signatures came from your network. Yours is not saved yet, but what you "
    "typed is still here: send it again in %(minutes)d minute.",
    "Too many signatures came from your network. Yours is not saved yet, but what you "
    "typed is still here: send it again in %(minutes)d minutes.",
    "minutes",
)


class Ticks(forms.CheckboxSelectMultiple):
    """What is amiss with them leads to the first of them."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class Radios(forms.RadioSelect):
    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class OneLineField(forms.CharField):
    """A line of text: no line break or control character reaches a mail or a file.

    What nobody would see is nothing.
    """

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        spaced = text if text.isprintable() else _spaced(text)
        return " ".join(spaced.split()) if any(map(_is_visible, spaced)) else ""


class ReasonField(forms.CharField):
    """A few sentences. Browsers count a line break as one sign but send two.

    Signs that would turn the direction of what follows are left out.
    """

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        text = text.replace("\r\n", "\n").replace("\t", " ")
        shown = text if text.isprintable() else _without_control(text)
        return re.sub(r"\n{3,}", "\n\n", shown)


class AddressField(forms.EmailField):
    """An address that mail can reach and that cannot pass for another's."""

    default_validators = []
    default_error_messages = {
        "required": _("Enter your e-mail address, like name@example.org."),
        "invalid": _(
            "Enter an e-mail address, like name@example.org. "
            "Only plain letters, digits and signs may stand before the @."
        ),
        "max_length": _("Enter a shorter e-mail address: no mail reaches this one."),
    }

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return clean_address(typed)
        except AddressNotUsable as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error


class CountryField(OneLineField):
    """A country in a person's own words, kept as its two letters.

    A box to choose from would cost a third of what a page costs, for 250 names.
    """

    default_error_messages = {
        "invalid": _("Write the country's name, like France, or leave this empty.")
    }

    @property
    def names(self) -> list[str]:
        return country_names()

    def has_changed(self, initial: Any, data: Any) -> bool:
        """A form that did not ask leaves it as it was."""
        return data is not None and country_code(data) != country_code(initial or "")

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        code = country_code(typed)
        if typed and not code:
            raise forms.ValidationError(self.error_messages["invalid"])
        return code


class ChannelField(forms.CharField):
    """By which shared link somebody came; what is no channel of ours is nothing."""

    def prepare_value(self, value: Any) -> str:
        return known_channel(value)

    def to_python(self, value: Any) -> str:
        return known_channel(value)


class SharedFields(dict[str, forms.Field]):
    """Fields that each form takes as they are, because none changes them.

    Django copies them all, and what they hold, for each form: that was a quarter of
    what it costs to check what a signer types.
    """

    def __deepcopy__(self, memo: object) -> SharedFields:
        return self


class SignForm(forms.Form):
    """What a signer types. Name and address are required, nothing else.

    `version` is the one that the page showed: nobody signs words they did not read.
    What else is posted (`stamp`, `website`, `took`) is for `scores`, which reads it
    as it comes: none of it is ever an error.
    """

    version = forms.IntegerField(
        required=False, min_value=1, max_value=BigAutoField.MAX_BIGINT
    )
    via = ChannelField(required=False)

    name = OneLineField(label=_("Full name"), max_length=100, error_messages=ABOUT_NAME)
    email = AddressField(label=_("E-mail address"), max_length=254)
    place = OneLineField(
        label=_("Town or region"),
        max_length=100,
        required=False,
        error_messages=ABOUT_PLACE,
    )
    country = CountryField(label=_("Country"), required=False)
    reason = ReasonField(
        label=_("Why do you sign?"),
        max_length=500,
        required=False,
        error_messages=ABOUT_REASON,
    )
    show_name = forms.BooleanField(label=_("Show my name on this page"), required=False)
    wants_updates = forms.BooleanField(
        label=_("E-mail me updates about this petition"), required=False
    )

    def say_that_words_changed(self) -> None:
        self.add_error(
            None,
            _("The text has changed since you opened it. Read it before you sign."),
        )

    def say_that_too_many_came(self, *, wait: int) -> None:
        minutes = math.ceil(wait / 60)
        self.add_error(None, TOO_MANY % {"minutes": minutes})

    @property
    def stamp(self) -> str:
        return scores.stamp()


SignForm.base_fields = SharedFields(SignForm.base_fields)


class ChangeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """What signers may change later. The address is not among it: it is the proof."""

    name = OneLineField(label=_("Full name"), max_length=100, error_messages=ABOUT_NAME)
    place = OneLineField(
        label=_("Town or region"),
        max_length=100,
        required=False,
        error_messages=ABOUT_PLACE,
    )
    reason = ReasonField(
        label=_("Why do you sign?"),
        max_length=500,
        required=False,
        error_messages=ABOUT_REASON,
    )

    country = CountryField(label=_("Country"), required=False)

    class Meta:
        model = Signature
        fields = [
            *("name", "place", "country", "reason", "show_name", "wants_updates"),
            *CONSENTS_AFTER_SIGNING,
        ]
        labels = {
            "show_name": _("Show my name on this page"),
            "wants_updates": _("E-mail me updates about this petition"),
            "name_for_delivery": _("My name may be handed over with the petition"),
            "organizer_may_write": _("The organizers may write to me at my address"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["country"] = country_name(self.instance.country)
        for name in CONSENTS_AFTER_SIGNING:
            if not self._asks(name):
                del self.fields[name]

    def _asks(self, name: str) -> bool:
        """Whether the form that was sent showed this box: an empty one sends nothing.

        It says so in a field `asked`. Nobody is asked where signers may be in danger.
        """
        has_shown = not self.is_bound or name in self.data.getlist("asked")  # type: ignore[attr-defined]  # what was posted
        return has_shown and not self.instance.petition.sensitive


class FindForm(forms.Form):
    email = AddressField(label=_("E-mail address"), max_length=254)


# What can be printed holds no control character: `isprintable` says so for a whole
# text at once, and saves looking at each of its letters.


def _spaced(text: str) -> str:
    return "".join(" " if _is_control(letter) else letter for letter in text)


def _without_control(text: str) -> str:
    return "".join(sign for sign in text if sign == "\n" or not _is_control(sign))


def _is_control(letter: str) -> bool:
    """Control and format characters, but for the joiners that some scripts need."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and letter not in (
        "\u200c",
        "\u200d",
    )


def _is_visible(letter: str) -> bool:
    """Letters, digits, signs; but for those that are drawn as nothing."""
    blank = "\u115f\u1160\u2800\u3164\uffa0"
    return unicodedata.category(letter)[0] in "LNPS" and letter not in blank
