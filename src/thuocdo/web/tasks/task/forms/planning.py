"""What both sides write down about a task: milestones, products, what it waits for, money, parts, people."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Permission, bodies_within
from thuocdo.accounts.queries import people_at
from thuocdo.organisations.queries import within
from thuocdo.tasks import operations
from thuocdo.tasks.operations import BudgetLine, MilestonePlan, ProductPlan, TaskDescription, TaskRefused
from thuocdo.tasks.queries import people_of_lead, task_by_code
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.made_of import made_of

from .step import StepForm
from .step import note as note_field

if TYPE_CHECKING:
    from thuocdo.tasks.models import Milestone

# So many people at and below the lead are offered by name.
MOST_PEOPLE = 200


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(";")]


def _amount(text: str, field: str) -> Decimal | None:
    """A figure as Vietnamese write it: 1.500.000 or 2,5; None for an empty one. Raises TaskRefused."""
    plain = text.replace(" ", "").replace(".", "").replace(",", ".")
    if not plain:
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise TaskRefused(
            gettext("“%(text)s” không phải là số; nhập dạng 1.500.000 hoặc 2,5.") % {"text": text[:40]},
            code="no_number",
            field=field,
        )
    return found


class AddMilestone(StepForm):
    title, button = _("Thêm mốc"), _("Thêm mốc")
    explanation = _("Mốc đã đặt chỉ dời được theo quyết định; ngày đặt ban đầu luôn được giữ.")
    name = forms.CharField(label=_("Việc phải đạt ở mốc"), required=False, max_length=300)
    due_on = DayField(label=_("Ngày cuối cùng của mốc"), help_text=_("Dạng ngày/tháng/năm."))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.add_milestone(
            actor=self.actor, at=at, task=self.task, milestone=MilestonePlan(given["name"], given["due_on"])
        )

    def afterwards(self) -> str:
        return gettext("Đã thêm mốc hạn %(due)s.") % {"due": day(self.cleaned_data["due_on"])}


class MoveMilestone(StepForm):
    title, button = _("Dời hoặc bỏ mốc"), _("Ghi quyết định")
    explanation = _("Bỏ trống ngày mới nếu quyết định bỏ mốc.")
    milestone = forms.ChoiceField(label=_("Mốc"), error_messages={"required": _("Chưa chọn mốc.")})
    new_due_on = DayField(label=_("Ngày mới"), required=False)
    decision_number = forms.CharField(label=_("Số quyết định"), required=False, max_length=80)
    reason = note_field(_("Lý do"), rows=2)

    def prepare(self) -> None:
        self.rows: dict[str, Milestone] = {
            str(row.pk): row
            for row in made_of(self.task, self.actor, self.actor.on).milestones
            if row.reached_on is None
        }
        field: Any = self.fields["milestone"]
        field.choices = [(key, f"{row.title} ({day(row.due_on)})") for key, row in self.rows.items()]

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        decided = {"decision_number": given["decision_number"], "reason": given["reason"]}
        milestone = self.rows[given["milestone"]]
        if given["new_due_on"] is None:
            operations.drop_milestone(actor=self.actor, at=at, milestone=milestone, **decided)
        else:
            operations.move_milestone(
                actor=self.actor, at=at, milestone=milestone, new_due_on=given["new_due_on"], **decided
            )

    def afterwards(self) -> str:
        if self.cleaned_data["new_due_on"] is None:
            return gettext("Đã bỏ mốc; quyết định được ghi trong diễn biến.")
        return gettext("Đã dời mốc; ngày đặt ban đầu vẫn hiển thị bên cạnh.")


class SetProducts(StepForm):
    title, button = _("Sản phẩm phải giao nộp"), _("Ghi danh sách sản phẩm")
    explanation = _("Từng sản phẩm được nghiệm thu riêng; nhiệm vụ chỉ hoàn thành khi mọi sản phẩm được nghiệm thu.")
    products = note_field(
        _("Mỗi dòng một sản phẩm"),
        _("Dạng: tên; số lượng; đơn vị. Ví dụ: Dự thảo nghị định; 1; văn bản. Số lượng và đơn vị có thể bỏ."),
        rows=4,
    )

    def prepare(self) -> None:
        self.fields["products"].initial = "\n".join(
            "; ".join(filter(None, (row.name, f"{row.quantity.normalize():f}" if row.quantity else "", row.unit)))
            for row in made_of(self.task, self.actor, self.actor.on).products
        )

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        plans = []
        for line in filter(str.strip, given["products"].splitlines()):
            name, quantity, unit = [*_cells(line), "", ""][:3]
            plans.append(ProductPlan(name, _amount(quantity, "products"), unit))
        self.number = len(operations.set_products(actor=self.actor, at=at, task=self.task, products=plans))

    def afterwards(self) -> str:
        return gettext("Đã ghi %(number)s sản phẩm phải giao nộp.") % {"number": self.number}


class JudgeProduct(StepForm):
    title, button = _("Nghiệm thu từng sản phẩm"), _("Ghi nghiệm thu")
    product = forms.ChoiceField(label=_("Sản phẩm"), error_messages={"required": _("Chưa chọn sản phẩm.")})
    verdict = forms.ChoiceField(
        label=_("Kết luận"),
        choices=[("yes", _("Nghiệm thu")), ("no", _("Chưa nghiệm thu, hoặc thôi nghiệm thu"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chưa chọn kết luận.")},
    )
    note = note_field(_("Ý kiến"), _("Bắt buộc khi chưa nghiệm thu."), rows=2)

    def prepare(self) -> None:
        self.rows = {str(row.pk): row for row in made_of(self.task, self.actor, self.actor.on).products}
        field: Any = self.fields["product"]
        field.choices = [
            (key, f"{row.name} ({gettext('đã nghiệm thu') if row.is_accepted else gettext('chưa nghiệm thu')})")
            for key, row in self.rows.items()
        ]

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.judge_product(
            actor=self.actor,
            at=at,
            product=self.rows[given["product"]],
            is_accepted=given["verdict"] == "yes",
            note=given["note"],
        )

    def afterwards(self) -> str:
        return gettext("Đã ghi nghiệm thu sản phẩm; nhiệm vụ hoàn thành khi cả kết quả được phê duyệt.")


class AddDependency(StepForm):
    title, button = _("Ghi điều phải chờ"), _("Ghi điều phải chờ")
    explanation = _("Nhiệm vụ đang chờ được nêu rõ, nhưng thời hạn vẫn chạy trừ khi tạm dừng.")
    waits_for = forms.CharField(
        label=_("Chờ nhiệm vụ"), required=False, max_length=20, help_text=_("Mã dạng NV-2026-000123.")
    )
    kind = forms.ChoiceField(
        label=_("Hoặc chờ"),
        required=False,
        choices=[
            ("", _("không chờ văn bản nào")),
            ("legal_document", _("văn bản pháp luật")),
            ("decision", _("quyết định")),
        ],
    )
    name = forms.CharField(label=_("Tên văn bản, quyết định"), required=False, max_length=500)
    expected_on = DayField(label=_("Dự kiến có ngày"), required=False)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        code = given["waits_for"].strip().upper()
        other = task_by_code(code, actor=self.actor) if code else None
        if code and other is None:
            raise TaskRefused(
                gettext("Không tìm thấy nhiệm vụ %(code)s; kiểm tra lại mã.") % {"code": code},
                code="task_unknown",
                field="waits_for",
            )
        operations.add_dependency(
            actor=self.actor,
            at=at,
            task=self.task,
            waits_for=other,
            kind="task" if other is not None else given["kind"],
            title=given["name"],
            expected_on=given["expected_on"],
        )

    def afterwards(self) -> str:
        return gettext("Đã ghi điều phải chờ. Khi đã có, ghi lại để nhiệm vụ hết chờ.")


class EndWaiting(StepForm):
    title, button = _("Hết chờ"), _("Ghi hết chờ")
    dependency = forms.ChoiceField(label=_("Điều đã chờ"), error_messages={"required": _("Chưa chọn điều đã chờ.")})
    number = forms.CharField(label=_("Số, ký hiệu văn bản đã có"), required=False, max_length=80)
    on = DayField(label=_("Ngày ban hành"), required=False, help_text=_("Bỏ trống nếu là hôm nay."))
    reason = note_field(_("Hoặc lý do không phải chờ nữa"), rows=2)
    renamed = {"decision_number": "number"}

    def prepare(self) -> None:
        waiting = made_of(self.task, self.actor, self.actor.on).still_waits
        self.rows = {str(one.dependency.pk): one.dependency for one in waiting}
        field: Any = self.fields["dependency"]
        field.choices = [
            (key, row.waits_for.code if row.waits_for is not None else row.title) for key, row in self.rows.items()
        ]

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        dependency = self.rows[given["dependency"]]
        if given["reason"].strip() and not given["number"].strip():
            operations.drop_dependency(actor=self.actor, at=at, dependency=dependency, reason=given["reason"])
        else:
            operations.fulfil_dependency(
                actor=self.actor, at=at, dependency=dependency, number=given["number"], on=given["on"]
            )

    def afterwards(self) -> str:
        return gettext("Đã ghi; điều này không còn giữ nhiệm vụ lại.")


class SetBudget(StepForm):
    title, button = _("Kinh phí"), _("Ghi kinh phí")
    lines = note_field(
        _("Mỗi dòng một dòng ngân sách"),
        _("Dạng: mã; năm; số tiền bằng đồng; tên. Ví dụ: KHCN-01; 2026; 5.000.000.000; Nền tảng dữ liệu."),
        rows=3,
    )

    def prepare(self) -> None:
        self.fields["lines"].initial = "\n".join(
            "; ".join(filter(None, (row.code, str(row.year), f"{row.amount:f}", row.title)))
            for row in made_of(self.task, self.actor, self.actor.on).budget
        )

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        lines = []
        for line in filter(str.strip, given["lines"].splitlines()):
            code, year, amount, title = [*_cells(line), "", "", ""][:4]
            lines.append(
                BudgetLine(code, int(year) if year.isdecimal() else 0, _amount(amount, "lines") or Decimal(0), title)
            )
        operations.set_budget(actor=self.actor, at=at, task=self.task, lines=lines)

    def afterwards(self) -> str:
        return gettext("Đã ghi kinh phí của nhiệm vụ.")


class SetIndicators(StepForm):
    title, button = _("Chỉ số gắn với nhiệm vụ"), _("Ghi chỉ số")
    explanation = _("Kết quả của nhiệm vụ phải làm chỉ số nào thay đổi? Hiệu quả sau này xét trên các chỉ số đó.")
    codes = note_field(
        _("Mỗi dòng một mã chỉ số"),
        _("Tra mã ở trang Chỉ số, ví dụ full_process_online. Bỏ một dòng là thôi gắn."),
        rows=3,
    )

    def prepare(self) -> None:
        self.fields["codes"].initial = "\n".join(
            row.code for row in made_of(self.task, self.actor, self.actor.on).indicators
        )

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        codes = given["codes"].replace(",", "\n").replace(";", "\n").splitlines()
        self.number = len(operations.set_indicators(actor=self.actor, at=at, task=self.task, codes=codes))

    def afterwards(self) -> str:
        return gettext("Nhiệm vụ gắn với %(number)s chỉ số.") % {"number": self.number}


class PutInCharge(StepForm):
    title, button = _("Người phụ trách"), _("Ghi người phụ trách")
    responsible = forms.ChoiceField(label=_("Người của cơ quan chủ trì"), required=False)
    post = forms.CharField(
        label=_("Chức danh"), required=False, max_length=120, help_text=_("Ví dụ: Vụ trưởng Vụ Pháp luật.")
    )

    def prepare(self) -> None:
        self.people = {str(one.pk): one for one in people_of_lead(self.task, self.actor.on)}
        field: Any = self.fields["responsible"]
        field.choices = [("", _("chỉ ghi chức danh"))] + [(key, one.full_name) for key, one in self.people.items()]
        field.initial = str(self.task.responsible_id or "")
        self.fields["post"].initial = self.task.responsible_post

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.put_in_charge(
            actor=self.actor,
            at=at,
            task=self.task,
            person=self.people.get(given["responsible"]),
            post=given["post"],
        )

    def afterwards(self) -> str:
        return gettext("Đã ghi người phụ trách nhiệm vụ.")


class Divide(StepForm):
    title, button = _("Giao phần việc"), _("Giao phần việc")
    explanation = _("Chia nhiệm vụ cho đơn vị bên dưới hoặc giữ một phần ở cơ quan mình.")
    name = forms.CharField(label=_("Phần việc"), required=False, max_length=1000)
    lead = BodyField(label=_("Đơn vị thực hiện"), permission=Permission.DIVIDE_TASK)
    deliverable = forms.CharField(label=_("Sản phẩm"), required=False, max_length=2000)
    due_on = DayField(label=_("Thời hạn"), required=False)
    responsible = forms.ChoiceField(label=_("Người phụ trách"), required=False)
    post = forms.CharField(label=_("Chức danh phụ trách"), required=False, max_length=120)
    renamed = {"title": "name"}

    def prepare(self) -> None:
        below = bodies_within(self.actor, Permission.DIVIDE_TASK).filter(
            pk__in=within([self.task.lead_id], on=self.actor.on).values("pk")
        )
        # The people of a nation of communes are no list to choose from: there the body chooses its own person.
        people = list(people_at(below, on=self.actor.on)[: MOST_PEOPLE + 1])
        self.people = {str(one.pk): one for one in people} if len(people) <= MOST_PEOPLE else {}
        field: Any = self.fields["responsible"]
        field.choices = [("", _("đơn vị tự phân công"))] + [(key, one.full_name) for key, one in self.people.items()]

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        self.part = operations.divide(
            actor=self.actor,
            at=at,
            task=self.task,
            part=TaskDescription(
                title=given["name"],
                lead=given["lead"],
                deliverable=given["deliverable"],
                due_on=given["due_on"],
                responsible=self.people.get(given["responsible"]),
                responsible_post=given["post"],
            ),
        )

    def afterwards(self) -> str:
        return gettext("Đã giao phần việc %(code)s cho %(lead)s.") % {
            "code": self.part.code,
            "lead": named(self.part.lead),
        }
