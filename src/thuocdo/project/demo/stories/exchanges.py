"""What is exchanged with other machines: a receiver that is told of tasks, stopped because nobody listens there."""

from thuocdo.exchanges.operations.webhooks import pause_receiver, register_receiver
from thuocdo.ledger.events import Event

from .stage import OFFICE, Acts, Stage


def a_receiver(stage: Stage) -> Acts:
    """The standing office has its own system told of tasks; it is paused at once, so that nothing is ever sent."""
    at = yield -12
    actor = stage.actor(OFFICE, at)
    receiver, _secret = register_receiver(
        actor=actor,
        at=at,
        body=stage.body("VPTW"),
        title="Hệ thống điều hành của Văn phòng",
        address="https://dieu-hanh.minhhoa.example/su-kien",
        events=[Event.TASK_CHANGED, Event.TASKS_ASSIGNED],
    )
    pause_receiver(actor=actor, at=at, receiver=receiver, is_paused=True)
