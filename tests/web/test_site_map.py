"""Every address of the site map, opened by every person: each to whom it belongs, nobody to an error."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.directives.samples import NOTICE
from tests.meetings.scenes import planned
from tests.tasks.samples import evidence, given
from tests.world import NOW, World
from thuocdo.directives.jobs import extract
from thuocdo.directives.operations import receive
from thuocdo.indicators.models import Indicator
from thuocdo.ledger.queries import newest_number
from thuocdo.project.packs.loading import load_pack
from thuocdo.project.packs.reading import open_pack
from thuocdo.tasks.models import Evidence, Task
from thuocdo.tasks.operations import accept_assignment, report_progress

PEOPLE = ["thu", "lan", "dung", "minh", "son", "thanh", "hoa", "quan", "ha", "an", "binh"]
SIGNED_IN = set(PEOPLE)
EVERYBODY = {"", *PEOPLE}

# Who gets an answer with content (200); whoever is not named is sent to sign in, refused, or told of nothing.
WHO_OPENS: dict[str, set[str]] = {
    "home": EVERYBODY,
    "public_tasks": EVERYBODY,
    "bodies": EVERYBODY,
    "body": EVERYBODY,
    "method": EVERYBODY,
    "method_versions": EVERYBODY,
    "method_diff": EVERYBODY,
    "method_draft_new": {"quan"},
    "method_structure": {"quan"},
    # A citizen with an account and no role sees what the public sees.
    "overview": SIGNED_IN - {"binh"},
    "rankings": SIGNED_IN - {"binh"},
    "heads": {"thu", "dung", "thanh"},
    "ranking_restated": SIGNED_IN - {"binh"},
    # Before the first run it says what is missing; its part and its file have nothing to give.
    "what_if": SIGNED_IN - {"binh"},
    "signals": {"thu", "minh", "son", "thanh"},
    "findings": {"thu", "minh", "son", "thanh", "lan", "dung", "ha", "an"},
    "samples": {"thu", "minh", "son", "thanh"},
    "my_work": SIGNED_IN,
    "tasks": SIGNED_IN - {"binh", "hoa", "quan"},
    "task": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "evidence": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "evidence_view": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "task_evidence": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "task_evidence_part": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "task_remarks": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "task_remarks_part": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "task_remarks_list": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "task_planning": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "tasks_waiting": SIGNED_IN - {"binh", "hoa", "quan"},
    "tasks_clarity": SIGNED_IN - {"binh", "hoa", "quan"},
    "programmes": SIGNED_IN - {"binh", "hoa", "quan"},
    "task_new": {"thu", "lan", "dung", "ha", "an"},
    "task_board": SIGNED_IN - {"binh", "hoa", "quan"},
    "task_timeline": SIGNED_IN - {"binh", "hoa", "quan"},
    "task_calendar": SIGNED_IN - {"binh", "hoa", "quan"},
    "body_tasks": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "body_fields": {"thu", "quan"},
    "notices": SIGNED_IN,
    "notice_settings": SIGNED_IN,
    "my_calendar": SIGNED_IN,
    "my_calendar_file": SIGNED_IN,
    # Without the right secret there is nothing.
    "calendar_feed": set(),
    "ladder": SIGNED_IN - {"binh", "hoa", "quan"},
    "urgings": SIGNED_IN - {"binh", "hoa", "quan"},
    "urging_new": {"thu", "dung"},
    "meetings": SIGNED_IN - {"binh", "hoa", "quan"},
    "meeting_new": {"thu"},
    "meeting_edit": {"thu"},
    # A meeting to which the Ministry of Justice comes; the pack shows each what is theirs.
    "meeting": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "meeting_pack": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "tasks_import": {"thu", "lan", "ha", "an"},
    "mappings": {"thu", "lan", "ha", "an", "quan"},
    "task_identifiers": {"thu", "lan"},
    "burden": SIGNED_IN - {"binh", "hoa", "quan"},
    "burden_body": {"thu", "lan", "dung", "minh", "son", "thanh"},
    "directive": {"thu", "minh", "thanh"},
    "directive_file": {"thu", "minh", "thanh"},
    "directive_add": {"thu"},
    "indicator_definition": SIGNED_IN - {"binh"},
    "indicator_orphans": SIGNED_IN - {"binh", "quan"},
    "indicator_orphans_file": SIGNED_IN - {"binh", "quan"},
    "indicator_path": {"thu", "quan"},
    "own_indicator_new": {"thu", "lan", "ha", "an"},
    "quality": {"thu", "lan", "dung", "minh", "son", "thanh", "hoa", "ha", "an"},
    "body_quality": {"thu", "lan", "dung", "minh", "son", "thanh", "hoa"},
    "feeds": {"thu", "thanh", "hoa", "quan"},
    "feed": {"thu", "thanh", "hoa", "quan"},
    "ledger": {"thu", "thanh", "hoa", "quan"},
    "ledger_entry": {"thu", "thanh", "hoa", "quan"},
    "data_arrival": EVERYBODY,
    "figures_waiting": {"thu", "lan", "dung", "ha", "an"},
    "administration": {"quan"},
    "partners": {"thu", "lan", "ha", "an", "quan"},
    "receivers": {"thu", "lan", "ha", "an", "quan"},
}


@dataclass(frozen=True)
class Scene:
    """Something of every kind to open: a document of the standing office, a task of the Ministry of Justice."""

    keys: dict[str, object]


@pytest.fixture
def scene(world: World) -> Scene:
    load_pack(actor=world.machine, at=NOW, pack=open_pack("nq57"), communes=())
    document = receive(actor=world.actor("thu"), at=NOW, data=NOTICE.encode(), file_name="thong-bao.txt")
    extract.call(newest_number())
    task = given(world, "BTP")
    lan = world.actor("lan")
    accept_assignment(actor=lan, at=NOW, task=task)
    report_progress(actor=lan, at=NOW, task=task, text="Đang làm", progress=40, files=[evidence()])
    candidate = document.candidates.order_by("start").first()
    assert candidate is not None
    return Scene(
        {
            "document": document.pk,
            "candidate": candidate.pk,
            "task": Task.objects.get(pk=task.pk).code,
            "evidence": Evidence.objects.get().pk,
            "body": "BTP",
            "indicator": Indicator.objects.order_by("code").first().code,  # type: ignore[union-attr]
            "entry": 1,
            "meeting": planned(world).pk,
        }
    )


def addresses(keys: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every named address of the pages, with something that exists in every place of it."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            else:
                yield pattern

    fillings = {
        "candidate": keys["candidate"], "ending": "csv", "word": "bao-cao", "part": "discipline", "ledger": 1,
        "key": 0, "uidb36": "x", "code": None, "number": None, "user": 1, "holding": 1,
        "feed": "dossiers",
    }  # fmt: skip
    for pattern in walk(get_resolver("thuocdo.web.urls").url_patterns):
        if not pattern.name:
            continue
        wanted = pattern.pattern.converters
        given = {name: fillings.get(name, 1) for name in wanted}
        room = str(pattern.pattern).split("/")[0]
        if "code" in wanted:
            given["code"] = {"nhiem-vu": keys["task"], "chi-so": keys["indicator"]}.get(room, keys["body"])
        if "number" in wanted:
            by_name = {"evidence": keys["evidence"], "evidence_view": keys["evidence"], "ledger_entry": 1}
            of_room = {"van-ban": keys["document"], "cuoc-hop": keys["meeting"]}
            given["number"] = by_name.get(pattern.name, of_room.get(room, 1))
        yield pattern.name, reverse(pattern.name, kwargs=given)


@pytest.mark.parametrize("person", ["", *PEOPLE])
def test_every_address_answers_everybody_properly(world: World, scene: Scene, person: str) -> None:
    client = Client()
    if person:
        client.force_login(world.people[person])
    opened = set()
    for name, address in addresses(scene.keys):
        if name in {"live", "style_live"}:
            continue
        answer = client.get(address)
        assert answer.status_code in {200, 204, 301, 302, 403, 404, 405, 422}, f"{name} {address}: {answer.status_code}"
        if answer.status_code == 200:
            opened.add(name)
    for name, people in WHO_OPENS.items():
        assert (name in opened) == (person in people), f"{name} for {person or 'the public'}"


def test_the_table_names_addresses_that_exist(world: World, scene: Scene) -> None:
    assert set(WHO_OPENS) <= {name for name, _ in addresses(scene.keys)}
