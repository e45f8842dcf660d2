"""What a task is at a moment as one digest, so that whoever changes it can say what they saw."""

from django.forms.models import model_to_dict

from thuocdo.engine.canonical import digest as digest_of
from thuocdo.ledger.queries import entries_about
from thuocdo.tasks.models import Task

# What the search of lists is made of says nothing new.
_LEFT_OUT = ("search", "coordinators")


def version_of(task: Task) -> str:
    """The task with everything that the ledger says of it as 32 hexadecimal digits; one query."""
    newest = entries_about([task.label]).order_by("-number").values_list("number", flat=True).first()
    fields = {name: str(value) for name, value in model_to_dict(task, exclude=_LEFT_OUT).items()}
    return digest_of([task.pk, newest or 0, fields])[:32]
