"""The command itself: what may be asked, where things go wrong, and the exit status."""

from collections.abc import Mapping
from pathlib import Path

import click

from thuocdo.cli.score.folders import FolderRefused, check_target, read_folder, write_folder
from thuocdo.cli.score.progress import Progress
from thuocdo.cli.score.report import report_page
from thuocdo.cli.score.wording import Words
from thuocdo.engine.scoring import ScoringError, SpecError
from thuocdo.engine.scoring.pipeline import ENGINE_VERSION
from thuocdo.engine.scoring.run.data import MAX_BYTES
from thuocdo.engine.scoring.run.problems import DataError, DataProblem
from thuocdo.engine.scoring.run.recipe import DATA, RECIPE, SPEC, Options, make_recipe, write_recipe
from thuocdo.engine.scoring.run.results import Results, Tell, compute_results, silence, table_files
from thuocdo.engine.scoring.run.verify import Unreadable, verify_run

REPORT = "report.html"


@click.command(
    name="score",
    help=(
        "Tính điểm và xếp hạng từ tệp phương pháp SPEC.toml và bảng số liệu DATA.csv, ghi kết quả vào thư mục DIR; "
        "hoặc kiểm tra lại một thư mục kết quả (--verify DIR). Không cần cơ sở dữ liệu."
    ),
)
@click.argument("spec", metavar="SPEC.toml", required=False, type=click.Path(path_type=Path))
@click.argument("data", metavar="DATA.csv", required=False, type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Thư mục ghi kết quả.")
@click.option(
    "--replicates",
    metavar="N",
    type=click.IntRange(1, 1_000_000),
    help="Số lần tính thử để có khoảng thứ hạng (intervals.csv).",
)
@click.option(
    "--seed", metavar="S", type=click.IntRange(0, 2**53 - 1), default=1, show_default=True, help="Mầm ngẫu nhiên."
)
@click.option(
    "--sensitivity", is_flag=True, help="Phân tích độ nhạy: yếu tố nào quyết định thứ hạng (sensitivity.csv)."
)
@click.option("--jobs", metavar="J", type=click.IntRange(1, 256), default=1, show_default=True, help="Số tiến trình.")
@click.option(
    "--verify", metavar="DIR", type=click.Path(path_type=Path), help="Tính lại một thư mục kết quả và so sánh."
)
@click.option(
    "--language",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    help="Ngôn ngữ của báo cáo và thông báo.",
)
def score(
    spec: Path | None,
    data: Path | None,
    out: Path | None,
    replicates: int | None,
    seed: int,
    sensitivity: bool,
    jobs: int,
    verify: Path | None,
    language: str,
) -> None:
    """Score a table (exit status 0, or 2 with one line per error) or verify a folder (0 equal, 1 different, 2)."""
    words = Words(language)
    if verify is not None:
        if spec is not None or out is not None or replicates is not None or sensitivity:
            raise click.UsageError(words.say("verify_alone"))
        raise SystemExit(_verify(verify, words, jobs))
    if spec is None or data is None or out is None:
        raise click.UsageError(words.say("inputs_missing"))
    options = Options(replicates=replicates or 0, seed=seed, sensitivity=sensitivity, language=language)
    raise SystemExit(_score(spec, data, out, options, words, jobs))


def run_files(
    spec: bytes, data: bytes, options: Options, *, jobs: int = 1, tell: Tell = silence
) -> Mapping[str, bytes]:
    """Every file of a run by name, the kept inputs, the report and the recipe among them.

    Raises `SpecError`, `DataError` or `ScoringError`. The same inputs give the same bytes, whatever `jobs`.
    """
    return _run(spec, data, options, jobs, tell)[1]


def _run(spec: bytes, data: bytes, options: Options, jobs: int, tell: Tell) -> tuple[Results, Mapping[str, bytes]]:
    results = compute_results(spec, data, options, jobs=jobs, tell=tell)
    tell("write", 0.0)
    inputs = {SPEC: spec, DATA: data}
    outputs = {**table_files(results), REPORT: report_page(results)}
    recipe = make_recipe(ENGINE_VERSION, options, inputs, outputs, results.outcome.screened)
    return results, {**inputs, **outputs, RECIPE: write_recipe(recipe)}


def _score(spec: Path, data: Path, out: Path, options: Options, words: Words, jobs: int) -> int:
    contents: list[bytes] = []
    for path in (spec, data):
        try:
            if path.stat().st_size > MAX_BYTES:
                # Refused before it is read into memory.
                size = {"megabytes": -(-path.stat().st_size // 1_000_000), "limit": MAX_BYTES // 1_000_000}
                too_large = DataError([DataProblem("too_large", details=size)])
                return _refuse(*words.data_errors(path, too_large))
            contents.append(path.read_bytes())
        except OSError as error:
            return _refuse(f"{path}: {words.file_error(error)}")
    try:
        check_target(out)
        with Progress(words, options) as tell:
            results, files = _run(contents[0], contents[1], options, jobs, tell)
        write_folder(out, files)
    except SpecError as error:
        return _refuse(*words.spec_errors(spec, error))
    except DataError as error:
        return _refuse(*words.data_errors(data, error))
    except ScoringError as error:
        return _refuse(words.scoring_error(spec, data, error, contents[0].decode("utf-8-sig")))
    except FolderRefused as error:
        return _refuse(f"{out}: {words.say(error.code)}")
    except OSError as error:
        return _refuse(f"{out}: {words.file_error(error)}")
    except MemoryError:
        return _refuse(f"{data}: {words.say('memory')}")
    units, indicators = len(results.outcome.units), len(results.spec.indicators)
    click.echo(words.say("scored", units=units, indicators=indicators, folder=str(out)))
    for step in results.outcome.steps:
        if step.is_warning:
            click.echo(f"{words.say('note')}: {words.step(step)}")
    for sentence in words.failures(results):
        click.echo(f"{words.say('note')}: {sentence}")
    return 0


def _verify(folder: Path, words: Words, jobs: int) -> int:
    """Tell whether a folder is what its recipe gives; 0 equal, 1 different, 2 unreadable."""
    if not folder.is_dir():
        return _refuse(f"{folder}: {words.say('verify_no_folder')}")

    def again(spec: bytes, data: bytes, options: Options) -> Mapping[str, bytes]:
        with Progress(words, options) as tell:
            return run_files(spec, data, options, jobs=jobs, tell=tell)

    try:
        differences = verify_run(read_folder(folder), again)
    except OSError as error:
        return _refuse(f"{folder}: {words.file_error(error)}")
    except Unreadable as error:
        return _refuse(f"{folder}: {words.say(f'verify_{error.code}', detail=str(error))}")
    except (SpecError, DataError, ScoringError) as error:
        return _refuse(f"{folder}: {words.say('verify_not_scored', detail=str(error).splitlines()[0])}")
    for one in differences:
        click.echo(f"{folder / one.file}: {words.say(f'fault_{one.fault}', detail=one.detail)}", err=True)
    if differences:
        return 1
    click.echo(f"{folder}: {words.say('verify_equal')}")
    return 0


def _refuse(*lines: str) -> int:
    for line in lines:
        click.echo(line, err=True)
    return 2
