"""The form by which a list of tasks is uploaded."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    """A filled-in list."""

    tep = forms.FileField(
        label=_("Danh sách đã sửa"),
        help_text=_(
            "Tệp Excel (.xlsx) hoặc Word (.docx), tối đa 10 MB và 20.000 dòng. Chưa ghi gì trước khi bạn đồng ý."
        ),
        # What is wrong with a file is said by whoever reads it.
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,.docx"}),
        error_messages={"required": _("Chưa chọn tệp; chọn danh sách đã sửa.")},
    )
