"""What a site's logo may be: a small picture that loads nothing and does nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
MOST_BYTES = 64 * 1024

ACTIVE = {"script", "foreignobject", "iframe", "handler", "listener"}
# A style may refer to a part of the same file, or hold the picture itself.
FOREIGN = re.compile(r"""(?:url\(\s*["']?|@import\s+["']?)(?!#|data:image/)[^\s"')]""")


def mistakes(file: Path) -> Iterator[str]:
    """What keeps this file from being the site's logo, in words for who set it."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        yield f"SITE_LOGO: {file} is neither an SVG, a PNG nor a WebP file."
    elif not file.is_file():
        yield f"SITE_LOGO: there is no file {file}."
    elif (size := file.stat().st_size) > MOST_BYTES:
        yield (
            f"SITE_LOGO: {file} has {size:,} bytes, and every page shows it; "
            f"make it smaller than {MOST_BYTES:,}."
        )
    elif kind == "image/svg+xml":
        yield from _mistakes_of_svg(file)
    elif not _is_picture(file):
        yield f"SITE_LOGO: {file} is no {file.suffix[1:].upper()} picture inside."


def _is_picture(file: Path) -> bool:
    try:
        with Image.open(file, formats=[file.suffix[1:].upper()]) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False
    return True


def _mistakes_of_svg(file: Path) -> Iterator[str]:
    content = file.read_bytes()
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper():
        yield f"SITE_LOGO: {file} declares a document type; take that line out."
        return
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - without declarations
    except ElementTree.ParseError as error:
        yield f"SITE_LOGO: {file} is no SVG that can be read ({error})."
        return
    if _local(root.tag) != "svg":
        yield f"SITE_LOGO: {file} is no SVG: it begins with <{_local(root.tag)}>."
    elif any(_is_active(element) for element in root.iter()):
        yield f"SITE_LOGO: {file} has a script in it; save it without."
    elif any(_is_foreign(element) for element in root.iter()):
        yield (
            f"SITE_LOGO: {file} loads something from elsewhere; "
            "save it with everything inside."
        )


def _is_active(element: ElementTree.Element) -> bool:
    return _local(element.tag) in ACTIVE or any(
        _local(name).startswith("on") or "javascript:" in value.lower()
        for name, value in element.attrib.items()
    )


def _is_foreign(element: ElementTree.Element) -> bool:
    references = [
        value.strip()
        for name, value in element.attrib.items()
        if _local(name) in ("href", "src")
    ]
    if any(not one.startswith(("#", "data:image/")) for one in references):
        return _local(element.tag) != "a"
    words = [element.text or "", *element.attrib.values()]
    return any(FOREIGN.search(one) for one in words)


def _local(name: object) -> str:
    """Without its namespace; comments have a function for a name."""
    return str(name).rpartition("}")[2].lower()
