"""The cast: a few bodies and people with opposite rights.

Thu keeps the standing office, Lan reports for the Ministry of Justice and Dũng heads it, Minh verifies,
Sơn evaluates, Thanh inspects, Hoa publishes, Quân administers, Hà reports for Hà Nội, An for Đà Nẵng and
must see nothing of the others, Bình is a citizen with an account and no role.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from thuocdo.accounts.models import Role, User
from thuocdo.accounts.operations import grant_role, open_account
from thuocdo.accounts.permissions import Actor, machine
from thuocdo.accounts.queries import actor_for_user
from thuocdo.organisations.models import Body
from thuocdo.organisations.operations import BodyDescription, establish_bodies

TODAY = date(2026, 9, 14)
NOW = datetime(2026, 9, 14, 2, 30, tzinfo=UTC)
FOUNDED = date(2025, 3, 1)
# Đà Nẵng and every ward are of the new map.
NEW_MAP = date(2025, 7, 1)
PASSWORD = "thuoc-do-2026"

# code, bloc, kind, name, English name, short name, abbreviation, peer group, superior
BODIES = [
    ("TW", "centre", "centre", "Trung ương", "The Centre", "Trung ương", "TW", "", ""),
    ("VPTW", "party", "party_body", "Văn phòng Trung ương Đảng", "Office of the Party Central Committee",
     "Văn phòng Trung ương", "VPTW", "party_bodies", "TW"),
    ("BTP", "government", "ministry", "Bộ Tư pháp", "Ministry of Justice", "Tư pháp", "BTP",
     "ministries_with_services", "TW"),
    ("BNV", "government", "ministry", "Bộ Nội vụ", "Ministry of Home Affairs", "Nội vụ", "BNV",
     "ministries_with_services", "TW"),
    ("BYT", "government", "ministry", "Bộ Y tế", "Ministry of Health", "Y tế", "BYT",
     "ministries_with_services", "TW"),
    ("VPCP", "government", "ministerial_agency", "Văn phòng Chính phủ", "Government Office",
     "Văn phòng Chính phủ", "VPCP", "ministries_with_services", "TW"),
    ("TTCP", "government", "ministerial_agency", "Thanh tra Chính phủ", "Government Inspectorate",
     "Thanh tra Chính phủ", "TTCP", "ministries_without_services", "TW"),
    ("KHXH", "government", "government_agency", "Viện Hàn lâm Khoa học xã hội Việt Nam",
     "Viet Nam Academy of Social Sciences", "Viện Hàn lâm KHXH", "VASS", "ministries_without_services", "TW"),
    ("01", "local", "city", "Thành phố Hà Nội", "Hà Nội City", "Hà Nội", "", "provinces", "TW"),
    ("00004", "local", "ward", "Phường Ba Đình", "Ba Đình Ward", "Ba Đình", "", "wards", "01"),
    ("00025", "local", "ward", "Phường Giảng Võ", "Giảng Võ Ward", "Giảng Võ", "", "wards", "01"),
    ("48", "local", "city", "Thành phố Đà Nẵng", "Đà Nẵng City", "Đà Nẵng", "", "provinces", "TW"),
    ("20194", "local", "ward", "Phường Hoà Cường", "Hoà Cường Ward", "Hoà Cường", "", "wards", "48"),
]  # fmt: skip

# username, name, role, body, over
PEOPLE = [
    ("thu", "Nguyễn Thị Thu", Role.STANDING_OFFICE, "VPTW", "TW"),
    ("lan", "Trần Thị Lan", Role.FOCAL_POINT, "BTP", None),
    ("dung", "Lê Văn Dũng", Role.HEAD, "BTP", None),
    ("minh", "Phạm Quang Minh", Role.VERIFIER, "VPCP", "TW"),
    ("son", "Đỗ Hồng Sơn", Role.EVALUATOR, "KHXH", "TW"),
    ("thanh", "Vũ Kim Thanh", Role.INSPECTOR, "TTCP", None),
    ("hoa", "Hoàng Thị Hoa", Role.PUBLISHER, "VPTW", "TW"),
    ("quan", "Bùi Anh Quân", Role.ADMINISTRATOR, "VPTW", "TW"),
    ("ha", "Ngô Thu Hà", Role.FOCAL_POINT, "01", None),
    ("an", "Võ Bình An", Role.FOCAL_POINT, "48", None),
    ("binh", "Đặng Văn Bình", None, "TW", None),
]


@dataclass(frozen=True)
class World:
    """Bodies by code and people by sign-in name."""

    bodies: dict[str, Body]
    people: dict[str, User]

    def body(self, code: str) -> Body:
        return self.bodies[code]

    def actor(self, username: str, *, on: date = TODAY) -> Actor:
        """The person with the roles held on the day."""
        return actor_for_user(self.people[username], on=on)

    @property
    def machine(self) -> Actor:
        return machine("tests", TODAY)


def load_world() -> None:
    """Write the cast into an empty, migrated database, through the ordinary operations."""
    maker = machine("tests", TODAY)
    establish_bodies(
        actor=maker.label,
        at=NOW,
        bodies=[
            BodyDescription(
                code=code, bloc=bloc, kind=kind, name=name, name_en=name_en, short_name=short,
                abbreviation=abbreviation, peer_group=group, superior=superior,
                valid_from=NEW_MAP if code == "48" or kind == "ward" else FOUNDED,
            )
            for code, bloc, kind, name, name_en, short, abbreviation, group, superior in BODIES
        ],
    )  # fmt: skip
    bodies = {body.code: body for body in Body.objects.all()}
    for username, name, role, code, over in PEOPLE:
        user = open_account(
            actor=maker, at=NOW, username=username, full_name=name, body=bodies[code], password=PASSWORD
        )
        if role is not None:
            grant_role(
                actor=maker, at=NOW, user=user, role=role, body=bodies[code],
                over=bodies[over] if over else None, valid_from=FOUNDED,
            )  # fmt: skip


def recall_world() -> World:
    """The cast as it stands in the database."""
    return World(
        bodies={body.code: body for body in Body.objects.all()},
        people={user.username: user for user in User.objects.all()},
    )
