"""Units as sources write them: the same unit, one that converts, or another one."""

from decimal import Decimal

from thuocdo.engine.spelling import nfc

# Units of one kind, each as a multiple of the first; names in lower case.
FAMILIES: tuple[dict[str, Decimal], ...] = (
    {"%": Decimal(1), "phần trăm": Decimal(1), "percent": Decimal(1), "pct": Decimal(1), "điểm phần trăm": Decimal(1),
     "‰": Decimal("0.1"), "phần nghìn": Decimal("0.1"), "per mille": Decimal("0.1"),
     "tỷ lệ": Decimal(100), "ratio": Decimal(100), "fraction": Decimal(100), "1": Decimal(100)},
    {"đồng": Decimal(1), "vnd": Decimal(1), "vnđ": Decimal(1), "nghìn đồng": Decimal(10**3),
     "triệu đồng": Decimal(10**6), "tỷ đồng": Decimal(10**9), "tỉ đồng": Decimal(10**9),
     "nghìn tỷ đồng": Decimal(10**12), "billion vnd": Decimal(10**9), "million vnd": Decimal(10**6)},
    {"usd": Decimal(1), "nghìn usd": Decimal(10**3), "triệu usd": Decimal(10**6), "tỷ usd": Decimal(10**9),
     "million usd": Decimal(10**6), "billion usd": Decimal(10**9)},
    {"giây": Decimal(1), "seconds": Decimal(1), "phút": Decimal(60), "minutes": Decimal(60), "giờ": Decimal(3600),
     "hours": Decimal(3600), "ngày": Decimal(86400), "days": Decimal(86400)},
    {"người": Decimal(1), "people": Decimal(1), "nghìn người": Decimal(1000), "triệu người": Decimal(10**6)},
    {"hồ sơ": Decimal(1), "dossiers": Decimal(1), "nghìn hồ sơ": Decimal(1000)},
)  # fmt: skip


def factor(given: str, wanted: str) -> Decimal | None:
    """By what a number in the unit given is multiplied to stand in the unit wanted; None when it cannot be."""
    given, wanted = _plain(given), _plain(wanted)
    if given == wanted:
        return Decimal(1)
    for family in FAMILIES:
        if given in family and wanted in family:
            return family[given] / family[wanted]
    return None


def convertible(wanted: str) -> list[str]:
    """Other names that `factor` knows to convert into the unit, in the order of the table."""
    family = next((one for one in FAMILIES if _plain(wanted) in one), {})
    return [name for name in family if name != _plain(wanted)]


def _plain(unit: str) -> str:
    return " ".join(nfc(unit).lower().split())
