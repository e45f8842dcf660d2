"""The written forms of deadlines in Vietnamese documents, as patterns over flat text.

Digits may be misread by OCR: o for 0, i or l for 1. Every pattern is tried only where a time word stands near.
"""

import re

from thuocdo.engine.extraction.view import phrase

_TWO = r"[\doil]{1,2}"
_YEAR = r"(?:[12l][\do][\doil]{2})"
_HOUR = r"(?:\d{1,2} ?(?:giờ|h|g) ?(?:\d{1,2})?(?: phút)?,? ?(?:hôm )?)"
_WEEKDAY = r"(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật),? \(?)"
DAY = (
    rf"(?:{_WEEKDAY}?(?:ngày )?(?:{_TWO} ?[/.\-] ?{_TWO}(?: ?[/.\-] ?(?:{_YEAR}|\d\d))?(?![\w%/])"
    rf"|{_TWO} tháng {_TWO}(?:,? (?:năm )?{_YEAR}| năm nay| này)?(?!\w)))"
)
_MONTH_WORDS = r"(?:giêng|một|hai|ba|tư|sáu|bảy|tám|chín|mười(?: một| hai)?|chạp)"
MONTH = (
    rf"(?:tháng (?:{_TWO}|{_MONTH_WORDS})(?: ?[/.\-] ?{_YEAR}|,? năm {_YEAR}| năm (?:nay|sau|tới)| này| tới)?(?![\w/]))"
)
QUARTER = (
    rf"(?:quý (?:[il]v|[il1]{{1,3}}|[1-4]|một|hai|ba|bốn|tư|này)(?: ?[/.\-] ?{_YEAR}|,? năm {_YEAR}"
    rf"| năm (?:nay|sau|tới)| này)?(?![\w/]))"
)
YEAR = rf"(?:năm (?:{_YEAR}|nay|sau|tới)(?!\w))"
PART = (
    rf"(?:(?:tuần (?:đầu(?: tiên)?|cuối(?: cùng)?|(?:thứ )?(?:nhất|hai|ba|tư|1|2|3|4|i{{1,3}}|iv))|nửa"
    rf" đầu|nửa cuối|đầu|giữa"
    rf"|thượng tuần|trung tuần"
    rf"|hạ tuần)(?: của)? {MONTH}|\d{{1,2}} tháng (?:đầu|cuối)(?: của)?(?: {YEAR}| năm)|nửa (?:đầu|cuối) {YEAR})"
)
TET = (
    rf"(?:tết(?: nguyên đán| âm lịch)(?: \w+ (?:tý|sửu|dần|mão|thìn|tỵ|ngọ|mùi|thân|dậu|tuất|hợi)(?!\w))?"
    rf"(?:,? (?:năm )?{_YEAR})?"
    rf"|tết \w+ \w+ {_YEAR})"
)

_HEAD_WORDS = (
    r"(?:chậm nhất|muộn nhất|hạn cuối(?: cùng)?|hạn chót|không muộn hơn"
    r"|không chậm hơn|từ nay"
    r"|ngay trong|ngay|trong|vào|trước khi sang|trước thời điểm|trước khi hết|trước|đến hết|đến trước"
    r"|đến cuối|cho đến|đến|tới|hết|cuối"
    r"|sang|(?:tại|vào|trong) (?:phiên họp|kỳ họp|cuộc họp|hội nghị|giao ban|buổi giao ban|phiên giao"
    r" ban)(?: thường kỳ)?(?: (?:chính phủ|giao ban|thường trực|ban chỉ đạo))?|là|khoảng)"
)
# A plain calendar deadline: prepositions, perhaps an hour, then a day, a month, a quarter, a year or a part of one.
CALENDAR = phrase(
    rf"(?P<head>(?:{_HEAD_WORDS}:? )*)(?P<hour>{_HOUR})?(?:(?P<part>{PART})|(?P<day>{DAY})|(?P<month>{MONTH})"
    rf"|(?P<quarter>{QUARTER})"
    rf"|(?P<year>{YEAR})|(?P<this>(?:cuối |hết )?(?:năm(?! (?:học|\\d|sau|tới|nay|nào|qua|ngoái))|tháng"
    rf" (?:này|tới|sau)(?!\\w)))|(?P<tet>{TET})|(?P<span>giai đoạn {_YEAR} ?- ?(?P<last>{_YEAR})))",
    whole=False,
)

