"""How people want to be told: their choice, or the default of each kind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.timezone import localtime

from thuocdo.alerts.lifecycle import DEFAULT_CHOICES, NEVER_SILENT, Choice, Kind
from thuocdo.alerts.models import Preference


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants, with every gap filled by its default."""

    choices: Mapping[Kind, Choice]
    has_digest: bool = True
    digest_weekday: int = 0
    digest_hour: int = 7
    quiet_from: time = time(20)
    quiet_to: time = time(6, 30)

    def choice(self, kind: Kind) -> Choice:
        """How the person learns of this kind; what may not be silent is shown in the application at least."""
        chosen = self.choices.get(kind, DEFAULT_CHOICES[kind])
        return Choice.APPLICATION if chosen == Choice.NONE and kind in NEVER_SILENT else chosen

    def is_quiet(self, at: datetime) -> bool:
        """Whether no mail may go at this moment, by the clock of Viet Nam."""
        now = localtime(at).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= now < self.quiet_to
        return now >= self.quiet_from or now < self.quiet_to

    def not_before(self, at: datetime) -> datetime:
        """The first moment from `at` on at which mail may go."""
        if not self.is_quiet(at):
            return at
        local = localtime(at)
        end = local.replace(hour=self.quiet_to.hour, minute=self.quiet_to.minute, second=0, microsecond=0)
        return end if end > local else end + timedelta(days=1)


DEFAULTS = Wishes(choices={})


def wishes_of(users: Collection[int]) -> dict[int, Wishes]:
    """The wishes of these people, one query; whoever chose nothing has the defaults."""
    rows = {row.user_id: row for row in Preference.objects.filter(user__in=users)}
    return {user: _wishes(rows[user]) if user in rows else DEFAULTS for user in users}


def _wishes(row: Preference) -> Wishes:
    return Wishes(
        choices={Kind(kind): Choice(choice) for kind, choice in row.choices.items() if kind in Kind.values},
        has_digest=row.has_digest,
        digest_weekday=row.digest_weekday,
        digest_hour=row.digest_hour,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
    )
