"""Whatever anybody tries in any order: no task is completed without evidence, accepted products and an outsider."""

from collections.abc import Callable

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tasks.samples import evidence
from tests.tasks.samples import given as ordered
from tests.world import NOW, World
from thuocdo.accounts.permissions import Actor, NotAllowed
from thuocdo.tasks.models import Evidence, Product, Task
from thuocdo.tasks.operations import (
    Outcome,
    ProductPlan,
    TaskRefused,
    accept_assignment,
    approve_result,
    cancel,
    decide_dispute,
    dispute,
    judge_product,
    reassign,
    reopen,
    report_progress,
    resume,
    return_result,
    set_products,
    submit,
    suspend,
)

PEOPLE = ["thu", "lan", "dung", "minh", "son", "ha", "an", "binh"]
Act = Callable[[Actor, Task, World], object]


def _products(task: Task) -> list[Product]:
    return list(Product.objects.filter(task=task))


ACTS: dict[str, Act] = {
    "accept": lambda actor, task, world: accept_assignment(actor=actor, at=NOW, task=task),
    "dispute": lambda actor, task, world: dispute(actor=actor, at=NOW, task=task, reason="Không phải việc của tôi"),
    "uphold": lambda actor, task, world: decide_dispute(
        actor=actor, at=NOW, task=task, outcome=Outcome.UPHOLD, note="Giữ nguyên"
    ),
    "report": lambda actor, task, world: report_progress(actor=actor, at=NOW, task=task, text="Đang làm", progress=50),
    "submit": lambda actor, task, world: submit(
        actor=actor, at=NOW, task=task, text="Xong", files=[evidence()], products=_products(task)
    ),
    "submit bare": lambda actor, task, world: submit(actor=actor, at=NOW, task=task, text="Xong"),
    "return": lambda actor, task, world: return_result(actor=actor, at=NOW, task=task, note="Chưa đủ"),
    "product": lambda actor, task, world: judge_product(
        actor=actor, at=NOW, product=_products(task)[0], is_accepted=True
    ),
    "approve": lambda actor, task, world: approve_result(actor=actor, at=NOW, task=task),
    "approve all": lambda actor, task, world: approve_result(actor=actor, at=NOW, task=task, products=_products(task)),
    "suspend": lambda actor, task, world: suspend(actor=actor, at=NOW, task=task, reason="Chờ"),
    "resume": lambda actor, task, world: resume(actor=actor, at=NOW, task=task),
    "reassign": lambda actor, task, world: reassign(
        actor=actor, at=NOW, task=task, new_lead=world.body("01"), reason="Đúng chức năng"
    ),
    "reopen": lambda actor, task, world: reopen(
        actor=actor, at=NOW, task=task, decision_number="1-QĐ", reason="Sai số liệu"
    ),
    "cancel": lambda actor, task, world: cancel(actor=actor, at=NOW, task=task, reason="Thôi"),
}
# The way that a task should go, cut short and disturbed anywhere, so that the end is reached often.
WAY = [("lan", "accept"), ("lan", "submit"), ("minh", "product"), ("minh", "approve all")]
tries = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(ACTS)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(disturbances=st.lists(st.tuples(st.integers(0, 4), tries), max_size=5))
def test_no_way_leads_to_completed_without_an_outsider_and_proof(
    world: World, disturbances: list[tuple[int, tuple[str, str]]]
) -> None:
    steps: list[tuple[str, str]] = []
    for place, step in enumerate([*WAY, ("", "")]):
        steps += [tried for at, tried in disturbances if at == place]
        steps += [step] if step[0] else []
    actors = {person: world.actor(person) for person in PEOPLE}
    with transaction.atomic():
        task = ordered(world)
        set_products(actor=actors["thu"], at=NOW, task=task, products=[ProductPlan("Danh mục")])
        for person, act in steps:
            try:
                with transaction.atomic():
                    ACTS[act](actors[person], task, world)
            except (TaskRefused, NotAllowed):  # A refusal is an answer, too: the task stays as it was.
                pass
            task = Task.objects.select_related("lead", "assigned_by").get(pk=task.pk)
            if task.state == "completed":
                approval = task.transitions.filter(step="approve_result").latest("pk")
                judge = next(actor for actor in actors.values() if actor.user_id == approval.by_user_id)
                assert not judge.belongs_to(task.lead_id)
                assert Evidence.objects.filter(report__task=task).exists()
                assert all(product.is_accepted for product in _products(task))
        transaction.set_rollback(True)