_EVERY = r"(?:hằng|hàng|mỗi)"
_PERIOD = r"(?:ngày|tuần|tháng|quý|năm)"
_IN_QUARTER = (
    rf"(?:của )?tháng (?:đầu|cuối|thứ (?:nhất|hai|ba)|sau|kế tiếp|tiếp theo)(?: tiên"
    rf"| cùng)?(?:(?: của)?(?: {_EVERY})? quý)?(?: (?:tiếp theo|sau|kế tiếp))?"
)
# What may stand before an hour or a weekday that comes again and again.
_AT = r"(?:trước|vào|sau|lúc|(?:chậm nhất|muộn nhất|hạn cuối|hạn chót)(?: là)?(?: vào)?)"
_BY_DAY = rf"(?:(?:trước|vào|chậm nhất(?: là)?(?: vào)?|đến|muộn nhất) )?{_HOUR}?(?:ngày )?\d{{1,2}}(?!\w| ?[/.\-] ?\d)"
RECURRING = tuple(
    phrase(form)
    for form in (
        rf"(?:(?:trước|vào|chậm nhất(?: là)?(?: vào)?|muộn nhất|đến) )?{_HOUR}?{DAY},? {_EVERY} năm",
        rf"(?:(?:trong|vào|trước) )?tháng {_TWO} {_EVERY} năm",
        rf"(?:định kỳ )?{_BY_DAY},? (?:của )?(?:{_EVERY} (?:tháng|quý|năm)|tháng {_EVERY} quý)",
        rf"{_BY_DAY} {_IN_QUARTER}",
        rf"(?:định kỳ,? )?(?:vào )?(?:đầu|cuối|giữa) (?:{_EVERY}|các) (?:tháng|quý|năm|tuần|học kỳ|năm học)",
        rf"(?:{_AT} )?{_HOUR}(?:{_WEEKDAY})?{_EVERY} (?:ngày|tuần)",
        (
            rf"(?:{_AT} )?(?:sáng "
            rf"|chiều )?(?:{_WEEKDAY})?(?:định kỳ,? )?(?:vào )?{_EVERY} {_PERIOD}(?:(?:,| và"
            rf"|,? hoặc) (?:{_EVERY} )?"
            rf"(?:\d{{1,2}} tháng|tháng|quý|cả năm|năm)(?! \d))*(?:,? {_BY_DAY}(?: {_IN_QUARTER})?)?"
        ),
        (
            rf"(?:theo )?định kỳ (?:\d{{1,2}}|một|hai|ba|sáu) {_PERIOD}(?: ?/ ?(?:\d+ )?lần| (?:một|1"
            rf"|01) lần)?(?:(?:,| và) (?:\d{{1,2}} )?(?:tháng|quý|cả năm|năm)(?! \d))*"
        ),
        r"(?:trong )?\d{1,2} ngày (?:làm việc )?(?:đầu|cuối)(?: tiên)? (?:của )?(?:mỗi |hằng |các )(?:tháng|quý|năm)",
        r"định kỳ (?:tuần|tháng|quý|năm)(?:,? (?:và )?(?:\d{1,2} tháng|tháng|quý|năm)(?! \d))*",
        rf"(?:\d{{1,2}}|một|hai|ba|sáu) {_PERIOD} ?(?:/|một|1|01) ?(?:01 )?lần",
        rf"(?:\d{{1,2}}|một|hai|ba) lần ?(?:/|mỗi|một|trong) ?{_PERIOD}",
        (
            rf"(?:định kỳ )?(?:mỗi |hằng |hàng )?(?:\d{{1,2}}|một|hai|ba|sáu)? ?(?:giờ|{_PERIOD}|học kỳ|năm"
            rf" học) (?:một|1|01|hai|02|\d{{1,2}}) lần"
        ),
        (
            r"(?:vào )?(?:đầu |cuối )?(?:mỗi|hằng|hàng|từng) (?:học kỳ|năm học|vụ|vụ mùa|kỳ họp|phiên họp"
            r"|đợt|buổi sáng|buổi chiều|\d{1,2} (?:ngày|tuần|tháng|giờ))"
        ),
        rf"(?:trước|vào|chậm nhất|từ)? ?ngày \d{{1,2}} và ngày (?:\d{{1,2}}|cuối) (?:của )?(?:tháng|{_EVERY} tháng)",
        r"(?:trước |vào )?(?:ngày )?\d{1,2} (?:của )?tháng cuối (?:mỗi |hằng )?quý",
    )
)

