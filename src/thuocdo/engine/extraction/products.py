"""The product an order yields and the level it must reach, as pieces of its span."""

import re

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import addressees_at
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase, word_set
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS, PRODUCT_NOUNS, YIELDING_VERBS

_QUANTIFIER = phrase(
    r"(?:các|những|một|toàn bộ|đầy đủ|bộ|hệ thống|\d+%?|ít nhất \d+|tối thiểu \d+|việc|cho|về|với|rõ|cụ thể"
    r"|bản|được|thống nhất)"
)
_PRODUCT_END = phrase(
    r"(?:để|nhằm|theo trình tự|trước ngày|trước|chậm nhất|muộn nhất|hoàn thành|trong (?:tháng|quý|năm|\d+)"
    r"|bảo đảm|đảm bảo|phù hợp|trên cơ sở|làm cơ sở|phục vụ|lên cổng|trên cổng|gửi|trình|được ban hành"
    r"|thực chất|do (?:bộ|ông|bà|đồng chí|chủ tịch|phó|giám đốc|thủ trưởng|sở|ban|ubnd)|theo hướng"
    r"|theo mẫu|theo quy định|thay cho|trên cổng|trên trang|tại các|cho các|cho từng)"
)
_TO_BODY = re.compile(r"\s(?:về|cho|đến|tới)\s+")
# Words with which "trình" and "phục vụ" form a noun, so that they hand nothing in and aim at nothing.
_BEFORE_TRINH = frozenset(("toàn", "chương", "quy", "công", "lộ", "tiến", "quá", "hành", "giáo", "thuyết", "lịch"))
_BEFORE_SERVICE = frozenset(("trung tâm", "chỉ số", "bộ phận", "điểm phục", "chất lượng"))
_LEVEL = phrase(
    (
        r"(?:(?:đạt |giảm |tăng |thêm |còn |xuống )*(?:tối thiểu|ít nhất|không dưới|không ít hơn|không quá"
        r"|tối đa|trên|hơn|từ)(?: là)? (?:đạt )?)?\d+(?:[.,]\d+)*(?: ?(?:%|phần trăm))?(?!\d)"
    ),
    whole=False,
)
_HANDS_IN = frozenset(("báo cáo", "trình", "gửi", "công bố", "nộp", "đề xuất", "tham mưu"))
_TIME_UNIT = re.compile(r"\s*(?:ngày|tháng|tuần|năm|giờ|phút|quý)(?!\w)")
_AT_LEAST = re.compile(r"(?:tối\s+thiểu|ít\s+nhất|không\s+dưới|không\s+ít\s+hơn|không\s+quá|tối\s+đa)")
_LEVEL_END = word_set(
    "được phải trong của so khi tại cho do để và có đã từ trước theo trên bị là với vào về đối chậm"
    " đến ở nhằm thuộc năm"
)
_SETS_UP = frozenset(("thành lập", "kiện toàn"))
_HAVING = phrase(r"có (?:văn bản|báo cáo|kế hoạch|hướng dẫn|phương án|lộ trình|đề án|quy định|công văn)")
_GIVEN = phrase(
    r"(?:công bố|công khai) kết quả (?!để|cho|về|lên|trên)"
    r"|(?:cung cấp|chia sẻ|công bố|gửi|nộp|công khai) (?:dữ liệu|thông tin|số liệu) (?!để|cho|về)",
    whole=False,
)
# Verbs that hand something in; inside a longer phrase ("điểm hỗ trợ nộp hồ sơ") they yield nothing.
_ONLY_LEADING = frozenset(("nộp", "gửi", "mở", "ký", "cung cấp", "báo cáo", "lập"))
# A plain number after one of these verbs is how many there shall be.
_MAKES = phrase(
    r"(?:tổ chức|thành lập|lập|xây dựng|xây mới|xây|lắp đặt|lắp mới|lắp|đầu tư(?: xây dựng)?|mở|trồng|trồng mới|đào tạo"
    r"|đào tạo lại|tập huấn|bồi dưỡng|thiết kế|hình thành|phát triển|tuyển dụng|tuyển chọn|ra mắt|tạo|duy trì|nhân rộng"
    r"|thí điểm|bố trí|trang bị|mua sắm|sản xuất|phủ sóng)(?: được| thêm| mới)? (?P<count>\d[\d.]*)(?="
    r" \w)(?! tháng| ngày| năm| tuần| giờ)",
)
_RECIPIENT = phrase(
    r"(?:thủ tướng chính phủ|phó thủ tướng|thủ tướng|chính phủ|quốc hội|bộ chính trị|ban bí thư"
    r"|hội đồng nhân dân(?: tỉnh)?"
    r"|ủy ban thường vụ quốc hội|cấp có thẩm quyền|cơ quan có thẩm quyền|thường trực ban chỉ đạo|ban chỉ đạo)"
)
_ALSO = re.compile(r"\s+và\s+(?=\d)")


