"""Fields of the admin's forms."""

from typing import Any

from django import forms
from django.db import models

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
