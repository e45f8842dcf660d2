"""Directives written for the tests, in the style of real ones; nobody ordered what they order."""

from datetime import date

from tests.world import NOW, World
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import GroupDescription, load_groups, receive, record_found
from thuocdo.engine.extraction.assignments import find_assignments

NOTICE = """BAN CHỈ ĐẠO TRUNG ƯƠNG

Số: 41-TB/BCĐTW
Hà Nội, ngày 01 tháng 9 năm 2026

THÔNG BÁO
Kết luận của Thường trực Ban Chỉ đạo tại phiên họp tháng 8

1. Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ và các cơ quan liên quan xây dựng danh mục văn bản cần sửa đổi; \
trình Ban Chỉ đạo trước ngày 15/10/2026.

2. Bộ trưởng Bộ Y tế rà soát, công bố danh sách cơ sở khám chữa bệnh đã kết nối hồ sơ sức khoẻ điện tử, \
hoàn thành trong tháng 11/2026.

3. Các bộ, ngành, địa phương xây dựng kế hoạch dọn dẹp dữ liệu của mình, gửi cơ quan thường trực trước ngày 01/12/2026.

4. UBND TP Hà Nội báo cáo kết quả thí điểm trợ lý ảo tại các phường trong quý IV/2026.
"""

GROUPS = [
    GroupDescription(
        code="ministries_and_sectors",
        title_vi="Các bộ, ngành",
        title_en="Ministries and sectors",
        phrases=["các bộ, ngành", "mỗi bộ, ngành"],
        kinds=["ministry", "ministerial_agency", "government_agency"],
    ),
    GroupDescription(
        code="ministries_sectors_localities",
        title_vi="Các bộ, ngành, địa phương",
        title_en="Ministries, sectors and localities",
        phrases=["các bộ, ngành, địa phương", "bộ, ngành, địa phương"],
        kinds=["ministry", "ministerial_agency", "government_agency", "province", "city"],
    ),
    GroupDescription(
        code="provincial_peoples_committees",
        title_vi="Ủy ban nhân dân các tỉnh, thành phố",
        title_en="Provincial People's Committees",
        phrases=["ubnd các tỉnh, thành phố", "Chủ tịch UBND các tỉnh, thành phố"],
        kinds=["province", "city"],
    ),
]


def load_sample_groups(world: World) -> None:
    """The phrases for groups of bodies that the notice uses."""
    load_groups(actor=world.machine, at=NOW, groups=GROUPS)


def receive_notice(world: World, *, text: str = NOTICE, issued_on: date | None = None) -> Document:
    """Thu uploads a directive for the Party Central Office."""
    return receive(
        actor=world.actor("thu"), at=NOW, data=text.encode(), file_name="thong-bao-41.txt", issued_on=issued_on
    )


def found_in(world: World, document: Document) -> list[Candidate]:
    """What the extraction job would write for the document, in reading order."""
    found = find_assignments(document.text, issued_on=document.issued_on)
    return record_found(actor=world.machine, at=NOW, document=document, found=found)
