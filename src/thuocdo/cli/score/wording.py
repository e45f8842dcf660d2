"""What the command says, in Vietnamese and English. Django's catalogue is not loaded here: it would need Django."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from thuocdo.cli.score.report.names import STEPS
from thuocdo.cli.score.report.phrases import Pair
from thuocdo.engine.scoring import ScoringError, SpecError, Step
from thuocdo.engine.scoring.run.problems import DataError, DataProblem
from thuocdo.engine.scoring.run.results import Results
from thuocdo.engine.scoring.spec.lines import key_lines, line_of, line_of_part
from thuocdo.scorecards.messages import translate

# Problems of a table: what is wrong; what to do.
DATA_PROBLEMS: Final[Mapping[str, tuple[Pair, Pair]]] = {
    "too_large": (
        ("tệp có {megabytes} MB, vượt giới hạn {limit} MB", "the file has {megabytes} MB, the limit is {limit} MB"),
        ("tách bảng, hoặc bỏ những cột không dùng", "split the table, or leave out columns that are not used"),
    ),
    "workbook": (
        ("đây là tệp bảng tính Excel", "this is an Excel workbook"),
        ("lưu lại dạng CSV UTF-8 (phân cách bằng dấu phẩy)", "save it as CSV UTF-8 (comma delimited)"),
    ),
    "empty": (
        ("tệp không có nội dung", "the file is empty"),
        ("chọn lại tệp có bảng số liệu", "choose the file with the table"),
    ),
    "not_utf8": (
        ("không phải văn bản UTF-8", "not UTF-8 text"),
        ("lưu lại tệp với bảng mã UTF-8", "save the file in UTF-8"),
    ),
    "broken_quotes": (
        (
            "dấu ngoặc kép không khép kín hoặc đặt sai ({reason})",
            "quotation marks are not closed or misplaced ({reason})",
        ),
        (
            'mở ô bằng ", khép bằng ", viết "" cho dấu ngoặc kép trong ô',
            'begin and end the cell with ", write "" for one inside',
        ),
    ),
    "separator": (
        (
            "các cột không phân cách bằng dấu phẩy ({separator})",
            "the columns are not separated by commas ({separator})",
        ),
        (
            "lưu lại dạng CSV phân cách bằng dấu phẩy, số thập phân viết dấu chấm",
            "save it as CSV with commas between columns and decimal points",
        ),
    ),
    "no_unit_column": (
        ("không có cột unit (tìm thấy: {found})", "there is no column unit (found: {found})"),
        ("đặt tên cột ghi đơn vị là unit", "name the column with the units unit"),
    ),
    "column_twice": (
        ("hai cột cùng tên", "two columns have this name"),
        ("giữ một cột hoặc đổi tên cột kia", "keep one or rename the other"),
    ),
    "code_reserved": (
        (
            "mã unit trong tệp phương pháp trùng với cột đơn vị",
            "the scorecard uses the code unit, which is the column of units",
        ),
        ("đổi mã đó trong tệp phương pháp", "choose another code in the scorecard"),
    ),
    "indicator_missing": (
        ("thiếu cột của chỉ số này", "the column of this indicator is missing"),
        ("thêm cột, hoặc bỏ chỉ số khỏi tệp phương pháp", "add the column, or take the indicator out of the scorecard"),
    ),
    "column_missing": (
        ("thiếu cột mà phương pháp cần ({use})", "a column the scorecard needs is missing ({use})"),
        ("thêm cột này", "add the column"),
    ),
    "no_rows": (
        ("bảng chỉ có dòng tiêu đề", "the table has a heading only"),
        ("mỗi đơn vị viết một dòng", "write one row for each unit"),
    ),
    "too_many_cells": (
        ("dòng có {found} ô, tiêu đề có {expected}", "the row has {found} cells, the heading {expected}"),
        (
            "ô có dấu phẩy phải đặt trong ngoặc kép; số thập phân viết dấu chấm",
            "put cells with a comma in quotation marks; write decimal points",
        ),
    ),
    "too_few_cells": (
        ("dòng có {found} ô, tiêu đề có {expected}", "the row has {found} cells, the heading {expected}"),
        (
            "thêm những ô còn thiếu, ô không có số liệu thì để trống",
            "add the missing cells, empty where there is no value",
        ),
    ),
    "unit_unnamed": (
        ("dòng không có tên đơn vị", "the row names no unit"),
        ("ghi tên đơn vị hoặc xóa dòng", "name the unit or delete the row"),
    ),
    "unit_twice": (
        ("“{unit}” đã có ở dòng {first}", "“{unit}” already stands in row {first}"),
        ("giữ một dòng cho mỗi đơn vị", "keep one row for each unit"),
    ),
    "label_missing": (
        ("ô nhóm để trống", "the group is empty"),
        ("ghi nhóm của đơn vị", "write the group of the unit"),
    ),
    "provenance_unknown": (
        ("không biết nguồn “{text}”", "the provenance “{text}” is not known"),
        ("dùng một trong: {known}; hoặc để trống", "use one of {known}; or leave it empty"),
    ),
    "column_empty": (
        ("cột không có số liệu nào", "the column has no value at all"),
        (
            "bổ sung số liệu, hoặc bỏ chỉ số khỏi tệp phương pháp",
            "fill it in, or take the indicator out of the scorecard",
        ),
    ),
    "no_value_word": (
        ("“{text}” không phải là số", "“{text}” is not a number"),
        (
            "thiếu số liệu thì để trống; không áp dụng thì viết không áp dụng",
            "leave it empty where the value is missing; write not applicable where it does not apply",
        ),
    ),
    "infinite": (
        ("“{text}” là vô hạn hoặc quá lớn", "“{text}” is infinite or too large"),
        (
            "sửa lại số, hoặc để trống nếu thiếu số liệu",
            "correct the number, or leave it empty if the value is missing",
        ),
    ),
    "percent": (
        ("“{text}” có dấu phần trăm", "“{text}” has a percent sign"),
        ("bỏ dấu %, giữ con số", "leave the sign out, keep the number"),
    ),
    "thousands": (
        ("“{text}” có dấu phân cách hàng nghìn", "“{text}” has thousands separators"),
        (
            "viết số liền nhau, thập phân là dấu chấm: 1234.5",
            "write the number without them and with a decimal point: 1234.5",
        ),
    ),
    "decimal_comma": (
        ("“{text}” dùng dấu phẩy thập phân", "“{text}” has a decimal comma"),
        ("viết dấu chấm thập phân: 12.5", "write a decimal point: 12.5"),
    ),
    "not_a_number": (
        ("“{text}” không phải là số", "“{text}” is not a number"),
        (
            "viết số với dấu chấm thập phân, hoặc để trống nếu thiếu số liệu",
            "write a number with a decimal point, or leave it empty if the value is missing",
        ),
    ),
}

# Values that cannot be scored where the table is to be mended, and not the scorecard.
OF_THE_DATA: Final = frozenset({"value_infinite", "column_type", "peer_group_unknown"})

SENTENCES: Final[Mapping[str, Pair]] = {
    "inputs_missing": (
        "Cần SPEC.toml, DATA.csv và --out DIR; hoặc --verify DIR.",
        "SPEC.toml, DATA.csv and --out DIR are needed; or --verify DIR.",
    ),
    "verify_alone": (
        "--verify DIR không đi cùng tệp hay lựa chọn tính điểm.",
        "--verify DIR takes no files and no options of scoring.",
    ),
    "row": ("dòng {row}", "row {row}"),
    "line": ("dòng {line}", "line {line}"),
    "column": ("cột {column}", "column {column}"),
    "close": ("có phải là {close}?", "did you mean {close}?"),
    "more": (
        "còn {count} lỗi nữa; sửa những lỗi trên rồi chạy lại",
        "{count} more errors; mend those above and run again",
    ),
    "not_found": ("không tìm thấy tệp; kiểm tra lại đường dẫn", "there is no such file; check the path"),
    "is_folder": ("đây là thư mục; chỉ rõ tên tệp", "this is a folder; name the file"),
    "no_permission": ("không có quyền; kiểm tra quyền truy cập", "permission denied; check the rights"),
    "no_space": ("hết chỗ trên đĩa; giải phóng dung lượng rồi chạy lại", "the disk is full; make room and run again"),
    "not_opened": ("không mở được ({reason}); kiểm tra lại", "cannot be opened ({reason}); check it"),
    "memory": ("không đủ bộ nhớ; tách bảng thành nhiều phần", "not enough memory; split the table"),
    "out_not_folder": ("không phải thư mục; chọn thư mục khác", "is not a folder; choose another one"),
    "out_not_ours": (
        "thư mục có tệp khác, không phải kết quả của lần tính trước; chọn thư mục trống hoặc chưa có",
        "holds other things than the results of an earlier run; choose an empty or a new folder",
    ),
    "scored": (
        "{units} đơn vị, {indicators} chỉ số; kết quả: {folder}",
        "{units} units, {indicators} indicators; results: {folder}",
    ),
    "note": ("lưu ý", "note"),
    "failed_replicates": (
        "{count} lần tính thử không cho kết quả nên không tính vào khoảng thứ hạng: {reason}",
        "{count} replicates gave no ranking and take no part in the intervals: {reason}",
    ),
    "failed_samples": (
        "{count} lần tính để phân tích độ nhạy không cho kết quả; bỏ {dropped} mẫu: {reason}",
        "{count} runs of the sensitivity analysis gave no ranking, {dropped} samples are left out: {reason}",
    ),
    "nothing_varies": (
        "không có gì thay đổi nên sensitivity.csv để trống; nêu trọng số, phương án hoặc sai số trong [uncertainty]",
        "nothing varies, so that sensitivity.csv has no rows; state weights, alternatives or errors in [uncertainty]",
    ),
    "stage_read": ("Đọc số liệu", "Reading"),
    "stage_score": ("Tính điểm", "Scoring"),
    "stage_replicates": ("Tính thử", "Replicates"),
    "stage_sensitivity": ("Phân tích độ nhạy", "Sensitivity"),
    "stage_explain": ("Phân tích đóng góp và cấu trúc", "Contributions and structure"),
    "stage_write": ("Ghi kết quả", "Writing"),
    "verify_no_folder": ("không phải thư mục; chỉ thư mục kết quả", "is not a folder; name the folder of a run"),
    "verify_no_recipe": (
        "không có recipe.json; đây không phải thư mục kết quả",
        "has no recipe.json; this is no folder of a run",
    ),
    "verify_recipe_invalid": (
        "không đọc được recipe.json: {detail}; lấy lại thư mục gốc",
        "recipe.json cannot be read: it {detail}; fetch the original folder",
    ),
    "verify_input_missing": (
        "thiếu {detail}, không tính lại được; lấy lại thư mục gốc",
        "{detail} is missing, so that nothing can be recomputed; fetch the original folder",
    ),
    "verify_not_scored": (
        "không tính lại được từ đầu vào đã giữ: {detail}; kiểm tra phiên bản chương trình",
        "the kept inputs cannot be scored: {detail}; check the version of the program",
    ),
    "verify_equal": (
        "khớp từng byte với công thức và số liệu đã giữ",
        "equal, byte for byte, to what its recipe and its inputs give",
    ),
    "fault_missing": ("thiếu tệp này", "this file is missing"),
    "fault_added": ("tệp này không thuộc kết quả", "this file does not belong to the run"),
    "fault_changed": ("đã bị thay đổi", "was changed"),
    "fault_other_result": ("tính lại cho kết quả khác", "computing again gives something else"),
    "fault_other_engine": (
        "tính bằng phiên bản khác của bộ tính ({detail})",
        "was computed by another version of the engine ({detail})",
    ),
    "fault_not_computed": ("tính lại không tạo ra tệp này", "computing again does not give this file"),
}


class Words:
    """The command's words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.place = 0 if language == "vi" else 1

    def pick(self, pair: Pair) -> str:
        """One of a Vietnamese and an English text."""
        return pair[self.place]

    def say(self, key: str, **details: str | int) -> str:
        """A sentence by its key."""
        return self.pick(SENTENCES[key]).format(**details)

    def step(self, step: Step) -> str:
        """What one step of a run did to the values."""
        if step.code in STEPS:
            return self.pick(STEPS[step.code]).format(count=step.cells)
        return translate(step.message, self.language)

    def failures(self, results: Results) -> Iterator[str]:
        """A sentence for each reason why runs of the analyses asked for, or all of them, gave nothing."""
        for failure in results.simulation.failures if results.simulation is not None else ():
            reason = translate(failure.reason, self.language)
            yield self.say("failed_replicates", count=failure.runs, reason=reason)
        if results.sensitivity is None:
            if results.options.sensitivity:
                yield self.say("nothing_varies")
        else:
            for failure in results.sensitivity.failures:
                reason = translate(failure.reason, self.language)
                dropped = results.sensitivity.dropped
                yield self.say("failed_samples", count=failure.runs, dropped=dropped, reason=reason)

    def file_error(self, error: OSError) -> str:
        """Why a file or folder could not be used."""
        match error:
            case FileNotFoundError():
                return self.say("not_found")
            case IsADirectoryError():
                return self.say("is_folder")
            case PermissionError():
                return self.say("no_permission")
        if error.errno == 28:
            return self.say("no_space")
        return self.say("not_opened", reason=error.strerror or str(error))

    def data_errors(self, path: Path, error: DataError) -> Iterator[str]:
        """One line for each problem of a table."""
        for problem in error.problems:
            place = self._place(problem)
            yield f"{path}: {place + ': ' if place else ''}{self._problem(problem)}"
        if error.total > len(error.problems):
            yield f"{path}: {self.say('more', count=error.total - len(error.problems))}"

    def spec_errors(self, path: Path, error: SpecError) -> Iterator[str]:
        """One line for each problem of a scorecard file."""
        for problem in error.problems:
            where = f"{self.say('line', line=problem.line)}, " if problem.line else ""
            what, remedy = (translate(text, self.language) for text in (problem.what, problem.remedy))
            yield f"{path}: {where}{problem.key}: {what}; {remedy}"

    def scoring_error(self, spec: Path, data: Path, error: ScoringError, text: str) -> str:
        """One line for values that the scorecard, whose text this is, cannot score: the file to look into, and
        the line of the part concerned."""
        told = translate(" ".join(str(error).split()), self.language)
        if error.code in OF_THE_DATA:
            return f"{data}: {told}"
        if error.code == "no_units_left":
            line = line_of(key_lines(text), ("screen", "unit_availability"))
        else:
            line = line_of_part(text, error.part) if error.part else None
        return f"{spec}: {self.say('line', line=line) + ': ' if line else ''}{told}"

    def _place(self, problem: DataProblem) -> str:
        parts = []
        if problem.row is not None:
            parts.append(self.say("row", row=problem.row))
        if problem.column is not None:
            parts.append(self.say("column", column=problem.column))
        return ", ".join(parts)

    def _problem(self, problem: DataProblem) -> str:
        what, remedy = (self.pick(pair) for pair in DATA_PROBLEMS[problem.code])
        if "close" in problem.details:
            remedy = f"{self.say('close', close=problem.details['close'])} {remedy}"
        return f"{what}; {remedy}".format(**problem.details)
