"""The text of a draft, typed or uploaded, and what an approval needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thuocdo.scorecards.operations.drafts import LONGEST
from thuocdo.web.tasks.days import DayField


class DraftForm(forms.Form):
    """A scorecard file: a chosen file prevails over the text."""

    tep = forms.FileField(
        label=_("Tệp phương pháp (TOML)"),
        required=False,
        help_text=_("Chọn tệp để thay toàn bộ nội dung bên dưới, hoặc sửa ngay tại đây."),
    )
    text = forms.CharField(
        label=_("Nội dung"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            {"rows": 28, "spellcheck": "false", "autocapitalize": "off", "wrap": "off", "class": "source"}
        ),
    )

    def clean_tep(self) -> str:
        """The text of the file; an error for one that is no text or too long."""
        file = self.cleaned_data["tep"]
        if file is None:
            return ""
        content = file.read(4 * LONGEST + 1)
        try:
            text: str = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(
                _("Tệp không phải văn bản UTF-8; lưu lại dưới dạng văn bản thuần rồi chọn lại.")
            ) from error
        return text

    def clean(self) -> dict[str, Any]:
        """The text that counts, with line ends as the file would have them."""
        text = self.cleaned_data.get("tep") or self.cleaned_data.get("text") or ""
        text = text.replace("\r\n", "\n")
        if "\x00" in text:
            raise ValidationError(_("Nội dung có ký tự không đọc được; xóa ký tự đó rồi gửi lại."))
        if not text.strip() and not self.errors:
            raise ValidationError(_("Chưa có nội dung; chọn tệp hoặc dán nội dung phương pháp."))
        self.cleaned_data["text"] = text
        return self.cleaned_data


class ApprovalForm(forms.Form):
    """Which document approves, from which day on."""

    van_ban = forms.CharField(
        label=_("Văn bản phê duyệt"),
        max_length=300,
        error_messages={"required": _("Chưa ghi văn bản phê duyệt; ghi số, ký hiệu và ngày của văn bản.")},
        help_text=_("Số, ký hiệu, ngày; ví dụ: Quyết định số 12-QĐ/BCĐ ngày 20/9/2026."),
    )
    hieu_luc = DayField(
        label=_("Có hiệu lực từ ngày"),
        help_text=_("Ngày đầu một quý, quý này hoặc về sau: kỳ đã chốt không xếp hạng lại theo quy định ra đời sau."),
    )
    ma_bam = forms.CharField(max_length=64, widget=forms.HiddenInput)
