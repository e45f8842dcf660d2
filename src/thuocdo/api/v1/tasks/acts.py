"""An act on a task: declared once by its address, form and sentence; checked, done once and answered alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypedDict

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor
from thuocdo.api.v1.answers import Answer, once, seen_version
from thuocdo.api.v1.keys import caller
from thuocdo.api.v1.problems import Problem, Refused
from thuocdo.exchanges.queries.calls import files_by_digest
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.tasks import queries
from thuocdo.tasks.operations import Upload
from thuocdo.tasks.operations.seen import require_unchanged

from .reading import TASK_CODE, known_task, router, task_for
from .receiving import Form, described, read
from .shapes import TaskWhole
from .shapes.forms import FileRef
from .shaping import whole

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Milestone, Product, Task

REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503, 507)


class By(TypedDict):
    """Who does something with which task and when, as every operation takes it."""

    actor: Actor
    at: datetime
    task: "Task"


@dataclass(frozen=True, slots=True)
class Call(Generic[Form]):
    """One call of an act: who does it with which task, and what the call brought for it.

    What it names by code, digest or number is looked up here; raises Refused for what there is not.
    """

    by: By
    given: Form
    uploads: list[Upload]

    def files(self, references: Sequence[FileRef]) -> list[Upload]:
        """The files of the call, with those that were sent before and are named by digest."""
        found, unknown = files_by_digest(self.by["actor"], {one.sha256: one.name for one in references})
        if unknown:
            text = _("Chưa có tệp mang mã %(digest)s…; gửi tệp tới /api/v1/files trước.") % {"digest": unknown[0][:12]}
            raise Refused(422, "unknown_file", text, "evidence")
        return [*self.uploads, *found]

    def milestones(self, numbers: Sequence[int]) -> list["Milestone"]:
        """The task's milestones with these numbers."""
        return _of_task(queries.milestones(self.by["task"]), numbers, "milestones")

    def products(self, numbers: Sequence[int]) -> list["Product"]:
        """The task's products with these numbers."""
        return _of_task(queries.products(self.by["task"]), numbers, "products")


def act(
    address: str, form: type[Form], summary: str, *, with_files: bool = False, must_be_seen: bool = False
) -> Callable[[Callable[[Call[Form]], object]], Callable[..., Answer]]:
    """Declare an act at `/tasks/{code}/<address>`: done once per idempotency key, answered with the task as it is then.

    With `with_files` the call may be a form with files; with `must_be_seen` it must name the version that was seen.
    """

    def declared(do: Callable[[Call[Form]], object]) -> Callable[..., Answer]:
        def view(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
            given, uploads = read(request, form)
            actor, known, seen = caller(request), known_task(request, code), seen_version(request)
            if must_be_seen and not seen:
                text = _(
                    "Gửi kèm If-Match với ETag của bản nhiệm vụ đã xem, để không quyết định trên nội dung đã thay đổi."
                )
                raise Refused(428, "if_match_missing", text, "If-Match")

            def once_only() -> tuple[int, dict[str, Any]]:
                task = require_unchanged(known, seen) if seen else known
                do(Call(By(actor=actor, at=timezone.now(), task=task), given, uploads))
                return 200, whole(task_for(actor, code), actor)

            return once(request, response, once_only)

        # The description calls the operation after the function that says what it does; of a wrapped function the
        # framework would read the parameters too.
        view.__module__, view.__name__, view.__doc__ = do.__module__, do.__name__, do.__doc__
        return router.post(
            f"/tasks/{{code}}/{address}",
            response={200: TaskWhole, ((428, *REFUSALS) if must_be_seen else REFUSALS): Problem},
            by_alias=True,
            openapi_extra=described(form, with_files=with_files),
            summary=summary,
        )(view)

    return declared


def named_bodies(codes: Sequence[str], field: str) -> list["Body"]:
    """The bodies with these codes, in their order; raises Refused for a code that no body has."""
    found = bodies_by_code(codes)
    if missing := [code for code in codes if code not in found]:
        text = _("Không có cơ quan mang mã %(code)s; kiểm tra lại mã.") % {"code": missing[0]}
        raise Refused(422, "unknown_body", text, field)
    return [found[code] for code in codes]


def named_body(code: str, field: str) -> "Body | None":
    """The body with this code, None for an empty one; raises Refused for a code that no body has."""
    return named_bodies([code], field)[0] if code else None


def _of_task(rows: Any, numbers: Sequence[int], field: str) -> list[Any]:
    if not numbers:
        return []
    found = {row.pk: row for row in rows}
    if missing := [number for number in numbers if number not in found]:
        text = _("Mục số %(number)s không thuộc nhiệm vụ này; xem lại nhiệm vụ.") % {"number": missing[0]}
        raise Refused(422, "of_another_task", text, field)
    return [found[number] for number in numbers]
