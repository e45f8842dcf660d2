"""Two spellings of one Vietnamese name are one name; a search finds it without accents."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.spelling import name_key, nfc, search_key, unify_tone_marks


def test_tone_marks_on_either_vowel_give_one_key() -> None:
    assert name_key("Uỷ ban nhân dân tỉnh Hoà Bình") == name_key("ủy  ban nhân dân\ntỉnh Hòa Bình")
    assert name_key("Thuý") == name_key("Thúy")


def test_closed_syllables_and_qu_keep_their_marks() -> None:
    assert name_key("Hoàn toàn, quý, khuỷu") == "hoàn toàn, quý, khuỷu"


def test_decomposed_text_gives_the_same_key() -> None:
    name = "Viện Kiểm sát nhân dân tối cao"
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)


def test_search_needs_no_accents() -> None:
    assert search_key("Đảng uỷ Quốc hội") == "dang uy quoc hoi"


def test_different_names_stay_different() -> None:
    assert name_key("Bộ Nội vụ") != name_key("Bộ Ngoại vụ")


@given(st.text())
def test_keys_are_stable_and_unifying_keeps_the_length(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
    assert len(unify_tone_marks(nfc(text))) == len(nfc(text))
