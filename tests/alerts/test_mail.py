"""Mail goes out once, with today's rights and without secrets; a dead server loses nothing."""

import smtplib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tests.alerts.scenes import due_in, load_the_ladder, morning, reviewed, told
from tests.feeds.dossiers import dossier, land, load_dossiers
from tests.tasks.samples import submitted
from tests.world import TODAY, World
from thuocdo.accounts.models import RoleHolding, User
from thuocdo.alerts import operations
from thuocdo.alerts.lifecycle import Choice, Kind
from thuocdo.alerts.models import Message
from thuocdo.alerts.operations.mailing import LEASE, PAUSES
from thuocdo.alerts.queries import DEFAULTS
from thuocdo.feeds.operations import note_silence

AT = morning(TODAY)


class DeadServer(BaseEmailBackend):
    """A mail server that nobody reaches."""

    tries = 0

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        DeadServer.tries += 1
        raise ConnectionRefusedError("no route")


class Refusing(BaseEmailBackend):
    """A mail server that knows nobody of the ministry."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        (message,) = email_messages
        if "btp" in message.to[0]:
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
        mail.outbox.append(message)
        return 1


@pytest.fixture(autouse=True)
def _people_with_addresses(world: World) -> None:
    load_the_ladder(world)
    told()
    for name, address in {"lan": "lan@btp.example", "thu": "thu@vptw.example", "minh": "minh@vpcp.example"}.items():
        User.objects.filter(username=name).update(email=address)


def sent() -> list[tuple[str, str]]:
    return sorted((message.to[0], str(message.subject)) for message in mail.outbox)


def test_all_notices_of_a_person_come_in_one_message_with_links(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://nq57.example"
    first = due_in(world, -40, title="hoàn thiện <kho> dữ liệu")
    due_in(world, -8, title="Ban hành quy chế")
    reviewed()
    assert operations.send_waiting(at=AT).sent == 2
    assert sent() == [
        ("lan@btp.example", "[Thước Đo] 2 thông báo mới"),
        ("thu@vptw.example", "[Thước Đo] 2 thông báo mới"),
    ]
    letter = mail.outbox[0]
    assert "Hoàn thiện <kho> dữ liệu – Quá hạn 40 ngày" in letter.body
    assert f"https://nq57.example/nhiem-vu/{first.code}/" in letter.body
    assert "https://nq57.example/cai-dat/thong-bao/" in letter.body
    html = letter.alternatives[0][0]  # type: ignore[attr-defined]
    assert "Hoàn thiện &lt;kho&gt; dữ liệu" in html
    assert operations.send_waiting(at=AT) == operations.Posted()


def test_a_restricted_task_is_never_named_in_mail(world: World) -> None:
    due_in(world, -8, title="Kế hoạch không phổ biến", secrecy="restricted")
    reviewed()
    operations.send_waiting(at=AT)
    for letter in mail.outbox:
        assert "Một nhiệm vụ hạn chế" in letter.body
        html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]
        assert "không phổ biến" not in f"{letter.body}{letter.subject}{html}"


def test_whoever_lost_the_role_before_the_mail_went_gets_none(world: World) -> None:
    due_in(world, -8)
    reviewed()
    RoleHolding.objects.filter(user=world.people["lan"]).update(valid_to=TODAY)
    assert operations.send_waiting(at=AT).dropped == 2
    assert [address for address, _ in sent()] == ["thu@vptw.example"]


def test_what_was_done_before_the_mail_went_is_not_mailed(world: World) -> None:
    due_in(world, -8)
    reviewed()
    operations.acknowledge(actor=world.actor("lan"), at=AT)
    operations.send_waiting(at=AT)
    assert [address for address, _ in sent()] == ["thu@vptw.example"]


def test_a_dead_server_loses_nothing_and_is_asked_with_patience(world: World, settings: Any) -> None:
    due_in(world, -8)
    reviewed()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.alerts.test_mail.DeadServer"
    DeadServer.tries = 0
    assert operations.send_waiting(at=AT).put_off == 1
    # The first refusal ends the round: a dead server is not asked for every message.
    assert DeadServer.tries == 1
    operations.send_waiting(at=AT + timedelta(seconds=30))
    waiting = Message.objects.filter(sent_at__isnull=True, dropped_at__isnull=True)
    assert all("ConnectionRefusedError" in message.last_error for message in waiting if message.attempts)
    settings.EMAIL_BACKEND = backend
    operations.send_waiting(at=AT + PAUSES[0] + PAUSES[1])
    assert [address for address, _ in sent()] == ["lan@btp.example", "thu@vptw.example"]


def test_one_unknown_address_holds_up_nobody_and_is_given_up_in_the_end(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.alerts.test_mail.Refusing"
    due_in(world, -8)
    reviewed()
    at: datetime = AT
    operations.send_waiting(at=at)
    assert [address for address, _ in sent()] == ["thu@vptw.example"]
    for pause in PAUSES:
        at += pause
        # Night falls in between: quiet hours put the message off without counting as an attempt.
        at = DEFAULTS.not_before(at)
        operations.send_waiting(at=at)
    message = Message.objects.get(recipient=world.people["lan"])
    assert message.dropped_at is not None
    assert message.attempts == len(PAUSES) + 1
    assert "550" in message.last_error


def test_a_worker_that_died_between_claim_and_mark_leaves_the_message_to_the_next_one(world: World) -> None:
    due_in(world, -8)
    reviewed()
    Message.objects.update(claimed_at=AT, attempts=1)
    assert operations.send_waiting(at=AT + timedelta(minutes=5)) == operations.Posted()
    assert operations.send_waiting(at=AT + LEASE + timedelta(seconds=1)).sent == 2
    first = mail.outbox[0].extra_headers["Message-ID"]
    assert first.startswith("<thuocdo-")


def test_quiet_hours_hold_mail_back_until_the_morning(world: World) -> None:
    due_in(world, -8)
    night = datetime.combine(TODAY, time(15), AT.tzinfo)
    operations.review(actor=world.machine, at=night)
    assert operations.send_waiting(at=night).sent == 0
    assert {message.not_before.isoformat() for message in Message.objects.all()} == {"2026-09-14T23:30:00+00:00"}
    assert operations.send_waiting(at=morning(TODAY + timedelta(days=1))).sent == 2


@pytest.mark.parametrize(
    ("quiet", "now", "is_quiet"),
    [
        ((time(20), time(6, 30)), time(23), True),
        ((time(20), time(6, 30)), time(6, 30), False),
        ((time(12), time(13)), time(12, 30), True),
        ((time(8), time(8)), time(8), False),
    ],
)
def test_quiet_hours_may_pass_midnight(quiet: tuple[time, time], now: time, is_quiet: bool) -> None:
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    wishes = replace(DEFAULTS, quiet_from=quiet[0], quiet_to=quiet[1])
    at = datetime.combine(date(2026, 9, 14), now, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert wishes.is_quiet(at) is is_quiet
    assert not wishes.is_quiet(wishes.not_before(at))


def test_the_weekly_digest_comes_once_and_only_when_there_is_something_in_it(world: World) -> None:
    submitted(world, title="Danh mục đã trình")
    due_in(world, -8, title="Việc quá hạn")
    due_in(world, 5, title="Việc sắp đến hạn")
    # 14/9/2026 is a Monday; the digest comes at seven.
    early = datetime.combine(TODAY - timedelta(days=1), time(23, 30), AT.tzinfo)
    assert operations.queue_digests(at=early) == 0
    assert operations.queue_digests(at=AT) == 3
    assert operations.queue_digests(at=AT) == 0
    posted = operations.send_waiting(at=AT)
    assert posted.sent == 3
    letters = {message.to[0]: message for message in mail.outbox}
    assert letters["lan@btp.example"].subject == "[Thước Đo] Việc trong tuần từ ngày 14/09/2026: 2 việc"
    assert "QUÁ HẠN (1)" in letters["lan@btp.example"].body
    assert "CHỜ BẠN PHÊ DUYỆT (1)" in letters["minh@vpcp.example"].body
    # The week after there is nothing to say to Minh once the result is judged; the others still owe.
    Message.objects.all().delete()
    RoleHolding.objects.filter(user=world.people["minh"]).update(role="inspector")
    mail.outbox.clear()
    operations.queue_digests(at=AT + timedelta(days=7))
    assert operations.send_waiting(at=AT + timedelta(days=7)).dropped == 1
    assert "minh@vpcp.example" not in dict(sent())


def test_each_person_chooses_day_hour_and_kinds(world: World) -> None:
    operations.prefer(
        actor=world.actor("lan"), at=AT, choices={Kind.OVERDUE: Choice.APPLICATION},
        digest=operations.Digest(weekday=3, hour=16), quiet_from=time(0), quiet_to=time(0),
    )  # fmt: skip
    due_in(world, -8)
    reviewed()
    operations.queue_digests(at=AT)
    operations.send_waiting(at=AT)
    assert "lan@btp.example" not in dict(sent())
    thursday = datetime.combine(TODAY + timedelta(days=3), time(9, 5), AT.tzinfo)
    operations.queue_digests(at=thursday)
    operations.send_waiting(at=thursday)
    assert "lan@btp.example" in dict(sent())


def test_whoever_has_to_see_to_a_silent_feed_gets_mail_once_unless_it_speaks_again(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.FEEDS_FOLDER = tmp_path
    settings.BASE_URL = "https://nq57.example"
    User.objects.filter(username="quan").update(email="quan@vptw.example")
    feed = load_dossiers(world)
    land(world, feed, [dossier()], at=AT - timedelta(hours=7))
    assert operations.mail_silence(noted_at=AT) == 0
    note_silence(actor=world.machine, at=AT)
    assert (operations.mail_silence(noted_at=AT), operations.mail_silence(noted_at=AT)) == (2, 0)
    assert operations.send_waiting(at=AT).sent == 2
    # Lan and Minh have addresses, too, and nothing to do with feeds.
    subject = "[Thước Đo] Nguồn dữ liệu ngừng gửi: Hồ sơ dịch vụ công"
    assert sent() == [("quan@vptw.example", subject), ("thu@vptw.example", subject)]
    assert "https://nq57.example/nguon-du-lieu/dossiers/" in mail.outbox[0].body
    assert "lô cuối cùng nhận lúc 02:00 14/09/2026, quá thời gian cho phép từ 08:00 14/09/2026" in mail.outbox[0].body
    # The next silence ends before its mail goes out.
    land(world, feed, [dossier("HN-2")], at=AT)
    note_silence(actor=world.machine, at=AT + timedelta(hours=7))
    assert operations.mail_silence(noted_at=AT + timedelta(hours=7)) == 2
    land(world, feed, [dossier("HN-3")], at=AT + timedelta(hours=7))
    assert operations.send_waiting(at=AT + timedelta(hours=7)).dropped == 2
