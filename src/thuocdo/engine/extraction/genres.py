"""Official document or report: how they are told apart, and what of a report only repeats its body."""

import re

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.layout import UNMARKED, Block
from thuocdo.engine.extraction.view import TextView

_OFFICIAL = re.compile(
    r"(?:^|\n)\s*số\s*:?\s*\d*\s*[-/]?\s*[\w/-]+|cộng\s+hòa\s+xã\s+hội\s+chủ\s+nghĩa"
    r"|đảng\s+cộng\s+sản\s+việt\s+nam\s*\n|(?:^|\n)\s*kính\s+gửi\s*:"
)
_SCENE = re.compile(
    r"(?:ngày|sáng|trưa|chiều|tối)\s+(?:ngày\s+)?\d{1,2}\s?[-/]\s?\d{1,2}|(?:chủ\s+trì"
    r"|tổ\s+chức)\s+(?:hội\s+nghị|phiên\s+họp|cuộc\s+họp|buổi)"
)

_BYLINE = re.compile(r"\([\w.]{2,8}\)\s*-\s")


def has_official_head(view: TextView) -> bool:
    """Say whether a number or the national or Party motto stands at the head."""
    return _OFFICIAL.search(view.fold[:1500]) is not None


_TYPE_LINE = re.compile(
    r"(?:nghị\s+quyết|quyết\s+định|chỉ\s+thị|công\s+điện|kế\s+hoạch|chương\s+trình|thông\s+báo|kết\s+luận|biên\s+bản|đề\s+án"
    r"|hướng\s+dẫn|quy\s+chế|quy\s+định|phương\s+án|báo\s+cáo|tờ\s+trình|thông\s+tri|công\s+văn)(?:\s+(?:giám\s+sát|hành\s+động|phối\s+hợp"
    r"|họp|liên\s+tịch|cuộc\s+họp|giao\s+ban))?"
)


def type_line(view: TextView, blocks: list[Block]) -> int | None:
    """Return the number of the block that says what kind of document this is ("KẾ HOẠCH"), or None."""
    for number, block in enumerate(blocks[:14]):
        text = view.flat[block.start : block.end].strip()
        first = view.written[block.start : block.end].split("\n")[0].strip()
        if first.isupper() and (
            _TYPE_LINE.fullmatch(text) or _TYPE_LINE.fullmatch(view.flat[block.start : block.start + len(first)])
        ):
            return number
    return None


def in_title(view: TextView, blocks: list[Block], line: int | None) -> int:
    """Return the number of the first block after the title that stands under the kind of document."""
    if line is None:
        return 0
    number = line + 1
    while number < len(blocks) and number <= line + 4:
        block = blocks[number]
        if block.rank != UNMARKED or block.after_gap or block.kind in ("row", "field"):
            break
        number += 1
    return number


def is_caption(view: TextView, block: Block) -> bool:
    """Say whether a paragraph of a report is a headline, a crosshead, a caption or a signature."""
    text = view.flat[block.start : block.end].rstrip("\"')")
    if stops.CAPTION.match(text) or re.search(r"(?:ảnh|nguồn)\s*:\s*[\w/. ]{2,30}$", text[-40:]):
        return True
    return text[-1:] not in ".;:!?…" and block.rank == UNMARKED


def body_begins(view: TextView, blocks: list[Block]) -> int:
    """Return the number of the block with which a report's own text begins, after headline and summary."""
    scenes = [
        number
        for number, block in enumerate(blocks[:8])
        if _SCENE.search(view.flat, block.start, min(block.end, block.start + 160)) and not is_caption(view, block)
    ]
    if len(scenes) > 1 and _BYLINE.match(view.flat, blocks[scenes[0]].start):
        # "(NLĐ) - Tại hội nghị sáng 2-6, Bộ trưởng yêu cầu ...": a summary that sets the scene as the text does again.
        return scenes[1]
    return scenes[0] if scenes else 0
