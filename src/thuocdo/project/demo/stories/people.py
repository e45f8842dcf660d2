"""What people are told and want: addresses of mail, wishes, saved lists, urging notes, notices seen and unseen."""

from datetime import datetime, time

from django.utils.timezone import localdate

from thuocdo.accounts.operations import set_email
from thuocdo.accounts.permissions import Actor, machine
from thuocdo.alerts.lifecycle import Choice, Kind
from thuocdo.alerts.operations import (
    Digest,
    acknowledge,
    answer_urging,
    catch_up,
    draft_urging,
    issue_urging,
    prefer,
    review,
)
from thuocdo.alerts.operations import acknowledge_urging as received
from thuocdo.alerts.queries import open_notices, urgeable
from thuocdo.organisations.models import Body
from thuocdo.project.demo.people import ACCOUNTS, COMMUNE, PROVINCE
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations.saved_lists import save_list

from .stage import OFFICE, Acts, Stage

# Days on which the machine looked for what is due; every day would only take longer to load.
REVIEWS = (-20, -8, -3, -1)


def letters(stage: Stage) -> Acts:
    """Everybody shown has said where their mail goes; the addresses exist nowhere."""
    at = yield -21
    for shown in ACCOUNTS:
        actor = stage.actor(shown.username, at)
        email = f"{shown.username}@minhhoa.example"
        set_email(actor=actor, at=at, user=stage.cast.person(shown.username), email=email)


def lists_and_wishes(stage: Stage) -> Acts:
    """The standing office wants one quiet letter a week and keeps lists, one of them for all its people."""
    at = yield -19
    quiet = dict.fromkeys(Kind, Choice.APPLICATION) | {Kind.WAITING: Choice.BOTH, Kind.URGED: Choice.BOTH}
    prefer(
        actor=stage.actor(OFFICE, at), at=at, choices=quiet, digest=Digest(is_wanted=True, weekday=0, hour=7),
        quiet_from=time(18), quiet_to=time(7, 30),
    )  # fmt: skip
    office = stage.body("VPTW")
    for name, query, columns, shared in (
        ("Quá hạn, xếp theo hạn", "muc=qua-han&xep=han", (), office),
        ("Nhiệm vụ trọng tâm đang làm", "trong_tam=1&muc=dang-thuc-hien", (), None),
    ):
        save_list(
            actor=stage.actor(OFFICE, at), at=at, name=name, query=query, columns=columns, shared_with=shared
        )  # fmt: skip
    save_list(
        actor=stage.actor("tinh", at), at=at, name="Nhiệm vụ quá hạn của các xã, phường", query="muc=qua-han",
        shared_with=stage.body(PROVINCE),
    )  # fmt: skip


def urging_notes(stage: Stage) -> Acts:
    """A province urges a commune, which answers; the standing office of the Party has a note in draft."""
    at = yield -7
    province, commune = stage.body(PROVINCE), stage.body(COMMUNE)
    office = stage.cast.standing_office(PROVINCE, localdate(at))
    note = draft_urging(
        actor=office, at=at, issuer=province, tasks=_overdue(office, commune),
        reply_by=stage.day(2),
        request="Rà soát nguyên nhân chậm, báo cáo ngày hoàn thành và người chịu trách nhiệm từng nhiệm vụ.",
    )  # fmt: skip
    at = yield -6.9
    issue_urging(actor=stage.cast.standing_office(PROVINCE, localdate(at)), at=at, urging=note)
    at = yield -5
    received(actor=stage.actor("xa", at), at=at, urging=note)
    at = yield -4
    answer_urging(
        actor=stage.actor("xa", at), at=at, urging=note,
        answer="Xã chậm do một cán bộ chuyển công tác, chưa bàn giao tài khoản. Đã phân công lại cho công chức "
        "văn phòng; hoàn thành các nhiệm vụ trước cuối tháng, báo cáo hằng tuần.",
    )  # fmt: skip
    at = yield -1
    draft_urging(
        actor=stage.actor(OFFICE, at), at=at, issuer=stage.body("VPTW"), reply_by=stage.day(7),
        tasks=_overdue(stage.actor(OFFICE, at), stage.body("BTP")),
        request="Báo cáo rõ nội dung còn vướng, cơ quan phải phối hợp và ngày trình.",
    )  # fmt: skip


def _overdue(actor: Actor, addressee: Body) -> list[Task]:
    return list(urgeable(actor, addressee, actor.on).select_related("lead")[:4])


def alerts(stage: Stage) -> Acts:
    """The machine reviewed deadlines and told of what was done; some notices are acknowledged, the newest are not."""
    at = yield REVIEWS[0]
    for following in (*REVIEWS[1:], 0):
        _reviewed(stage, at)
        at = yield following
        _acknowledged(stage, at)
    _reviewed(stage, at)


def _reviewed(stage: Stage, at: datetime) -> None:
    actor = machine("alerts", localdate(at))
    review(actor=actor, at=at)
    catch_up(actor=actor, at=at)


def _acknowledged(stage: Stage, at: datetime) -> None:
    """Those who keep up with their notices acknowledge the older half of what is open."""
    for username in ("botuphap", "tinh", "thamdinh", OFFICE):
        actor = stage.actor(username, at)
        mine = list(open_notices(actor).order_by("raised_at", "pk").values_list("pk", flat=True))
        if len(mine) > 1:
            acknowledge(actor=actor, at=at, numbers=mine[: len(mine) // 2])