def find_deliverable(view: TextView, start: int, end: int) -> tuple[int, int] | None:
    """Return where the first product named after a yielding verb stands in an action."""
    flat = view.flat
    number = view.number_at.get(skip_spaces(view, start))
    if number is None:
        return None
    while number < len(view.words) and view.words[number][0] < end:
        offset = view.words[number][0]
        verb = YIELDING_VERBS.end_at(view, offset) or _having(view, offset)
        number += 1
        if (
            not verb
            or verb > end
            or (flat[offset:verb] in _ONLY_LEADING and not _leads(view, start, offset))
            or (view.words[number - 2][2] in ("không", "chưa") and view.words[number - 3][2] != "hàng")
            or flat.startswith("hướng dẫn", start)
        ):
            continue
        noun = _product_noun(view, skip_spaces(view, verb), end)
        if not noun and flat[offset:verb] in _SETS_UP and re.match(r"\s+(?!và\s|các\s)\w", flat[verb:end]):
            # Whatever is set up is a product, of whatever kind it is.
            noun = skip_spaces(view, verb)
        if not noun and _GIVEN.match(flat, offset, end):
            noun = skip_spaces(view, verb)
        if noun:
            return noun, _product_end(view, noun, end)
    if flat.startswith("việc", start):
        return find_deliverable(view, start + 4, end)
    return None


def _having(view: TextView, offset: int) -> int:
    """Return where "có" ends when a document to be made follows it ("có văn bản hướng dẫn"), or 0."""
    match = _HAVING.match(view.flat, offset)
    return offset + 2 if match else 0


def _product_noun(view: TextView, offset: int, end: int) -> int:
    """Return where the product noun after a verb stands, past recipients and quantifiers; or 0."""
    for _ in range(5):
        if offset >= end:
            return 0
        noun = PRODUCT_NOUNS.end_at(view, offset)
        if noun and not _is_reporting(view, offset, noun, end):
            return offset
        if noun:
            return 0
        recipient = _RECIPIENT.match(view.flat, offset, end)
        if recipient:
            offset = skip_spaces(view, recipient.end())
            continue
        recipients = addressees_at(view, offset, end)
        quantifier = _QUANTIFIER.match(view.flat, offset, end)
        adverb = ADVERBS.end_at(view, offset)
        if quantifier:
            offset = skip_spaces(view, quantifier.end())
        elif recipients is not None:
            offset = skip_spaces(view, recipients.end)
        elif adverb:
            offset = skip_spaces(view, adverb)
        else:
            return 0
    return 0


def _leads(view: TextView, start: int, offset: int) -> bool:
    """Say whether a verb stands at the beginning of an action or of one of its parts."""
    before = view.flat[start:offset].rstrip()
    if not before or before[-1] in ",;:.":
        return True
    number = view.number_at[offset]
    return (
        before.endswith((" và", " để", " hoặc", " ngày", " tuần", " tháng", " quý", " năm"))
        or bool(ADVERBS.end_at(view, view.words[number - 1][0]))
        or bool(number > 1 and ADVERBS.end_at(view, view.words[number - 2][0]) == view.words[number - 1][1])
    )


def _is_reporting(view: TextView, offset: int, noun: int, end: int) -> bool:
    """Say whether "báo cáo" is the verb here: a recipient follows it, or nothing does after "tổng hợp"."""
    if view.flat[offset:noun] != "báo cáo":
        return False
    after = skip_spaces(view, noun)
    if after >= end:
        return view.flat[:offset].rstrip().endswith("tổng hợp")
    return (
        view.is_capital(after)
        and (_RECIPIENT.match(view.flat, after, end) or addressees_at(view, after, end)) is not None
    )


