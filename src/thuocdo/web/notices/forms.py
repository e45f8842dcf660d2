"""How a person wants to be told, as a form."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.operations import AccountRefused, set_email
from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.operations import AlertRefused, Digest, prefer
from thuocdo.alerts.queries import NEVER_SILENT, Choice, Kind, Wishes

if TYPE_CHECKING:
    from thuocdo.accounts.models import User

WEEKDAYS = [
    (0, _("Thứ Hai")),
    (1, _("Thứ Ba")),
    (2, _("Thứ Tư")),
    (3, _("Thứ Năm")),
    (4, _("Thứ Sáu")),
    (5, _("Thứ Bảy")),
    (6, _("Chủ nhật")),
]


class ClockField(forms.TimeField):
    """An hour of the day, as 06:30 or 6h30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%Hh%M", "%Hh", "%H.%M"],
            widget=forms.TimeInput({"size": "6", "placeholder": "20:00"}, format="%H:%M"),
            error_messages={
                "required": _("Chưa nhập giờ; nhập theo dạng giờ:phút, ví dụ 20:00."),
                "invalid": _("Giờ chưa đúng dạng; nhập theo dạng giờ:phút, ví dụ 20:00."),
            },
            **kwargs,
        )


class WishesForm(forms.Form):
    """Where mail goes, a choice for each kind of notice, the weekly digest, the quiet hours."""

    email = forms.CharField(
        label=_("Địa chỉ thư điện tử"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "placeholder": "ten@coquan.gov.vn"}),
        help_text=_("Để trống: chỉ nhận thông báo trong hệ thống. Địa chỉ này không hiện cho người khác."),
    )
    has_digest = forms.BooleanField(
        label=_("Gửi bản tổng hợp việc hằng tuần qua thư điện tử"),
        required=False,
        help_text=_("Tuần nào không có việc gì thì không gửi."),
    )
    digest_weekday = forms.TypedChoiceField(label=_("Ngày gửi"), choices=WEEKDAYS, coerce=int)
    digest_hour = forms.TypedChoiceField(
        label=_("Giờ gửi"), choices=[(hour, f"{hour:02d}:00") for hour in range(24)], coerce=int
    )
    quiet_from = ClockField(label=_("Không gửi thư từ"))
    quiet_to = ClockField(
        label=_("đến"),
        help_text=_("Thư trong khoảng này chờ đến hết giờ yên lặng. Hai giờ bằng nhau: gửi bất kỳ lúc nào."),
    )

    def __init__(self, wishes: Wishes, user: "User", data: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "email": user.email,
                "has_digest": wishes.has_digest,
                "digest_weekday": wishes.digest_weekday,
                "digest_hour": wishes.digest_hour,
                "quiet_from": wishes.quiet_from,
                "quiet_to": wishes.quiet_to,
            },
        )
        self._user = user
        for kind in Kind:
            offered = [choice for choice in Choice if kind not in NEVER_SILENT or choice != Choice.NONE]
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=[(choice.value, choice.label) for choice in offered],
                initial=wishes.choice(kind).value,
                widget=forms.Select,
            )

    def kinds(self) -> list[forms.BoundField]:
        """The fields of the kinds, in their order."""
        return [self[kind.value] for kind in Kind]

    def save(self, actor: Actor, at: datetime) -> bool:
        """Keep the wishes; False when something is wrong, with the reason beside its field."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        quiet_from, quiet_to = given["quiet_from"], given["quiet_to"]
        try:
            with transaction.atomic():
                set_email(actor=actor, at=at, user=self._user, email=given["email"])
                prefer(
                    actor=actor,
                    at=at,
                    choices={kind: Choice(given[kind.value]) for kind in Kind},
                    digest=Digest(given["has_digest"], given["digest_weekday"], given["digest_hour"]),
                    quiet_from=quiet_from or time(0),
                    quiet_to=quiet_to or time(0),
                )
        except (AlertRefused, AccountRefused) as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True
