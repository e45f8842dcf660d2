"""Units of measure as products of named things with a scale: what may be added, and what a quotient is in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from thuocdo.engine.spelling import nfc

# Words before a unit that say how many of it are meant.
SCALES: Mapping[str, Decimal] = MappingProxyType(
    {
        "nghìn": Decimal(10) ** 3,
        "ngàn": Decimal(10) ** 3,
        "vạn": Decimal(10) ** 4,
        "triệu": Decimal(10) ** 6,
        "tỷ": Decimal(10) ** 9,
        "tỉ": Decimal(10) ** 9,
        "nghìn tỷ": Decimal(10) ** 12,
    }
)
# Shares of one: pure numbers with a scale of their own.
SHARES: Mapping[str, Decimal] = MappingProxyType(
    {
        "": Decimal(1),
        "%": Decimal("0.01"),
        "phần trăm": Decimal("0.01"),
        "‰": Decimal("0.001"),
        "tỷ lệ": Decimal(1),
        "tỷ lệ từ 0 đến 1": Decimal(1),
        "lần": Decimal(1),
        "hệ số": Decimal(1),
    }
)
_PER = re.compile(r"\s*/\s*|\s+(?:mỗi|trên|trong mỗi)\s+")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: the power of each named thing in it, and how many of the plain unit one of it is.

    "tỷ đồng" is 10⁹ × đồng¹; "%" is 0.01 without a thing; "hồ sơ trên 1.000 dân" is 0.001 × hồ sơ¹ × dân⁻¹.
    """

    powers: tuple[tuple[str, int], ...] = ()
    scale: Decimal = Decimal(1)

    @property
    def is_number(self) -> bool:
        """Whether it measures no thing: a share, a ratio, a count of times."""
        return not self.powers

    def times(self, other: "Unit") -> "Unit":
        """The unit of a product."""
        return self._joined(other, 1)

    def over(self, other: "Unit") -> "Unit":
        """The unit of a quotient."""
        return self._joined(other, -1)

    def plain(self) -> "Unit":
        """The same unit without its scale, in which formulas compute."""
        return Unit(self.powers)

    def _joined(self, other: "Unit", sign: int) -> "Unit":
        powers = dict(self.powers)
        for thing, power in other.powers:
            powers[thing] = powers.get(thing, 0) + sign * power
        scale = self.scale * other.scale if sign > 0 else self.scale / other.scale
        return Unit(tuple(sorted((thing, power) for thing, power in powers.items() if power)), scale)

    def __str__(self) -> str:
        above = " × ".join(_power(thing, power) for thing, power in self.powers if power > 0)
        below = " × ".join(_power(thing, -power) for thing, power in self.powers if power < 0)
        return f"{above or '1'} / {below}" if below else above or "số"


def _power(thing: str, power: int) -> str:
    return thing if power == 1 else f"{thing}^{power}"


def read_unit(text: str) -> Unit:
    """The unit that a text of the dictionary names; what it does not know is a thing of that name.

    "ngày làm việc mỗi nhiệm vụ" is ngày làm việc per nhiệm vụ; letter case and accents' composition do not matter.
    """
    words = _SPACE.sub(" ", nfc(text)).strip().casefold()
    if words in SHARES:
        return Unit(scale=SHARES[words])
    first, *rest = _PER.split(words)
    unit = _one(first)
    for part in rest:
        unit = unit.over(_one(part))
    return unit


def _one(text: str) -> Unit:
    scale = Decimal(1)
    number = _NUMBER.match(text)
    if number is not None:
        scale = Decimal(number[0].replace(".", ""))
        text = text[number.end() :].strip()
    for word in sorted(SCALES, key=len, reverse=True):
        if text == word or text.startswith(f"{word} "):
            scale *= SCALES[word]
            text = text[len(word) :].strip()
            break
    if text in SHARES:
        return Unit(scale=scale * SHARES[text])
    return Unit(((text, 1),), scale)
