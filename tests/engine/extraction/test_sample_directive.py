"""The sample directive of the browser journey: twelve orders, read whole."""

from datetime import date
from pathlib import Path

from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.reader import read

SAMPLE = Path(__file__).parents[2] / "data" / "sample_directive.txt"


def test_the_sample_holds_twelve_orders_and_the_first_is_complete() -> None:
    found = find_assignments(read(SAMPLE.read_bytes()).text)
    assert len(found) == 12
    first = found[0]
    assert (first.lead, first.coordinating) == (("Bộ Tư pháp",), ("Văn phòng Chính phủ", "Bộ Nội vụ"))
    assert (first.deadline.raw, first.deadline.date) == ("trước ngày 15/11/2025", date(2025, 11, 14))
    assert sum(one.deadline.date is not None for one in found) == 7


def test_the_head_of_the_sample() -> None:
    head = read_head(read(SAMPLE.read_bytes()).text)
    assert head.number == "907-TB/CQTTBCĐ"
    assert head.issued_on == date(2025, 10, 15)
    assert head.kind == "Thông báo"
    assert head.issuer is not None
    assert head.issuer.startswith("BAN CHỈ ĐẠO TRUNG ƯƠNG")
    assert head.subject is not None
    assert head.subject.startswith("Kết luận của đồng chí Trưởng Ban Chỉ đạo")
    assert head.secrecy is None