def product_subject(view: TextView, start: int, end: int) -> tuple[int, int] | None:
    """Return the subject of a passive order ("Thông tư ... phải được ban hành") when it is a product."""
    if view.flat.startswith("việc ", start):
        return find_deliverable(view, start + 5, end)
    return (start, end) if PRODUCT_NOUNS.end_at(view, start) else None


def _is_compound(flat: str, sign: re.Match[str]) -> bool:
    """Say whether a word that may end a product's name is a part of it: "chương trình", "trung tâm phục vụ"."""
    before = flat[max(0, sign.start() - 24) : sign.start()].split()
    return " ".join(before[-1:]) in _BEFORE_TRINH if sign[0] == "trình" else " ".join(before[-2:]) in _BEFORE_SERVICE


def _product_end(view: TextView, start: int, end: int) -> int:
    """Return where a product's name ends: at a purpose, a deadline, a sign, or a comma before a new verb."""
    flat = view.flat
    head = PRODUCT_NOUNS.end_at(view, start) or start + 1
    stop = next((sign for sign in _PRODUCT_END.finditer(flat, head, end) if not _is_compound(flat, sign)), None)
    limit = stop.start() if stop else end
    attribute = ACTION_VERBS.end_at(view, skip_spaces(view, head))
    for sent in _TO_BODY.finditer(view.flat, head, limit):
        if view.is_capital(sent.end()) and addressees_at(view, sent.end(), end) is not None:
            limit = sent.start()
            break
    for sign in re.compile(r"[;:.(]|,\s|\svà\s").finditer(flat, head, limit):
        if flat[sign.start()] in ";:.(":
            if flat[sign.start()] == "." and sign.end() < limit and flat[sign.end()].isdigit():
                continue
            limit = sign.start()
            break
        after = skip_spaces(view, sign.end())
        verb = ACTION_VERBS.end_at(view, after)
        if attribute and attribute == sign.start() and verb and flat[after:verb] not in _HANDS_IN:
            attribute = 0
            continue
        if verb or ADVERBS.end_at(view, after) or stops.NO_ORDER.end_at(view, after):
            limit = sign.start()
            break
    return start + len(flat[start:limit].rstrip(" ,;.:-"))


def find_target(view: TextView, start: int, end: int) -> tuple[int, int] | None:
    """Return where the quantified level stands that the action must reach, from its qualifier to its noun."""
    flat = view.flat
    for match in _LEVEL.finditer(flat, start, end):
        if match.start() and (flat[match.start() - 1].isalnum() or flat[match.start() - 1] in "/-."):
            continue
        if re.match(r"[/.-]\w", flat[match.end() : match.end() + 2]):
            continue
        text = match[0]
        if _TIME_UNIT.match(flat, match.end(), end):
            continue
        percent = "%" in text or "phần trăm" in " ".join(text.split())
        if not percent and not _AT_LEAST.search(text):
            continue
        if percent and not _AT_LEAST.search(text) and not _is_aimed(flat, start, match.start()):
            continue
        return match.start(), _level_end(view, match.end(), end)
    made = _MAKES.search(flat, start, end)
    if made is not None:
        stop = _level_end(view, made.end("count"), end)
        if not re.match(r"\s*(?:còn|đã|nêu|nói|đang|hiện)", flat[stop:end]):
            return made.start("count"), stop
    return None


def _is_aimed(flat: str, start: int, offset: int) -> bool:
    """Say whether the words before a percentage make it a level to reach, not a description."""
    before = " ".join(flat[max(start, offset - 60) : offset].split())
    return not re.search(r"(?:đã|mới|chỉ|hiện|khoảng|chiếm|còn tồn|là|năm 20\d\d)$", before)


def _level_end(view: TextView, offset: int, end: int) -> int:
    stop = offset
    number = next((n for n in [view.number_at.get(skip_spaces(view, offset))] if n is not None), None)
    if number is None:
        return stop
    for begin, finish, word in view.words[number : number + 7]:
        gap = view.flat[stop:begin]
        if begin >= end or set(gap) & set(",;:.()") or word in _LEVEL_END or (word == "xuống"):
            break
        stop = finish
    also = _ALSO.match(view.flat, stop, end)
    if also:
        more = re.compile(r"\d+%?(?:\s+\w+){1,3}").match(view.flat, also.end(), end)
        return more.end() if more else stop
    return stop
