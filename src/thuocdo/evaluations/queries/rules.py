"""The rules in force on a day."""

from datetime import date

from thuocdo.evaluations.models import RulesVersion


def rules_on(day: date) -> RulesVersion | None:
    """The newest version that is valid on the day; None when no pack brought one."""
    return RulesVersion.objects.filter(valid_from__lte=day).order_by("-valid_from", "-number").first()
