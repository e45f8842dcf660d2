"""Who signed: the post in capitals and the name below it."""

import re

from thuocdo.engine.extraction.view import TextView

_AUTHORITY = r"(?:t\s?/\s?m|k\s?/\s?t|t\s?/\s?l|t\s?/\s?u\s?/\s?q|(?:tm|kt|tl|tuq|q)\s?\.)\.?\s*"
_POSTS = (
    r"(?:phó\s+|quyền\s+)?(?:tổng\s+bí\s+thư|bí\s+thư|thủ\s+tướng|bộ\s+trưởng|thứ\s+trưởng|chủ\s+tịch|trưởng\s+ban"
    r"|chánh\s+(?:văn\s+phòng|án|thanh\s+tra)|tổng\s+(?:giám\s+đốc|cục\s+trưởng|kiểm\s+toán|thanh\s+tra)|giám\s+đốc"
    r"|cục\s+trưởng|vụ\s+trưởng|viện\s+trưởng|chủ\s+nhiệm|thống\s+đốc|trưởng\s+(?:phòng|đoàn|ban)|hiệu\s+trưởng)"
    r"|thường\s+trực"
)
_POST = re.compile(rf"(?:{_AUTHORITY}\S|(?:{_POSTS})\b)")
_NAME = re.compile(r"(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]*\.?\s+){1,5}[A-ZÀ-ỸĐ][a-zà-ỹđ]+")
_TITLED = re.compile(r"^(?:GS|PGS|TS|ThS|BS|KS)[.\s]+", re.IGNORECASE)
_BETWEEN = re.compile(r"\(?\s*(?:đã\s+k[ýí]|k[ýí]\s+tên|chữ\s+k[ýí]|dấu|đóng\s+dấu)")
_FURTHEST, _HEAD_LINES = 8, 8


def signature_in(text: str) -> tuple[str | None, str | None]:
    """Return the signer's post and name; the last post in capitals under which a name stands."""
    lines = text.splitlines()
    best: tuple[str | None, str | None] = (None, None)
    number = _HEAD_LINES
    while number < len(lines):
        pieces = _sides(lines[number])
        place = next((n for n, piece in enumerate(pieces) if _is_post(piece)), None)
        number += 1
        if place is None:
            continue
        posts, signer, steps = [pieces[place]], None, 0
        for line in lines[number : number + 3 * _FURTHEST]:
            number += 1
            following = _sides(line)
            if not following:
                continue
            steps += 1
            side = following[-1]
            if _is_post(side) or (
                side.isupper() and len(side) > 3 and signer is None and len(posts) < 4 and steps <= 3
            ):
                posts.append(side)
                continue
            bare = _TITLED.sub("", side[:100])
            if _NAME.fullmatch(bare):
                signer = side
                break
            if steps >= _FURTHEST or not (
                _BETWEEN.match(TextView(side[:40]).fold) or len(following) > 1 or side[0] in "-*("
            ):
                break
        if signer is not None or (best == (None, None) and (len(posts) > 1 or len(pieces) > 1)):
            best = (", ".join(" ".join(post.split()) for post in posts)[:200], signer)
    return best


def _sides(line: str) -> list[str]:
    return [part.strip(" *|") for part in re.split(r"\s{3,}|\t|\s\|\s", line.strip()) if part.strip(" *|")]


def _is_post(piece: str) -> bool:
    if len(piece) > 90:
        return False
    letters = [letter for letter in piece if letter.isalpha()]
    if len(letters) < 4 or sum(map(str.isupper, letters)) < 0.9 * len(letters):
        return False
    return _POST.match(TextView(piece).fold) is not None
