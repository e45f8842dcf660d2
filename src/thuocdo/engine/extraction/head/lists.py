"""Lists around the text: to whom a document is addressed, who receives it, on what law it rests."""

import re

from thuocdo.engine.extraction.view import TextView

_SPACE = re.compile(r"\s+")
_ITEM = re.compile(r"\s*(?:[-–+•*]|\d{1,2}[.)])\s*")
_MOST_LINES, _MOST_ITEMS, _LONGEST = 40, 60, 400
_FIRST_LINES = 160
_BASIS = re.compile(r"\s*(?:-\s*)?(?:căn\s+cứ|thực\s+hiện|xét\s+đề\s+nghị|theo\s+đề\s+nghị)\s")


def recipients_in(text: str, heading: str) -> tuple[str, ...]:
    """Return the items of a list that begins with a heading (`nơi nhận` the last such list, `kính gửi` the first)."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if _starts(line, heading)]
    if not places or (heading == "kính gửi" and places[0] > _FIRST_LINES):
        return ()
    first = places[0] if heading == "kính gửi" else places[-1]
    left = re.split(r"\s{3,}|\t", lines[first].strip())[0]
    items = [left[len(heading) :].strip(" :")]
    for line in lines[first + 1 : first + _MOST_LINES]:
        left = re.split(r"\s{3,}|\t", line.strip())[0] if line.strip() and not line.startswith(" " * 25) else ""
        if not line.strip() and len([item for item in items if item]) > 0 and heading == "kính gửi":
            break
        if not left:
            continue
        if _ITEM.match(left):
            items.append(left[_ITEM.match(left).end() :])  # type: ignore[union-attr]  # Matched just above.
        elif left.isupper() or left[0] in "(*" or heading == "kính gửi" or len(items) == 1:
            break
        elif items[-1] and not items[-1].endswith((";", ".")):
            items[-1] += " " + left
        else:
            break
    return tuple(_SPACE.sub(" ", item).strip(" ;.,:")[:_LONGEST] for item in items[:_MOST_ITEMS] if item.strip(" ;.,:"))


def _starts(line: str, heading: str) -> bool:
    start = line.lstrip()[:40]
    return TextView(start).fold.startswith(heading) if start[:1].lower() == heading[0] else False


def legal_bases_in(text: str) -> tuple[str, ...]:
    """Return the "Căn cứ …" of a document, each without its final sign."""
    bases: list[str] = []
    is_open = False
    for line in text.splitlines()[:_FIRST_LINES]:
        stripped = line.strip()
        # The first words tell; a line may be as long as the whole document.
        folded = TextView(stripped[:80]).fold if stripped[:1].lower() in ("c", "x", "t", "-") else ""
        if folded.lstrip("- ").startswith("căn cứ") or (bases and folded and _BASIS.match(folded)):
            bases.append(stripped.lstrip("- "))
            is_open = not stripped.endswith((";", ".", ",", ":"))
        elif is_open and stripped and len(bases[-1]) < _LONGEST:
            bases[-1] += " " + stripped
            is_open = not stripped.endswith((";", ".", ",", ":"))
        elif bases and stripped:
            break
    shown = [_SPACE.sub(" ", basis) for basis in bases[:_MOST_ITEMS]]
    # "Căn cứ … , Thủ tướng Chính phủ yêu cầu:" is the beginning of the orders, not a list of laws.
    return tuple(basis.strip(" ;.,")[:_LONGEST] for basis in shown if len(basis) <= 600 and not basis.endswith(":"))
