"""Loads the demonstration nation into an empty instance: everything or nothing, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.utils.timezone import localdate

from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.permissions import machine
from thuocdo.engine.calendars import Period
from thuocdo.ledger.operations import reactions_gathered
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Body
from thuocdo.organisations.operations import establish_bodies
from thuocdo.organisations.queries import COMMUNE_KINDS
from thuocdo.project.packs.loading import load_pack
from thuocdo.project.packs.reading import open_pack
from thuocdo.scorecards.operations import derive, rescore, score, simulate
from thuocdo.scorecards.queries import scorecards_on

from .cast import Cast
from .chronicle import Chronicle
from .days import Days
from .figures import Figures
from .national_targets import NationalTargets
from .proposal import propose
from .stories import STORIES, Stage
from .stories.house import houses
from .story import Story
from .stream.loading import land_first_dossiers
from .traits import chance

PACK = "nq57"
# How the ledger names the hand that opens the accounts; by it a demonstration is told from a real instance.
PART = "demo"
MAKER = f"system:{PART}"
MINISTRIES = (
    "BQP", "BCA", "BNG", "BNV", "BTP", "BTC", "BCT", "BNNMT", "BXD", "BVHTTDL", "BKHCN", "BGDDT", "BYT", "BDTTG",
    "VPCP", "TTCP", "NHNN", "VTV", "VOV", "TTXVN", "VHLKHCN", "VHLKHXH",
)  # fmt: skip
OTHERS = (
    "VPTW", "BTCTW", "UBKTTW", "BTGDVTW", "BNCTW", "BCSCLTW", "HVCTQGHCM",
    "VPQH", "TANDTC", "VKSNDTC", "KTNN", "UBTWMTTQ",
)  # fmt: skip
# Nine wards, ten communes and a special zone of six provinces.
COMMUNES = (
    "06688", "06673", "06811", "06862", "06838", "06895", "06994",
    "00004", "00070", "00376", "00385",
    "20242", "20257", "20308",
    "14845", "14848",
    "26740", "26743",
    "22963", "22969",
)  # fmt: skip
# Days after the end of a quarter until its figures are settled and scored.
SETTLED = 28


@dataclass(frozen=True, slots=True)
class Nation:
    """What was loaded: the token of the source system's key, shown this once, and the size of the record."""

    token: str
    bodies: int
    entries: int


def load_nation(*, now: datetime, is_national: bool = False, told: Callable[[datetime], None] | None = None) -> Nation:
    """Load pack, people and a year of activity that ends at `now`; `told` hears the moment of each happening.

    Runs in one transaction: whatever stops it, the instance is as empty as before.
    """
    days = Days(now)
    with transaction.atomic(), reactions_gathered():
        cast = _load_bodies(days, is_national=is_national)
        token = _tell_year(days, cast, told or (lambda _moment: None))
        land_first_dossiers(
            administrator=cast.actor("quantri", days.today),
            days=days,
            at=now,
            bodies={code: cast.bodies[code] for code in ("TW", *_acting(cast))},
        )
        _count_tables()
        # Last of all the running quarter, so that the first page shows scores, and how far each rank can be trusted.
        derive(actor=machine("derivation", days.today), at=now, with_qualities=True)
        rescore(actor=machine("scoring", days.today), at=now)
        simulate(actor=machine("simulation", days.today), at=now)
        for scorecard in scorecards_on(days.today):
            propose(administrator=cast.actor("quantri", days.today), at=now, scorecard=scorecard)
        return Nation(token, len(_acting(cast)), newest_number())


def _count_tables() -> None:
    """Within one transaction nobody else counts them, and PostgreSQL would plan every question for empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _acting(cast: Cast) -> list[str]:
    """The bodies that are ranked: they owe tasks and are measured."""
    return sorted(code for code, body in cast.bodies.items() if body.peer_group)


def _load_bodies(days: Days, *, is_national: bool) -> Cast:
    """The pack, the accounts and the heads, on the first day of the record."""
    start = days.moment(days.first, 0)
    load_pack(
        actor=machine("pack", days.first),
        at=start,
        pack=open_pack(PACK),
        communes=None if is_national else COMMUNES,
        central=None if is_national else (*MINISTRIES, *OTHERS),
    )
    establish_bodies(actor=MAKER, at=start + timedelta(minutes=5), bodies=houses(days))
    cast = Cast({body.code: body for body in Body.objects.all()})
    maker = machine(PART, days.first)
    acting = [*_acting(cast), *(house.code for house in houses(days))]
    cast.open_accounts(maker=maker, at=start + timedelta(minutes=10), days=days, acting=acting)
    with_heads = [code for code in _acting(cast) if cast.bodies[code].kind not in COMMUNE_KINDS or code in COMMUNES]
    cast.appoint_heads(maker=maker, at=start + timedelta(minutes=20), days=days, codes=with_heads)
    return cast


def _tell_year(days: Days, cast: Cast, told: Callable[[datetime], None]) -> str:
    """Everything that happens until now, in order of time; gives the token of the source system's key."""
    chronicle = Chronicle(days)
    administrator = cast.actor("quantri", days.first)
    key, token = issue_key(
        actor=administrator, at=days.moment(days.first, 30), body=cast.bodies["TW"], title="Hệ thống nguồn minh hoạ"
    )
    figures = Figures(days, cast, chronicle, key, [cast.bodies[code] for code in _acting(cast)])
    figures.tell()
    NationalTargets(days, cast, chronicle).tell()
    Story(days, cast, chronicle).tell()
    stage = Stage(days, cast, chronicle)
    for story in STORIES:
        stage.tell(story)
    for quarter in figures.quarters[:-1]:
        day = max(quarter.end, days.first) + timedelta(days=SETTLED)
        scoring = partial(_score_quarter, days, quarter)
        if day < days.today:
            chronicle.on(day, scoring, chance("scoring", quarter.label))
        else:
            # The quarter is just over: scored by what is known now, so that today can be compared with it.
            chronicle.at(days.now - timedelta(minutes=10), scoring)
    chronicle.run(told)
    return token


def _score_quarter(days: Days, quarter: Period, at: datetime) -> None:
    """A quarter that is over: derived and scored once its figures are settled."""
    _count_tables()
    today = localdate(at)
    derive(actor=machine("derivation", today), at=at, period=quarter, with_qualities=True)
    # The method of today is also what the year before is looked at by.
    for scorecard in scorecards_on(days.today):
        score(actor=machine("scoring", today), at=at, scorecard=scorecard, period=quarter)
