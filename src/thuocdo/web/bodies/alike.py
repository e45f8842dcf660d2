"""Who is just as good: the bodies that cannot be told apart from one by their intervals."""

from dataclasses import dataclass

from thuocdo.scorecards.queries import Interval, Standing, intervals_of, ranking, spread_of
from thuocdo.web.rankings.marks import body_address, called, ranking_address
from thuocdo.web.rankings.spread import rank_and_places

MOST_ALIKE = 12


@dataclass(frozen=True, slots=True)
class Peer:
    """A body that cannot be told apart."""

    name: str
    address: str
    rank: str
    compare: str


def peers_of(standing: Standing) -> tuple[list[Peer], int]:
    """The nearest of the bodies whose intervals overlap this one's, and how many there are in all."""
    run = standing.run
    spread = spread_of(run)
    own: Interval | None = intervals_of(spread, [standing]).get(standing.body_id)
    if own is None or spread.earlier is not None or not own.alike:
        return [], 0 if own is None else own.alike
    near = ranking(run).filter(interval__low__lte=own.high, interval__high__gte=own.low).exclude(pk=standing.pk)
    listed = sorted(near.defer("heads"), key=lambda row: (abs((row.rank or 0) - (standing.rank or 0)), row.rank or 0))
    peers = []
    for row in sorted(listed[:MOST_ALIKE], key=lambda row: (row.rank or 0, row.body.code)):
        pair = f"{standing.body.code},{row.body.code}"
        peers.append(
            Peer(
                name=called(row.body),
                address=body_address(row.body.code, run.period),
                rank=rank_and_places(row.rank or 0, row.interval),
                compare=f"{ranking_address(run.peer_group, run.period)}&so-sanh={pair}",
            )
        )
    return peers, own.alike
