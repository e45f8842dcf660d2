"""The ladder in force on a day."""

from datetime import date

from thuocdo.alerts.models import LadderVersion


def ladder_on(day: date) -> LadderVersion | None:
    """The newest version that is valid on the day; None when no pack brought one."""
    return LadderVersion.objects.filter(valid_from__lte=day).order_by("-valid_from", "-number").first()


def ladder_versions() -> list[LadderVersion]:
    """Every version that was ever loaded, newest first."""
    return list(LadderVersion.objects.order_by("-valid_from", "-number"))
