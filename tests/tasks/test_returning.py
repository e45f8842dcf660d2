"""One thing is returned: only that is open, the rest stays as submitted, and what changed is shown."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.tasks.samples import evidence, picture_file, submitted, taken_on, word_file
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.tasks.models import Evidence, FieldValue, Product, ReturnedPoint, Task
from thuocdo.tasks.operations import (
    Answer,
    ConflictOfInterest,
    Point,
    TaskRefused,
    Upload,
    answer_points,
    approve_result,
    recall_point,
    return_points,
    submit,
)
from thuocdo.tasks.operations.fields import define_field, fill_field
from thuocdo.tasks.queries import differences, open_points, times_returned, with_times_returned

LATER = NOW + timedelta(days=1)


def two_files(world: World) -> Task:
    task = taken_on(world)
    files = [evidence(), Upload("anh.jpg", picture_file(1))]
    submit(actor=world.actor("lan"), at=NOW, task=task, text="Đã ban hành 40 văn bản", files=files)
    return Task.objects.get(pk=task.pk)


def give_back(world: World, task: Task, *points: Point, person: str = "minh") -> list[ReturnedPoint]:
    return_points(actor=world.actor(person), at=NOW, task=task, points=points)
    return list(open_points(task))


def photo_of(task: Task) -> Evidence:
    return Evidence.objects.get(report__task=task, media_type="image/jpeg")


def test_a_file_and_the_text_are_returned_answered_and_the_differences_shown(world: World) -> None:
    task = two_files(world)
    old = photo_of(task)
    text, file = give_back(
        world, task, Point("text", "Số văn bản không khớp"), Point("file", "Ảnh mờ, chụp lại", old.pk)
    )
    assert Task.objects.get(pk=task.pk).state == "returned"
    with pytest.raises(TaskRefused) as refused:
        submit(actor=world.actor("lan"), at=LATER, task=task, text="Viết lại hết", files=[evidence()])
    assert refused.value.code == "points_open"
    answers = {
        text.pk: Answer("Đã ban hành 45 văn bản"),
        file.pk: Answer("", [Upload("ro.jpg", picture_file(2))]),
    }
    answer_points(actor=world.actor("lan"), at=LATER, task=task, answers=answers)
    assert Task.objects.get(pk=task.pk).state == "submitted"
    found = differences(task)
    assert found is not None
    assert [change for change in found.text if change.kind != "same"] == [("removed", "40"), ("added", "45")]
    assert [(before.name, after.name) for before, after in found.replaced] == [("anh.jpg", "ro.jpg")]
    assert [kept.name for kept in found.unchanged] == ["danh-muc.docx"]
    assert (found.added, found.unchanged[0].added_at) == ([], NOW)
    approve_result(actor=world.actor("minh"), at=LATER, task=task)
    assert not open_points(task).exists()


def test_what_was_not_returned_cannot_be_changed(world: World) -> None:
    task = two_files(world)
    (file,) = give_back(world, task, Point("file", "Ảnh mờ", photo_of(task).pk))
    lan = world.actor("lan")
    with pytest.raises(TaskRefused) as refused:
        answer_points(actor=lan, at=LATER, task=task, answers={file.pk + 1: Answer("Nhân tiện sửa")})
    assert refused.value.code == "not_returned"
    new = [Upload("ro.jpg", picture_file(2))]
    report = answer_points(actor=lan, at=LATER, task=task, answers={file.pk: Answer("Xin lỗi", new)})
    assert report.text == "Đã ban hành 40 văn bản"
    found = differences(task)
    assert found is not None
    assert not found.has_new_text
    assert found.points[0].answer == "Xin lỗi"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(), "one_file"),
        (Answer("", [Upload("a.jpg", picture_file(1))]), "same_file"),
        (Answer("", [Upload("a.jpg", picture_file(2)), Upload("b.jpg", picture_file(3))]), "one_file"),
    ],
)
def test_a_returned_file_needs_one_other_file(world: World, answer: Answer, code: str) -> None:
    task = two_files(world)
    (file,) = give_back(world, task, Point("file", "Ảnh mờ", photo_of(task).pk))
    with pytest.raises(TaskRefused) as refused:
        answer_points(actor=world.actor("lan"), at=LATER, task=task, answers={file.pk: answer})
    assert (refused.value.code, refused.value.field) == (code, f"files-{file.pk}")
    assert Task.objects.get(pk=task.pk).state == "returned"


def test_a_returned_text_must_change_and_a_product_needs_words_or_a_file(world: World) -> None:
    task = two_files(world)
    product = Product.objects.create(task=task, position=1, name="Phụ lục")
    text, shown = give_back(world, task, Point("text", "Chưa rõ"), Point("product", "Thiếu phụ lục", product.pk))
    with pytest.raises(TaskRefused) as same:
        answer_points(
            actor=world.actor("lan"), at=LATER, task=task, answers={text.pk: Answer("Đã ban hành 40 văn bản")}
        )
    with pytest.raises(TaskRefused) as bare:
        answer_points(actor=world.actor("lan"), at=LATER, task=task, answers={text.pk: Answer("Đã rõ")})
    assert (same.value.code, bare.value.code) == ("not_changed", "no_answer")
    file = Upload("phu-luc.docx", word_file("Phụ lục"))
    answers = {text.pk: Answer("Đã rõ"), shown.pk: Answer("", [file])}
    report = answer_points(actor=world.actor("lan"), at=LATER, task=task, answers=answers)
    assert list(report.evidence.get(name="phu-luc.docx").products.all()) == [product]
    found = differences(task)
    assert found is not None
    assert [added.name for added in found.added] == ["phu-luc.docx"]


def test_a_point_is_taken_back_before_anybody_acted_and_with_the_last_one_the_result_waits_again(
    world: World,
) -> None:
    task = two_files(world)
    text, file = give_back(world, task, Point("text", "Chưa rõ"), Point("file", "Ảnh mờ", photo_of(task).pk))
    minh = world.actor("minh")
    with pytest.raises(NotAllowed):
        recall_point(actor=world.actor("an"), at=LATER, point=text)
    assert recall_point(actor=minh, at=LATER, point=text).state == "returned"
    assert times_returned(task) == 1
    assert recall_point(actor=minh, at=LATER, point=file).state == "submitted"
    assert times_returned(task) == 0
    assert with_times_returned(Task.objects.filter(pk=task.pk)).get().times_returned == 0  # type: ignore[attr-defined]


def test_after_an_answer_nothing_is_taken_back(world: World) -> None:
    task = two_files(world)
    (text,) = give_back(world, task, Point("text", "Chưa rõ"))
    answer_points(actor=world.actor("lan"), at=LATER, task=task, answers={text.pk: Answer("Đã rõ")})
    with pytest.raises(TaskRefused):
        recall_point(actor=world.actor("minh"), at=LATER, point=text)
    assert times_returned(task) == 1


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([], "no_points"),
        ([Point("text", " ")], "empty"),
        ([Point("text", "á" * 5_001)], "too_long"),
        ([Point("file", "Thiếu", 0)], "part_unknown"),
        ([Point("product", "Thiếu", 77)], "part_unknown"),
        ([Point("field", "Sai", 77)], "part_unknown"),
        ([Point("rumour", "Sai")], "part_unknown"),
    ],
)
def test_what_cannot_be_returned_is_named(world: World, points: list[Point], code: str) -> None:
    task = submitted(world)
    with pytest.raises(TaskRefused) as refused:
        give_back(world, task, *points)
    assert refused.value.code == code
    assert Task.objects.get(pk=task.pk).state == "submitted"


def test_nobody_returns_their_own_result(world: World) -> None:
    task = submitted(world)
    with pytest.raises((NotAllowed, ConflictOfInterest)):
        give_back(world, task, Point("text", "Tự trả"), person="lan")
    with pytest.raises(NotAllowed):
        give_back(world, task, Point("text", "Người ngoài"), person="an")


def test_the_value_of_an_own_field_is_returned_and_the_answer_becomes_the_value(world: World) -> None:
    task = submitted(world)
    thu = world.actor("thu")
    field = define_field(actor=thu, at=NOW, body=world.body("TW"), label="Số hộ", kind="number", unit="hộ")
    fill_field(actor=world.actor("lan"), at=NOW, field=field, tasks=[task], typed="1.250")
    (point,) = give_back(world, task, Point("field", "Khác số của địa phương", field.pk))
    lan = world.actor("lan")
    proof = Upload("bang-ke.jpg", picture_file(3))
    for answer, code in (
        (Answer("nhiều"), "number"),
        (Answer("1250"), "not_changed"),
        (Answer("", [proof]), "no_answer"),
    ):
        with pytest.raises(TaskRefused) as refused:
            answer_points(actor=lan, at=LATER, task=task, answers={point.pk: answer})
        assert (refused.value.code, refused.value.field) == (code, f"text-{point.pk}")
    answer_points(actor=lan, at=LATER, task=task, answers={point.pk: Answer("1.300,5")})
    value = FieldValue.objects.get(field=field, task=task)
    assert (value.number, value.by_label, value.at) == (Decimal("1300.5"), lan.label, LATER)
    found = differences(task)
    assert found is not None
    assert [one.answer for one in found.points] == ["1.300,5"]
    # A value that is right stays with its proof.
    (again,) = give_back(world, task, Point("field", "Vẫn lạ", field.pk))
    answer_points(actor=lan, at=LATER, task=task, answers={again.pk: Answer("1300,5", [proof])})
    assert FieldValue.objects.get(field=field, task=task).number == Decimal("1300.5")
    assert Task.objects.get(pk=task.pk).state == "submitted"
