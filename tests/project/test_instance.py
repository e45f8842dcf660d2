"""An instance keeps its state in one folder: its key is its own, uploads lie under their digest."""

import hashlib
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from thuocdo.project import translations
from thuocdo.project.environment import Environment
from thuocdo.project.statics import collected
from thuocdo.project.storage import ContentAddressed


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = Environment(thuocdo_home=tmp_path).secret_key()
    assert len(first) > 60
    assert Environment(thuocdo_home=tmp_path).secret_key() == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_the_database_is_a_file_at_home_unless_an_address_is_given(tmp_path: Path) -> None:
    assert Environment(thuocdo_home=tmp_path, database_url="").database_address() == (
        f"sqlite:///{tmp_path / 'thuocdo.sqlite3'}"
    )
    assert Environment(database_url="postgres://h/d").database_address() == "postgres://h/d"


@pytest.mark.parametrize("name", ["../../etc/passwd", "báo cáo.docx", "a/b"])
def test_uploads_lie_under_their_digest_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    store = ContentAddressed(location=tmp_path)
    digest = hashlib.sha256(b"content").hexdigest()
    saved = store.save(name, ContentFile(b"content"))
    assert saved == f"{digest[:2]}/{digest}"
    assert store.save("another name", ContentFile(b"content")) == saved
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"content"]


def test_many_writers_of_the_same_bytes_leave_one_whole_file(tmp_path: Path) -> None:
    store, content = ContentAddressed(location=tmp_path), b"x" * 200_000
    with ThreadPoolExecutor(8) as writers:
        names = set(writers.map(lambda _turn: store.save("f", ContentFile(content)), range(32)))
    assert len(names) == 1
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [content]


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half"
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        ContentAddressed(location=tmp_path).save("f", Broken(b"whole"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_every_sentence_has_its_english() -> None:
    assert translations.untranslated(translations.collect(), translations.stored()) == []


def test_a_sentence_in_code_or_template_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web" / "screen").mkdir(parents=True)
    (tmp_path / "code.py").write_text('x = gettext("Một")\ny = ngettext("%(n)d việc", "%(n)d việc", n)\n')
    (tmp_path / "web" / "screen" / "page.html").write_text(
        '<p>\n   {% translate "Hai" %}\n'
        " {% blocktranslate count n=n %}{{ n }} ba{% plural %}{{ n }} ba{% endblocktranslate %}"
    )
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    found = {message.id for message in translations.collect() if message.id}
    assert found == {"Một", "Hai", ("%(n)d việc", "%(n)d việc"), ("%(n)s ba", "%(n)s ba")}


def test_static_files_are_collected_once_per_release_and_compressed(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    folder = collected(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {folder.name}
    sheet = folder / "css" / "tokens.css"
    assert sheet.read_bytes() == (translations.PACKAGE / "web" / "static" / "css" / "tokens.css").read_bytes()
    assert (folder / "css" / "tokens.css.br").stat().st_size < sheet.stat().st_size
    first = folder.stat().st_ino
    assert collected(tmp_path).stat().st_ino == first