_OF_THIS = (
    r"(?:,? (?:ban hành )?(?:thông báo|công điện|chỉ thị|kế hoạch|quyết định|nghị quyết|kết luận|văn bản|công văn"
    r"|chương trình|nghị định)(?: số [\w/\-]+)?(?: này)?)?"
)
COUNTED = phrase(
    r"(?:(?:trong thời hạn|trong thời gian|trong vòng|trong|thời hạn|chậm nhất|muộn nhất|không quá|tối đa"
    r"|sau|là|ngay) )*"
    r"(?P<count>\d{1,3})(?: \(\w+(?: \w+)?\))? (?P<unit>ngày|tuần|tháng"
    r"|giờ)(?P<working> làm việc)?,?(?: ?\()?(?: ?(?:tính|kể))? từ "
    rf"(?:(?P<signing>(?:ngày|khi|thời điểm) (?:(?:thông báo|công điện|chỉ thị|kế hoạch|quyết định|nghị"
    rf" quyết|kết luận|văn bản|công văn|chương trình|nghị định) này )?(?:được |có )?(?:ký|ban hành|ký"
    rf" ban hành|hiệu lực|kết luận|thông báo)(?: thi hành| ban hành)?{_OF_THIS})"
    rf"|(?P<from>{DAY})|(?P<event>[^,;.:]{{2,90}}?(?: này| đó|(?=[,;.:]|$))))"
)
# "Chỉ thị này có hiệu lực từ ngày 10/02/2026."
EFFECTIVE = phrase(rf" này có hiệu lực(?: thi hành)?(?: kể)? từ (?P<from>{DAY})", whole=False)
AFTER = phrase(
    r"(?:(?:chậm nhất|muộn nhất|trong vòng|trong thời hạn|trong) )?(?:sau )?(?:\d{1,3} (?:ngày|giờ"
    r"|tuần|tháng)(?: làm việc)? sau (?:mỗi |khi |ngày )?[^,;.:]{2,70}"
    r"|ngay sau (?:khi )?[^,;.:]{2,80}|ngay khi (?:có|nhận|kết thúc|được) [^,;.:]{2,80}"
    r"|sau khi [^,;.:]{2,80}|sau (?:mỗi|từng) [^,;.:]{2,60}(?:,? (?:trong|chậm nhất"
    r"|chậm nhất là) \d{1,3} ngày(?: làm việc)?)?)"
)
DITTO = phrase(
    r"(?:(?:theo|trong) )?(?:cùng thời hạn(?: trên| nêu trên| đó| này)?|thời hạn (?:như|nêu) trên"
    r"|cùng thời gian trên)"
)

# A stretch without any of these words holds no deadline; looking for them first keeps the reading fast.
TIME_WORD = re.compile(
    r"ngày|tháng|quý|năm|giai\s+đoạn|hằng|hàng|mỗi|định\s+kỳ|tuần|tết|sau|ngay\s+khi|hạn|nhất|giờ|lần"
    r"|(?:trước|đến)\s+[\doil]{1,2}\s?[/.\-]"
)
# What makes a date an old one, to be passed over when a deadline is being changed, or no deadline at all.
NOT_THIS_DATE = phrase(
    r"(?:thay cho|thay vì|thay thế|thời hạn cũ|thời hạn trước đây|trước đây là|thay thời hạn|không phải"
    r"|ngay từ|từ|kể từ|so với|bãi bỏ thời hạn)"
    r"(?: (?:thời hạn|mốc|hạn|ngày|là|cũ|những|các|tháng|quý|đầu))*:? ?$",
    whole=False,
)
COMPLETION = phrase(
    (
        r"(?:hoàn thành|hoàn tất|xong|hoàn thành xong|thực hiện xong|thời gian hoàn thành|thời hạn hoàn thành"
        r"|thời hạn|hạn|tiến độ|trình)[:,]?$"
    ),
    whole=False,
)
