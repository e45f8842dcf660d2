"""Things that must be done by a day, with nobody charged: "Thông tư ... phải được ban hành chậm nhất 15-6"."""

from datetime import date

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import addressees_at
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.sentences import skip_links
from thuocdo.engine.extraction.units import Order, binding, trim
from thuocdo.engine.extraction.view import TextView, phrase

_MUST = phrase(r"phải (?:được )?(?!là )|cần (?:được )?(?=hoàn thành|ban hành|trình)", whole=False)


def passive_order(view: TextView, start: int, end: int, mentions: list[Mention], issued_on: date | None) -> list[Order]:
    """Read a thing that must be done by a day: "Thông tư ... phải được ban hành chậm nhất 15-6"."""
    begin = skip_links(view, start, end)
    must = _MUST.search(view.flat, begin, end)
    if must is None or ";" in view.flat[begin : must.start()] or view.flat[begin : must.start()].count(",") > 2:
        return []
    if stops.FRONTED.match(view.flat, begin, end):
        # "Đối với dữ liệu đất đai, kết quả làm sạch phải được công bố": the thing stands after the comma.
        comma = view.flat.rfind(", ", begin, must.start())
        begin = comma + 2 if comma > 0 else begin
    semicolon = view.flat.find(";", must.end(), end)
    stop = trim(view, begin, semicolon if semicolon > 0 else end)
    bound = [m for m in binding(view, mentions, begin, stop, begin, issued_on) if m.date is not None and not m.bare]
    if not bound or addressees_at(view, begin, end) is not None:
        return []
    subject = (begin, len(view.flat[: must.start()].rstrip()))
    return [Order(begin, stop, must.end(), force="passive", mentions=bound, subject=subject)]
