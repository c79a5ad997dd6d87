"""A picture as it is kept: one file as uploaded and cleaned, smaller ones beside it.

The name tells the size, so that a page knows it without opening a file:
`petitions/<hex>-1600x900.webp`, and beside it `…-480.webp`, `…-960.webp` and, for
other sites to show, `…-share.jpg`. A picture from before there were sizes has none in
its name, and is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.db.models.fields.files import ImageFieldFile

from petitions import pictures


class Picture(ImageFieldFile):
    field: PictureField

    def save(self, name: str, content: File[Any], save: bool = True) -> None:  # noqa: FBT002  # Django's
        """Keep the picture with all its sizes, under a name that nobody can guess."""
        pixels = pictures.read(content)
        beside = {
            f"-{width}.webp": small
            for width, small in pictures.smaller(pixels, self.field.widths).items()
        }
        if self.field.is_shared:
            beside["-share.jpg"] = pictures.for_sharing(pixels)
        stem = f"{uuid4().hex}-{pixels.width}x{pixels.height}"
        super().save(f"{stem}.webp", content, save=False)
        for ending, small in beside.items():
            self.storage.save(self._stem + ending, ContentFile(small))
        if save:
            self.instance.save()

    save.alters_data = True  # type: ignore[attr-defined]  # Django's mark

    @property
    def dimensions(self) -> tuple[int, int] | None:
        """Width and height; None for a picture that came before there were sizes."""
        found = re.search(r"-(\d+)x(\d+)\.webp$", self.name or "")
        return (int(found[1]), int(found[2])) if found else None

    @property
    def srcset(self) -> str:
        """What a browser chooses from, by width; empty where there is one file."""
        if self.dimensions is None:
            return ""
        files = [f"{self._url_beside(width)} {width}w" for width in self._widths]
        return ", ".join([*files, f"{self.url} {self.dimensions[0]}w"])

    @property
    def share_url(self) -> str:
        """1200 × 630 for previews on other sites; empty where there is none."""
        if self.dimensions is None or not self.field.is_shared:
            return ""
        return str(self.storage.url(f"{self._stem}-share.jpg"))

    def move(self) -> None:
        """Keep it under a new name that nobody knows; its old addresses lead nowhere.

        To be called inside a transaction: the old files go after the commit.
        """
        old = copy(self)
        with self.open() as content:
            self.save("", ContentFile(content.read()), save=False)
        self.instance.save(update_fields=[self.field.name])
        transaction.on_commit(old.remove_files, robust=True)

    def take_over(self, other: Picture) -> None:
        """Have copies of another's files, in all the same sizes, under a new name."""
        stem = f"{uuid4().hex}-{other._stem.rpartition('-')[2]}"
        name = self.field.generate_filename(self.instance, f"{stem}.webp")
        smaller = [f"-{width}.webp" for width in other._widths]
        for ending in [".webp", *smaller, "-share.jpg"]:
            with other.storage.open(other._stem + ending) as content:
                self.storage.save(name.removesuffix(".webp") + ending, content)
        setattr(self.instance, self.field.name, name)

    def remove_files(self) -> None:
        """All sizes, from the storage alone. To be called after the commit."""
        smaller = [f"{self._stem}-{width}.webp" for width in self._widths]
        for name in [str(self.name), *smaller, f"{self._stem}-share.jpg"]:
            self.storage.delete(name)

    @property
    def _widths(self) -> list[int]:
        if self.dimensions is None:
            return []
        return [width for width in self.field.widths if width < self.dimensions[0]]

    @property
    def _stem(self) -> str:
        return str(self.name).removesuffix(".webp")

    def _url_beside(self, width: int) -> str:
        return str(self.storage.url(f"{self._stem}-{width}.webp"))


class PictureField(models.ImageField):
    """An image that is kept in several widths, and maybe for previews elsewhere."""

    attr_class = Picture

    def __init__(
        self,
        *args: Any,
        widths: Sequence[int] = (),
        is_shared: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.widths = widths
        self.is_shared = is_shared

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """To the database it is an image: what is made of it is no matter of hers."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("storage", None)
        return name, "django.db.models.ImageField", args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": pictures.UploadField, **kwargs})

    if TYPE_CHECKING:

        def __get__(self, instance: Any, owner: Any) -> Any: ...
