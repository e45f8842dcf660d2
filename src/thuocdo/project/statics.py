"""Static files as a server gives them out: copied once per release, compressed, never changed afterwards."""

import hashlib
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from servestatic.compress import Compressor


def serve_collected() -> None:
    """Let the server that starts now give out the collected files instead of looking for them in the packages."""
    settings.STATIC_ROOT = collected(settings.ENVIRONMENT.home / "static")
    settings.SERVESTATIC_USE_FINDERS = False
    settings.SERVESTATIC_USE_STATIC_ROOT = True


def collected(parent: Path) -> Path:
    """The folder of this release's files below `parent`, made when missing; folders of other releases go.

    The folder is built aside and moved into place whole: of two servers that start at once, one wins.
    """
    sources = _sources()
    folder = parent / _stamp(sources)
    if not folder.is_dir():
        parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=parent, prefix="draft-"))
        compressor = Compressor(quiet=True)
        for name, source in sources.items():
            target = draft / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            if compressor.should_compress(name):
                compressor.compress(target)
        draft.chmod(0o755)
        with suppress(OSError):
            draft.rename(folder)
    for other in parent.iterdir():
        if other != folder and not other.name.startswith("draft-"):
            shutil.rmtree(other, ignore_errors=True) if other.is_dir() else other.unlink(missing_ok=True)
    return folder


def _sources() -> dict[str, Path]:
    """Every static file by its name in the address; of two with one name, the first finder's counts."""
    found: dict[str, Path] = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.setdefault(name, Path(storage.path(name)))
    return found


def _stamp(sources: dict[str, Path]) -> str:
    """A name for exactly these files: their names, sizes and times of change."""
    told = "\n".join(
        f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}" for name, path in sorted(sources.items())
    )
    return hashlib.sha256(told.encode()).hexdigest()[:16]
