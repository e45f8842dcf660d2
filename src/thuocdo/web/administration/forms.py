"""Forms of administration: find people, open an account, give a role, issue a key."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.accounts.queries import Role, user_by_username
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.indicators.words import title_of
from thuocdo.web.tasks.days import DayField

from .wording import DUTIES, ROLES, SCOPE_WORDS

if TYPE_CHECKING:
    from thuocdo.accounts.queries import User
    from thuocdo.indicators.queries import Indicator

MANAGED = Permission.MANAGE_ACCOUNTS
CALLS_PER_MINUTE = 600
FEED_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def _restrict(form: forms.Form, actor: Actor) -> None:
    for field in form.fields.values():
        if isinstance(field, BodyField):
            field.restrict(actor)


class PeopleFilter(forms.Form):
    """Filters of the list of people."""

    tim = forms.CharField(
        label=_("Tìm người"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": _("họ tên, tên đăng nhập")}),
    )
    co_quan = BodyField(label=pgettext_lazy("one", "Cơ quan"), required=False, permission=MANAGED)
    vai_tro = forms.ChoiceField(
        label=_("Vai trò"), required=False, choices=[("", _("Tất cả")), *((str(k), v) for k, v in ROLES.items())]
    )
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("Đang hoạt động")),
            ("het", _("Không còn vai trò")),
            ("khoa", _("Đã khóa")),
            ("tat-ca", _("Tất cả")),
        ],
    )

    def __init__(self, query: QueryDict, actor: Actor) -> None:
        super().__init__(query)
        _restrict(self, actor)


class RoleForm(forms.Form):
    """A role at a body for a time."""

    role = forms.ChoiceField(
        label=_("Vai trò"),
        choices=[(str(role), f"{title}: {DUTIES[role]}") for role, title in ROLES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chưa chọn vai trò.")},
    )
    body = BodyField(label=pgettext_lazy("one", "Cơ quan"), permission=MANAGED, help_text=_("Nơi người này làm việc."))
    over = BodyField(
        label=_("Phạm vi rộng hơn"),
        required=False,
        permission=MANAGED,
        help_text=_("Bỏ trống nếu chỉ gồm cơ quan trên và các đơn vị trực thuộc."),
    )
    valid_from = DayField(label=_("Từ ngày"), required=False, help_text=_("Bỏ trống nếu từ hôm nay."))
    valid_to = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Bỏ trống nếu chưa định ngày thôi."))

    def __init__(self, actor: Actor, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.today = actor.on
        _restrict(self, actor)
        choices: Any = self.fields["role"]
        # What an f-string made at import would stay in the language of the start.
        choices.choices = [(str(role), f"{title}: {DUTIES[role]}") for role, title in ROLES.items()]

    def clean(self) -> dict[str, Any]:
        """From today on unless said otherwise; the last day is not before the first."""
        cleaned = super().clean() or {}
        cleaned["valid_from"] = cleaned.get("valid_from") or self.today
        last: date | None = cleaned.get("valid_to")
        if last is not None and last < cleaned["valid_from"]:
            self.add_error("valid_to", gettext("Ngày cuối trước ngày đầu; sửa một trong hai ngày."))
        if cleaned.get("role"):
            cleaned["role"] = Role(cleaned["role"])
        return cleaned


class AccountForm(RoleForm):
    """A new person with a first role; without one nobody would find the account again."""

    full_name = forms.CharField(
        label=_("Họ và tên"), max_length=120, error_messages={"required": _("Chưa ghi họ và tên.")}
    )
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        help_text=_("Chữ, số và các dấu @ . + - _, không có khoảng trắng."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Chưa ghi tên đăng nhập.")},
    )
    field_order = ("full_name", "username", "body", "role", "over", "valid_from", "valid_to")


class KeyForm(forms.Form):
    """A key of a source system."""

    title = forms.CharField(
        label=_("Tên hệ thống nguồn"),
        max_length=120,
        help_text=_("Ví dụ: Cổng dịch vụ công của tỉnh."),
        error_messages={"required": _("Chưa ghi tên hệ thống nguồn.")},
    )
    body = BodyField(
        label=pgettext_lazy("one", "Cơ quan"),
        permission=MANAGED,
        help_text=_("Khóa gửi được số liệu của cơ quan này và các đơn vị trực thuộc."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Khóa được làm gì"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(SCOPE_WORDS.items()),
        help_text=_("Không đánh dấu gì: chỉ gửi số liệu."),
    )
    holder = forms.CharField(
        label=_("Người giữ khóa"),
        required=False,
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_(
            "Tên đăng nhập của người của cơ quan này. Khóa làm việc thay người đó, đúng quyền của người đó; "
            "cần có khi khóa giao nhiệm vụ hoặc duyệt kết quả."
        ),
    )
    indicators = forms.MultipleChoiceField(
        label=_("Chỉ số được gửi"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không đánh dấu chỉ số nào: gửi được mọi chỉ số."),
    )
    feeds = forms.CharField(
        label=_("Luồng dữ liệu được gửi"),
        required=False,
        max_length=400,
        help_text=_(
            "Mã các luồng, cách nhau bằng dấu phẩy. Chỉ ghi luồng thì khóa không gửi được chỉ số, và ngược lại."
        ),
    )
    calls_per_minute = forms.IntegerField(
        label=_("Số lần gọi mỗi phút"),
        required=False,
        min_value=1,
        max_value=100_000,
        initial=CALLS_PER_MINUTE,
        help_text=_("Gọi nhanh hơn thì phải chờ. Bỏ trống: 600 lần."),
    )
    expires_on = DayField(label=_("Dùng đến hết ngày"), required=False, help_text=_("Nên đặt hạn, ví dụ một năm."))

    def __init__(self, actor: Actor, entries: "Iterable[Indicator]", data: Any = None) -> None:
        super().__init__(data)
        self.today = actor.on
        _restrict(self, actor)
        choice: Any = self.fields["indicators"]
        choice.choices = [(one.code, f"{title_of(one)} ({one.code})") for one in entries]

    def clean_scopes(self) -> list[str]:
        """What sends figures, when nothing is chosen."""
        return self.cleaned_data["scopes"] or ["figures:write"]

    def clean_holder(self) -> "User | None":
        """The person with this sign-in name; whether they work there, the operation says."""
        name = self.cleaned_data["holder"].strip()
        if not name:
            return None
        found = user_by_username(name)
        if found is None:
            raise ValidationError(gettext("Không có tài khoản mang tên đăng nhập này; kiểm tra lại."), code="holder")
        return found

    def clean_feeds(self) -> list[str]:
        """The codes, each once, in the order given."""
        codes = list(dict.fromkeys(part.strip() for part in self.cleaned_data["feeds"].split(",") if part.strip()))
        if wrong := [code for code in codes if not FEED_CODE.fullmatch(code)]:
            text = gettext("“%(code)s” không phải là mã luồng: chỉ gồm chữ thường, chữ số, dấu - và _.")
            raise ValidationError(text % {"code": wrong[0][:60]}, code="feed")
        return codes

    def clean_calls_per_minute(self) -> int:
        """The usual rate, when none is given."""
        return self.cleaned_data["calls_per_minute"] or CALLS_PER_MINUTE

    def clean_expires_on(self) -> date | None:
        """A day that is not over."""
        asked: date | None = self.cleaned_data.get("expires_on")
        if asked is not None and asked < self.today:
            raise ValidationError(gettext("Ngày hết hạn đã qua; chọn hôm nay hoặc một ngày sau."), code="past")
        return asked
