"""The catalogue: homonyms are kept apart, and a sentence that begins to count is translated anew."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from thuocdo.project import translations


def test_a_word_with_a_context_is_a_sentence_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "web" / "page.html"
    page.parent.mkdir()
    page.write_text('{% translate "Loại" %} {% translate "Loại" context "act" %}', encoding="utf-8")
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    found = {(message.id, message.context) for message in translations.collect() if message.id}
    assert found == {("Loại", None), ("Loại", "act")}


def test_a_text_for_one_is_not_taken_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the first letters of the old text would become the new forms."""
    wanted, known = Catalog(locale="en"), Catalog(locale="en")
    wanted.add(("%(n)s việc", "%(n)s việc"), locations=[("web/page.html", 1)])
    known.add("%(n)s việc", string="%(n)s due")
    monkeypatch.setattr(translations, "CATALOGUE", tmp_path / "django.po")
    monkeypatch.setattr(translations, "collect", lambda: wanted)
    monkeypatch.setattr(translations, "stored", lambda: known)
    assert translations.update() == 1
    assert 'msgstr[0] ""' in (tmp_path / "django.po").read_text(encoding="utf-8")
