"""The pictures that some petitions of the demo bring along."""

import json
from pathlib import Path

import pytest

from campaigns.demo.drawings import CREDIT, FOLDER, SHOWN, hang_drawings
from campaigns.management.commands import load_demo
from tests.makers import make_petition

MOST_BYTES = 45_000


def test_each_drawing_is_light_and_belongs_to_a_petition() -> None:
    drawings = sorted(FOLDER.iterdir())
    bundle = json.loads(load_demo.BUNDLE.read_text(encoding="utf-8"))

    assert [path.name for path in drawings] == [
        f"{slug}.webp" for slug in sorted(SHOWN)
    ]
    assert set(SHOWN) <= {petition["slug"] for petition in bundle["petitions"]}
    assert max(path.stat().st_size for path in drawings) <= MOST_BYTES


@pytest.mark.slow
@pytest.mark.django_db
def test_a_drawing_is_hung_as_an_upload_would_be(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    petition = make_petition(slug="keep-the-night-bus")
    other = make_petition()

    hang_drawings([petition, other])

    petition.refresh_from_db()
    other.refresh_from_db()
    assert petition.picture.dimensions == (1600, 900)
    assert len(list(tmp_path.rglob("*.*"))) == 4
    assert petition.picture_alt == SHOWN[petition.slug]
    assert petition.picture_credit == CREDIT
    assert not other.picture
