"""Reading a document in a process of its own, with little memory and little time, so that no file can harm the server.

Plain text is read here; Word and PDF files, which need large libraries and may be made to break them, are read by
`python -m thuocdo.directives.reading`, which takes the bytes on its standard input and answers in JSON.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict

from thuocdo.engine.extraction.reader import (
    TEXT,
    Passage,
    SourceText,
    UnreadableDocument,
    media_type_of,
    read,
)

SECONDS, MEMORY = 60, 1_000_000_000


def read_apart(data: bytes, *, max_bytes: int, seconds: int = SECONDS, memory: int = MEMORY) -> SourceText:
    """Return the text of a document; raises ``UnreadableDocument``, also when reading takes too long or too much."""
    if len(data) > max_bytes or media_type_of(data) in (TEXT, None):
        return read(data, max_bytes=max_bytes)
    command = [sys.executable, "-m", "thuocdo.directives.reading", str(max_bytes), str(seconds), str(memory)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        # No shell, and every word of the command is ours.
        answer = subprocess.run(
            command, input=data, capture_output=True, timeout=seconds + 10, check=False, env=environment
        )
        told = json.loads(answer.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        # Killed at its limits, or brought down by the file.
        raise UnreadableDocument("too_complex") from error
    if "code" in told:
        raise UnreadableDocument(told["code"], told["details"])
    return SourceText(
        told["text"],
        told["media_type"],
        told["encoding"],
        tuple(Passage(*passage) for passage in told["passages"]),
        tuple(told["notes"]),
        tuple(told["margins"]),
    )


def _answer(data: bytes, max_bytes: int) -> dict[str, object]:
    try:
        source = read(data, max_bytes=max_bytes)
    except UnreadableDocument as error:
        return {"code": error.code, "details": error.details}
    except MemoryError:
        return {"code": "too_complex", "details": {}}
    return {
        **{name: value for name, value in asdict(source).items() if name != "passages"},
        "passages": [[one.start, one.end, one.page, one.paragraph] for one in source.passages],
    }


def main(max_bytes: int, seconds: int, memory: int) -> None:
    """Read the document on standard input within the limits and write the answer to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), max_bytes)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
