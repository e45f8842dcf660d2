"""What people say about a task: remarks that name others, seen by whoever sees the task and by nobody else."""

from datetime import timedelta

import pytest

from tests.tasks.samples import given, submitted
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.queries import entries
from thuocdo.tasks.models import Comment, Task
from thuocdo.tasks.operations import TaskRefused, assign, draft, read_mentions, remark, withdraw_remark
from thuocdo.tasks.queries import mentions, people_who_see, remarks, visible_to

from .samples import description


def say(world: World, person: str, task: Task, text: str = "Đề nghị làm rõ", *named: str) -> Comment:
    people = [world.people[name].pk for name in named]
    return remark(actor=world.actor(person), at=NOW, task=task, text=text, people=people)


def test_a_remark_names_a_person_who_finds_it_and_has_read_it_once_opened(world: World) -> None:
    task = submitted(world)
    said = say(world, "minh", task, "@Trần Thị Lan thiếu phụ lục 🙏 <script>alert(1)</script>", "lan")
    found = mentions(world.actor("lan")).get()
    assert (found.comment, found.comment.author.username, found.read_at) == (said, "minh", None)
    entry = entries().first()
    assert entry is not None
    assert (entry.event, entry.subject) == ("tasks.remark.added", task.label)
    assert "phụ lục" not in entry.data
    assert str(world.people["lan"].pk) in entry.data
    assert not mentions(world.actor("minh")).exists()
    assert read_mentions(actor=world.actor("lan"), at=NOW, task=task) == 1
    assert read_mentions(actor=world.actor("lan"), at=NOW + timedelta(1), task=task) == 0
    assert not mentions(world.actor("lan"), unread=True).exists()
    assert mentions(world.actor("lan")).get().read_at == NOW


def test_a_sign_in_name_behind_the_sign_names_a_person_and_a_mailbox_does_not(world: World) -> None:
    task = submitted(world)
    said = say(world, "thu", task, "@lan, gửi về hop-thu@an.gov.vn trước thứ Sáu.")
    assert [named.person.username for named in said.mentions.all()] == ["lan"]


@pytest.mark.parametrize("text", ["@an xem giúp", "@khong-co-ai xem giúp"])
def test_nobody_is_named_who_may_not_see_the_task(world: World, text: str) -> None:
    task = submitted(world)
    with pytest.raises(TaskRefused, match="không có tên đăng nhập") as written:
        say(world, "thu", task, text)
    with pytest.raises(TaskRefused, match="chỉ chọn trong danh sách") as chosen:
        say(world, "thu", task, "Xem giúp", "an")
    assert {written.value.code, chosen.value.code} == {"cannot_see"}
    assert not Comment.objects.exists()


def test_only_whoever_sees_the_task_speaks_and_the_inspector_reads_in_silence(world: World) -> None:
    task = submitted(world)
    for person in ("an", "ha", "thanh", "hoa", "binh"):
        with pytest.raises(NotAllowed):
            say(world, person, task)


def test_a_remark_takes_ten_thousand_characters_and_not_one_more_nor_none(world: World) -> None:
    task = submitted(world)
    assert len(say(world, "lan", task, "á" * 10_000).text) == 10_000
    for text, code in (("á" * 10_001, "too_long"), (" \n", "empty")):
        with pytest.raises(TaskRefused) as refused:
            say(world, "lan", task, text)
        assert (refused.value.code, refused.value.field) == (code, "text")


def test_an_author_withdraws_the_words_and_nobody_else_does(world: World) -> None:
    task = submitted(world)
    said = say(world, "minh", task, "Viết nhầm chỗ", "lan")
    with pytest.raises(NotAllowed):
        withdraw_remark(actor=world.actor("lan"), at=NOW, comment=said)
    withdraw_remark(actor=world.actor("minh"), at=NOW, comment=said)
    withdraw_remark(actor=world.actor("minh"), at=NOW + timedelta(1), comment=said)
    kept = remarks(task).get()
    assert (kept.text, kept.withdrawn_at) == ("", NOW)
    assert not mentions(world.actor("lan")).exists()


def test_whoever_may_be_named_is_exactly_whoever_sees_the_task(world: World) -> None:
    tasks = [
        given(world),
        given(world, "00004"),
        assign(actor=world.actor("thu"), at=NOW, task=description(world.body("BYT"), coordinators=[world.body("48")])),
        draft(actor=world.actor("thu"), at=NOW, task=description(world.body("BTP"))),
        # The body that accepts the result sees the task as well.
        given(world, accepting_body=world.body("48")),
    ]
    for task in tasks:
        seeing = {name for name in world.people if visible_to(world.actor(name)).contains(task)}
        assert {person.username for person in people_who_see(task, on=TODAY)} == seeing
    assert "an" in seeing


def test_whoever_loses_the_right_to_see_a_task_loses_the_mentions_with_it(world: World) -> None:
    task = submitted(world)
    say(world, "thu", task, "Xin ý kiến", "minh")
    world.people["minh"].holdings.all().delete()
    assert not mentions(world.actor("minh")).exists()
    assert "minh" not in {person.username for person in people_who_see(task, on=TODAY)}
