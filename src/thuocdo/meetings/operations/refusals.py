"""Why an operation on a meeting was refused: the field, a code for machines, a sentence with the remedy."""

from typing import Any

from django.utils.translation import gettext

from thuocdo.meetings.models import Conclusion, Meeting, Version


class MeetingRefused(ValueError):
    """What was asked cannot be done; nothing was written. The text is for the person who asked."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class NotInThisState(MeetingRefused):
    """The meeting has gone on, or is not as far yet."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(
            gettext("Cuộc họp đang ở trạng thái “%(state)s” nên không làm được việc này; tải lại trang.")
            % {"state": meeting.get_state_display()},
            code="meeting_state",
            field="state",
        )


class Overtaken(MeetingRefused):
    """Somebody else has written on the same conclusion meanwhile; `stands` is what stands there now."""

    def __init__(self, conclusion: Conclusion, stands: Version) -> None:
        super().__init__(
            gettext("Người khác vừa ghi kết luận số %(number)s; xem nội dung hiện nay bên dưới rồi ghi lại nếu cần.")
            % {"number": conclusion.number},
            code="overtaken",
            field="version",
        )
        self.conclusion = conclusion
        self.stands = stands


class LowerRefused(MeetingRefused):
    """A room below refused what follows from a conclusion; its own words, code and field."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error), code=error.code, field=error.field)
