"""Fields of the admin's forms."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

LONGEST_NUMBER = 18  # digits: a longer one is more than a row's number can be


class ChosenRowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Some of many rows. What cannot be the number of a row is no choice.

    Django asks the database for it, and the database fails.
    """

    def clean(self, value: Any) -> models.QuerySet[Any]:
        for chosen in value or []:
            if len(str(chosen)) > LONGEST_NUMBER:
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(chosen)[:LONGEST_NUMBER]},
                )
        return super().clean(value)


class PictureInput(AdminFileWidget):
    """With the picture that is there, to be seen, removed or exchanged."""

    template_name = "admin/picture_input.html"
    clear_checkbox_label = _("Remove the picture")  # type: ignore[assignment]  # lazy
    input_text = _("Another picture")  # type: ignore[assignment]  # lazy

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        """From our own templates, which Django's renderer does not look into."""
        return super().render(name, value, attrs, TemplatesSetting())
