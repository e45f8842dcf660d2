"""Who signs an urging note, and in which capacity: the head, or another in the head's stead, by order, authorised."""

from dataclasses import dataclass

from django.utils.translation import gettext

from thuocdo.alerts.lifecycle import Signing
from thuocdo.engine.spelling import nfc

from .refusals import AlertRefused

LONGEST_SIGNER = 120


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a note: in which capacity (`lifecycle.Signing`), under which post, by which name; none: the head."""

    signing: str = ""
    post: str = ""
    name: str = ""


HEAD = Signer()


def columns_of(signer: Signer) -> dict[str, str]:
    """The columns of a signature; raises AlertRefused for a capacity without a post or a post without a capacity."""
    post, name = " ".join(nfc(signer.post).split()), " ".join(nfc(signer.name).split())
    if signer.signing not in Signing.values:
        raise AlertRefused(
            gettext("Không có thể thức ký này; chọn lại thể thức ký."), code="signing_unknown", field="signing"
        )
    if signer.signing and not post:
        raise AlertRefused(
            gettext("Chưa ghi chức vụ người ký thay, thừa lệnh hoặc thừa ủy quyền, ví dụ: Chánh Văn phòng."),
            code="no_signer_post",
            field="signer_post",
        )
    if not signer.signing and (post or name):
        raise AlertRefused(
            gettext("Người đứng đầu tự ký thì để trống chức vụ và họ tên; hoặc chọn thể thức ký thay, thừa lệnh."),
            code="signer_without_capacity",
            field="signing",
        )
    if max(len(post), len(name)) > LONGEST_SIGNER:
        raise AlertRefused(
            gettext("Chức vụ, họ tên dài quá %(most)s ký tự; ghi gọn lại.") % {"most": LONGEST_SIGNER},
            code="too_long",
            field="signer_post" if len(post) > LONGEST_SIGNER else "signer_name",
        )
    return {"signing": signer.signing, "signer_post": post, "signer_name": name}
