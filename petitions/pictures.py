"""Pictures from organizers, made harmless: the pixels alone, in new files."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django import forms
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 24_000_000
LONGEST_SIDE = 1600  # pixels
SHORTEST_SIDE = 200
FORMATS = ["JPEG", "MPO", "PNG", "WEBP"]  # MPO: a phone's JPEG with a second one in it
SHARE_SIZE = (1200, 630)
MOST_BYTES_FOR_A_PHONE = 90_000
QUALITIES = [80, 68, 56, 44]  # the first that is light enough
_one_at_a_time = threading.Lock()  # the largest takes 200 MB while it is read


class UploadField(forms.ImageField):
    """A picture and nothing else: no place, camera, comment or thumbnail."""

    default_validators = []  # what is in it counts, not how it is called
    default_error_messages = {
        "too_heavy": _("The picture is larger than 8 MB. Choose a smaller one."),
        "too_large": _("The picture has more than 24 million pixels."),
        "too_small": _("Choose a picture of at least 200 by 200 pixels."),
        "wrong_kind": _("Choose a JPEG, PNG or WebP picture."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > MOST_BYTES:
            raise forms.ValidationError(self.error_messages["too_heavy"])
        picture = super().clean(data, initial)
        if not isinstance(picture, UploadedFile):
            return picture  # unchanged, or taken away
        picture.seek(0)
        return self._copy(picture)

    def _copy(self, picture: UploadedFile[Any]) -> SimpleUploadedFile:
        try:
            with _one_at_a_time:
                pixels = self._pixels(picture)
        except (OSError, SyntaxError) as error:  # cut off in the middle
            raise forms.ValidationError(self.error_messages["wrong_kind"]) from error
        content = _encoded(pixels, "WEBP", quality=82)
        return SimpleUploadedFile("picture.webp", content, "image/webp")

    def _pixels(self, picture: UploadedFile[Any]) -> Image.Image:
        with Image.open(picture) as opened:
            if opened.format not in FORMATS:
                raise forms.ValidationError(self.error_messages["wrong_kind"])
            if opened.width * opened.height > MOST_PIXELS:
                raise forms.ValidationError(self.error_messages["too_large"])
            if min(opened.size) < SHORTEST_SIDE:
                raise forms.ValidationError(self.error_messages["too_small"])
            upright = _in_eight_bits(ImageOps.exif_transpose(opened)).convert("RGBA")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        white = Image.new("RGBA", upright.size, "white")
        pixels = Image.alpha_composite(white, upright).convert("RGB")
        return Image.frombytes("RGB", pixels.size, pixels.tobytes())


def _in_eight_bits(pixels: Image.Image) -> Image.Image:
    """Greys of 16 bits made to 8: Pillow's own `convert` would clip them to white."""
    if not pixels.mode.startswith("I"):
        return pixels
    return pixels.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")


def read(picture: File[Any]) -> Image.Image:
    picture.seek(0)
    with Image.open(picture) as opened:
        return opened.convert("RGB")


def smaller(pixels: Image.Image, widths: Iterable[int]) -> dict[int, bytes]:
    """The picture at each width that is less than its own."""
    return {
        width: _light(_at_width(pixels, width))
        for width in widths
        if width < pixels.width
    }


def for_sharing(pixels: Image.Image) -> bytes:
    return _encoded(ImageOps.fit(pixels, SHARE_SIZE), "JPEG", quality=80)


def _at_width(pixels: Image.Image, width: int) -> Image.Image:
    """At least one pixel high: Pillow's own `contain` makes a thin line nothing."""
    height = max(1, round(pixels.height * width / pixels.width))
    return pixels.resize((width, height), Image.Resampling.BICUBIC)


def _light(pixels: Image.Image) -> bytes:
    content = b""
    for quality in QUALITIES:
        content = _encoded(pixels, "WEBP", quality=quality)
        if len(content) <= MOST_BYTES_FOR_A_PHONE:
            break
    return content


def _encoded(pixels: Image.Image, kind: str, *, quality: int) -> bytes:
    file = BytesIO()
    pixels.save(file, kind, quality=quality)
    return file.getvalue()
