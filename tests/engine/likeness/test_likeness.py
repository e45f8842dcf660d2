"""Copies of pictures and texts are found again, strangers are not, and changes are told word by word."""

import io
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from thuocdo.engine.likeness import (
    LEAST_ALIKE,
    MOST_DIFFERENT,
    picture_bands,
    picture_fingerprint,
    picture_likeness,
    text_bands,
    text_fingerprint,
    text_likeness,
    word_changes,
)

ALIKE = 1 - MOST_DIFFERENT / 64
PICTURES = 24


def scene(seed: int, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """Something like a photograph: soft light, a few things in front of it, grain."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(0, 255, (6, 8), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    picture = np.asarray(coarse, dtype=np.float64)
    for _thing in range(12):
        left, top = chance.integers(0, size[0] - 60), chance.integers(0, size[1] - 60)
        width, height = chance.integers(30, 160, 2)
        picture = picture.copy()
        picture[top : top + height, left : left + width] = chance.integers(0, 255)
    grain = chance.normal(0, 6, picture.shape)
    return Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))


def fingerprint(picture: Image.Image) -> str:
    found = picture_fingerprint(np.asarray(picture.convert("L")))
    assert found is not None
    return found


def squeezed(picture: Image.Image) -> Image.Image:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=35)
    return Image.open(kept)


def cropped(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 20, height // 20, width - width // 20, height - height // 20))


def cut_at_a_corner(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((0, 0, width * 9 // 10, height * 9 // 10))


COPIES = {
    "re-encoded": squeezed,
    "resized": lambda picture: picture.resize((211, 158)),
    "brighter": lambda picture: picture.point(lambda value: min(255, int(value * 1.15) + 8)),
    "cropped": cropped,
    "cut at a corner": cut_at_a_corner,
    "all at once": lambda picture: squeezed(cropped(picture).resize((300, 225))),
}


@pytest.fixture(scope="module")
def originals() -> list[tuple[Image.Image, str]]:
    return [(picture, fingerprint(picture)) for picture in (scene(seed) for seed in range(PICTURES))]


@pytest.mark.parametrize("how", COPIES)
def test_a_changed_copy_is_found_by_its_bands_and_is_alike(how: str, originals: Any) -> None:
    found = 0
    for picture, original in originals:
        copy = fingerprint(COPIES[how](picture))
        shares_a_band = bool(set(picture_bands(copy)) & set(picture_bands(original)))
        found += shares_a_band and picture_likeness(copy, original) >= ALIKE
    assert found >= 0.9 * PICTURES, f"{found} of {PICTURES}"


def test_no_two_strange_pictures_are_alike(originals: Any) -> None:
    prints = [original for _picture, original in originals]
    pairs = [(one, other) for place, one in enumerate(prints) for other in prints[:place]]
    assert max(picture_likeness(one, other) for one, other in pairs) < ALIKE


@pytest.mark.parametrize("grey", [np.full((400, 300), 250, dtype=np.uint8), np.zeros((20, 900), dtype=np.uint8)])
def test_an_empty_page_and_a_line_have_no_fingerprint(grey: NDArray[np.uint8]) -> None:
    assert picture_fingerprint(grey) is None


def sentence(seed: int, words: int = 220) -> list[str]:
    chance = np.random.default_rng(seed)
    vocabulary = [f"tiếng{number}" for number in range(600)]
    return [vocabulary[number] for number in chance.integers(0, 600, words)]


def text_print(words: list[str]) -> str:
    found = text_fingerprint(" ".join(words))
    assert found is not None
    return found


def test_a_text_with_a_changed_sentence_is_found_and_another_is_not() -> None:
    for seed in range(20):
        words = sentence(seed)
        original, copy = text_print(words), text_print([*words[:60], "đã", "sửa", "lại", *words[63:]])
        assert set(text_bands(original)) & set(text_bands(copy))
        assert text_likeness(original, copy) >= LEAST_ALIKE
        assert text_likeness(original, text_print(sentence(seed + 1000))) < 0.2


def test_marks_and_capitals_do_not_hide_a_text_and_a_short_one_has_no_fingerprint() -> None:
    words = re.findall(r"\w+", "Đề án đã được phê duyệt và triển khai tại các đơn vị trực thuộc") * 5
    spoken = " ".join(words).upper().replace(" ", ", ")
    assert text_likeness(text_print(words), text_fingerprint(spoken) or "") == 1
    assert text_fingerprint("Đã ban hành danh mục văn bản.") is None


def test_a_fingerprint_fits_its_column_and_never_changes() -> None:
    assert len(fingerprint(scene(3))) == 7 * 16
    assert text_print(sentence(1))[:32] == "00fa0f69001b3ad000882be601375ca4"


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_old_and_new_can_be_read_out_of_the_changes(old: str, new: str) -> None:
    changes = word_changes(old, new)
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new


def test_a_changed_word_is_told_and_nothing_else() -> None:
    changes = word_changes("Đã ban hành 40 văn bản", "Đã ban hành 45 văn bản")
    assert [change for change in changes if change.kind != "same"] == [("removed", "40"), ("added", "45")]


def test_a_very_long_text_is_compared_line_by_line() -> None:
    old = "\n".join(f"dòng {number} có vài chữ" for number in range(9_000))
    changes = word_changes(old, old.replace("dòng 77 có", "dòng 77 không"))
    assert [change.kind for change in changes] == ["same", "removed", "added", "same"]
