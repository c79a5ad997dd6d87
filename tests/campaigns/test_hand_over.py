"""The hand-over: what those asked are given, and that it was given to them."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import hand_over, hand_over_pdf
from campaigns.admin.deliver import ReasonsField
from campaigns.models import Event
from campaigns.pdf import Document
from petitions.models import Account, Petition
from signatures.models import Signature
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_done_exclusion,
    make_organizer,
    make_petition,
    make_target,
    make_translation,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.fixture
def petition(rosa: Account) -> Petition:
    return make_petition(
        title="Keep the bridge open",
        organizers=[make_organizer(name="Friends of the bridge", member=rosa)],
        targets=[make_target(name="The mayor"), make_target(name="The council")],
        demands=["Mend it.", "Say when."],
        story="It is **the only way**.\n\n- the school\n- [the mill](https://m.example)",
    )


def page_of(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/hand-over/"


def make_pdf(client: Client, petition: Petition, **form: object):
    return client.post(page_of(petition), {"language": "en", **form})


def make_given(petition: Petition, **fields: object) -> Signature:
    """Whose name may be handed over."""
    signature = make_confirmed_signature(petition=petition, **fields)
    signature.name_for_delivery = True
    signature.change(["name_for_delivery"])
    return signature


def make_with_reason(petition: Petition, **fields: object) -> Signature:
    signature = make_confirmed_signature(petition=petition, **fields)
    signature.release_reason()
    return signature


class Words(list[str]):
    """What a document was told to write, in its order."""

    def __contains__(self, text: object) -> bool:
        return str(text) in "\n".join(self)


@pytest.fixture
def words(monkeypatch) -> Words:
    """All that is written in documents, before it becomes glyphs of a font."""
    found = Words()
    for name in ("multi_cell", "cell"):
        write = getattr(Document, name)

        def noted(self, width, height, text="", *rest, write=write, **named):
            found.append(text)
            return write(self, width, height, text, *rest, **named)

        monkeypatch.setattr(Document, name, noted)
    return found


def test_it_holds_the_words_the_count_and_what_it_means(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    for _number in range(12):
        make_counted_signature(petition=petition, country="PE")

    answer = make_pdf(log_in(rosa), petition)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="hand-over.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-1.")
    for text in [
        "Keep the bridge open",
        "To: The mayor; The council",
        "From: Friends of the bridge",
        *("Keep the bridge open.", "Mend it.", "Say when."),
        *("It is the only way.", "the school", "the mill (https://m.example)"),
        "12 signatures as of ",
        *("Peru", "12"),
        "confirmed an e-mail",
    ]:
        assert text in words


def test_it_says_what_it_is_called_and_in_which_language(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    make_translation(petition, title="El puente sigue abierto")

    content = make_pdf(log_in(rosa), petition, language="es").content

    assert b"/Lang (es)" in content
    assert b"/DisplayDocTitle true" in content
    assert "El puente sigue abierto" in words
    assert "Keep the bridge open" not in words


def test_the_same_is_made_of_the_same(petition: Petition) -> None:
    make_given(petition)
    made_at = datetime(2024, 5, 1, 12, tzinfo=UTC)
    made = {
        hand_over_pdf.written(petition, language="en", reasons=[], made_at=made_at)
        for _time in range(2)
    }

    (document,) = made
    assert b"/CreationDate (D:20240501120000Z)" in document


def test_who_made_it_is_on_record_with_what_it_is_known_by(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    client = log_in(rosa)

    content = make_pdf(client, petition).content

    (event,) = Event.objects.all()
    digest = hashlib.sha256(content).hexdigest()
    assert (event.kind, event.by, event.petition) == (
        *("handed_to_target", rosa),
        petition,
    )
    assert event.note == f"PDF (en), sha256 {digest}"
    assert digest.encode() in client.get(page_of(petition)).content


def test_reading_the_page_makes_nothing(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    answer = log_in(rosa).get(f"{page_of(petition)}?language=en&names=1")

    assert answer["Content-Type"].startswith("text/html")
    assert not Event.objects.exists()


def test_names_are_those_that_were_given_for_it(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    make_given(petition, name="Ana Quispe", place="Cusco", email="ana@example.org")
    make_confirmed_signature(petition=petition, name="Only Shown", show_name=True)
    make_given(petition, name="Taken Back").withdraw()
    make_given(make_petition(), name="Of Another")

    make_pdf(log_in(rosa), petition)

    assert "Ana Quispe, Cusco" in words
    assert "1 signer lets their name be handed over." in words
    for text in ["Only Shown", "Taken Back", "Of Another", "ana@example.org"]:
        assert text not in words


def test_too_many_names_stand_in_a_file_of_their_own(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words, monkeypatch
) -> None:
    monkeypatch.setattr(hand_over, "MOST_NAMES", 1)
    for name in ("Ana", "Bo"):
        make_given(petition, name=name, place="Cusco", email=f"{name}@example.org")
    make_confirmed_signature(petition=petition, name="Only Shown", show_name=True)
    client = log_in(rosa)

    make_pdf(client, petition)
    page = client.get(page_of(petition)).content.decode()
    file = client.post(page_of(petition), {"names": "1"})

    assert "in a file of their own" in words
    assert "Ana" not in words
    assert 'name="names"' in page
    assert file["Content-Disposition"] == 'attachment; filename="names.csv"'
    assert b"".join(file.streaming_content).decode() == (
        '\ufeff"row","name","place","country"\n"1","Ana","Cusco",""\n"2","Bo","Cusco",""\n'
    )
    notes = Event.objects.filter(kind="exported").values_list("note", flat=True)
    assert list(notes) == ["2 rows: names for the hand-over"]


def test_reasons_are_those_that_were_chosen_of_those_shown(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    chosen = make_with_reason(petition, name="Shown Name", reason="My school.")
    given = make_with_reason(petition, name="Given Name", reason="My mill.")
    given.name_for_delivery = True
    given.change(["name_for_delivery"])
    make_with_reason(petition, reason="Not chosen.")

    make_pdf(log_in(rosa), petition, reasons=[chosen.pk, given.pk])

    assert "My school." in words
    assert "My mill." in words
    assert "— Given Name" in words
    assert "Shown Name" not in words
    assert "Not chosen." not in words


def test_a_reason_that_is_not_shown_cannot_be_chosen(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    held = make_confirmed_signature(petition=petition, reason="Held.")
    foreign = make_with_reason(make_petition(), reason="Foreign.")
    client = log_in(rosa)

    for wrong in (held.pk, foreign.pk, "x", "9" * 30):
        answer = make_pdf(client, petition, reasons=[wrong])
        assert answer["Content-Type"].startswith("text/html")
        assert "reasons" in answer.context["form"].errors
    assert not Event.objects.exists()


def test_a_reason_that_is_hidden_before_it_is_written_is_left_out(
    petition: Petition, words: Words
) -> None:
    kept = make_with_reason(petition, reason="Kept.")
    hidden = make_with_reason(petition, reason="Hidden.")
    field = ReasonsField(petition)
    chosen = field.clean([kept.pk, hidden.pk])

    hidden.hide_reason()
    hand_over_pdf.written(
        petition, language="en", reasons=chosen, made_at=timezone.now()
    )

    assert "Kept." in words
    assert "Hidden." not in words


def test_more_reasons_than_anybody_reads_are_refused(
    log_in: LogIn, rosa: Account, petition: Petition, monkeypatch
) -> None:
    monkeypatch.setattr(hand_over, "MOST_REASONS", 1)
    two = [make_with_reason(petition, reason="R").pk for _time in range(2)]

    answer = make_pdf(log_in(rosa), petition, reasons=two)

    assert list(answer.context["form"].errors) == ["reasons"]


def test_what_was_taken_off_and_changed_is_told(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    for name in ("bot", "bot", "Ana"):
        make_confirmed_signature(petition=petition, name=name)
    make_confirmed_signature(name="bot")
    make_done_exclusion(name_pattern="bot")
    petition.ask = "Keep it open for all."
    petition.revise(by=rosa, reason="Clearer.")

    make_pdf(log_in(rosa), petition)

    text = " ".join(words)
    assert "2 more were taken off the count" in text
    assert "this is version 2." in text


def test_of_a_sensitive_petition_nobody_and_no_small_number_is_told(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    signature = make_given(petition, name="Ana Quispe", country="PE", reason="Mine.")
    signature.release_reason()
    Petition.objects.filter(pk=petition.pk).update(sensitive=True, signature_count=39)
    client = log_in(rosa)

    make_pdf(client, petition, reasons=[signature.pk])
    names = client.post(page_of(petition), {"names": "1"})

    assert "Fewer than 40 signatures" in words
    assert "— A supporter" in words
    for text in ["Ana Quispe", "39 ", "Peru", "By country"]:
        assert text not in words
    assert not names.streaming


def test_what_no_font_has_is_seen_to_be_missing(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    make_given(petition, name="漢 Li", place="مصر 字")

    answer = make_pdf(log_in(rosa), petition)

    assert answer.status_code == 200
    assert "\ufffd Li, مصر \ufffd" in words
    assert "\ufffd stands for a letter" in words


def test_what_all_fonts_have_leaves_no_gap(
    log_in: LogIn, rosa: Account, petition: Petition, words: Words
) -> None:
    make_given(petition, name="Ana\u202e Quispe\ufe0f\u200b")

    make_pdf(log_in(rosa), petition)

    assert "Ana Quispe" in words
    assert "\ufffd" not in words


def test_nothing_turns_the_direction_of_what_follows(words: Words) -> None:
    document = Document(title="One \u202eTwo", language="en", made_at=timezone.now())
    document.heading("A\u2067b")
    document.paragraph("c\u202ed\x07 م")
    document.run_in(["e\nf", "g\u200fh"])

    content = bytes(document.output())

    assert list(words[:3]) == ["Ab", "cd م", "ef  ·  gh".replace("ef", "e f")]
    assert b"/Title (One Two)" in content


def test_a_long_label_keeps_clear_of_its_number(words: Words) -> None:
    document = Document(title="T", language="en", made_at=timezone.now())

    document.figures([("brought along from " + "far away " * 20, "12")])

    document.output()

    number, *label = words[:4]
    assert number == "12"
    assert len(label) > 1
    assert all(document.get_string_width(line) < document.epw * 0.8 for line in label)


def test_while_one_is_made_another_is_asked_for_later(
    log_in: LogIn, rosa: Account, petition: Petition, monkeypatch
) -> None:
    monkeypatch.setattr(hand_over_pdf, "PATIENCE", 0)
    client = log_in(rosa)

    assert hand_over_pdf.writing.acquire(blocking=False)
    answer = make_pdf(client, petition)
    hand_over_pdf.writing.release()

    assert "Another PDF is being made." in answer.content.decode()
    assert not Event.objects.exists()
    assert make_pdf(client, petition)["Content-Type"] == "application/pdf"
