"""Why an operation on a directive was refused: the field, a code for machines, a sentence with the remedy."""

from django.utils.translation import gettext

from thuocdo.directives.models import Candidate


class DirectiveRefused(ValueError):
    """What was asked cannot be done; nothing was written. The text is for the person who asked."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class CandidateSettled(DirectiveRefused):
    """Somebody has decided the candidate already; the page shows the newer state."""

    def __init__(self, candidate: Candidate) -> None:
        super().__init__(
            gettext(
                "Nhiệm vụ này ở trạng thái “%(state)s” nên không thực hiện được thao tác; "
                "tải lại trang để xem trạng thái mới nhất."
            )
            % {"state": candidate.get_state_display()},
            code="candidate_settled",
        )
        self.candidate = candidate
