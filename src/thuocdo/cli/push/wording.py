"""What the command says, in Vietnamese and English. Django's catalogue is not loaded here: it would need Django."""

WORDS: dict[str, tuple[str, str]] = {
    "kind": (
        "Không đọc được tệp loại {kind}; dùng csv, xlsx hoặc parquet.",
        "Files of kind {kind} are not read; use csv, xlsx or parquet.",
    ),
    "encoding": ("{file} không phải UTF-8; lưu lại dạng CSV UTF-8.", "{file} is not UTF-8; save it as CSV UTF-8."),
    "broken": ("Dòng {line} hỏng: {reason}.", "Line {line} is broken: {reason}."),
    "workbook": ("Không mở được bảng tính {file}: {reason}", "The workbook {file} does not open: {reason}"),
    "vast": (
        "{file} có ô nằm quá xa bảng (dòng {row}) hoặc quá lớn; sao chép bảng sang tệp mới, hoặc lưu thành csv.",
        "{file} is too large, or a cell lies far off (row {row}); copy the table to a new file, or save it as csv.",
    ),
    "sheet": ("Không có trang “{sheet}”; có: {sheets}.", "There is no sheet “{sheet}”; there are: {sheets}."),
    "extra": (
        "Đọc parquet cần phần mở rộng feeds: pip install 'thuocdo[feeds]', hoặc lưu {file} thành csv.",
        "Parquet needs the extra feeds: pip install 'thuocdo[feeds]', or save {file} as csv.",
    ),
    "parquet": (
        "{file} không phải parquet còn nguyên vẹn: {reason}",
        "{file} is no parquet file, or not a whole one: {reason}",
    ),
    "field": ("Không có trường {field}; các trường: {fields}.", "There is no field {field}; the fields are: {fields}."),
    "column": (
        "Không có cột “{column}”; tệp có: {columns}.",
        "There is no column “{column}”; the file has: {columns}.",
    ),
    "missing": (
        "Thiếu cột {field}; chỉ ra bằng --map {field}=TÊN_CỘT hoặc --set {field}=GIÁ_TRỊ. Tệp có: {columns}.",
        "No column {field}; name it by --map {field}=COLUMN or --set {field}=VALUE. The file has: {columns}.",
    ),
    "pair": ("“{given}” phải có dạng trường=giá trị.", "“{given}” must be field=value."),
    "empty": ("Tệp không có dòng số liệu nào.", "The file has no row of figures."),
    "again": ("{why}; gửi lại sau {seconds} giây.", "{why}; trying again in {seconds} s."),
    "resumed": ("Tiếp tục: đã gửi {sent} lô trước đó.", "Going on: {sent} chunks were sent before."),
    "going": ("{rows} dòng", "{rows} rows"),
    "done": (
        "Đã ghi {accepted} dòng, từ chối {rejected} dòng.",
        "{accepted} rows recorded, {rejected} refused.",
    ),
    "checked": (
        "Kiểm tra: {accepted} dòng gửi được, {rejected} dòng có lỗi; chưa ghi gì.",
        "Checked: {accepted} rows can be sent, {rejected} are wrong; nothing was recorded.",
    ),
    "refused": ("  {code}: {count} dòng", "  {code}: {count} rows"),
    "commas": (
        "Tệp ghi số kiểu 1.234,5; chạy lại với --decimal-comma để đọc đúng kiểu số này.",
        "The file writes numbers as 1.234,5; run again with --decimal-comma to have them read so.",
    ),
    "errors": (
        "Lỗi từng dòng: {file}. Sửa ngay trong tệp đó rồi gửi tệp đó.",
        "What is wrong, row by row: {file}. Mend the rows there and send that file.",
    ),
    "more": (
        "Tệp lỗi ghi {written} lỗi đầu; còn {left} lỗi chỉ được đếm theo loại như trên.",
        "That file holds the first {written} errors; {left} more are only counted by kind, as above.",
    ),
    "warned": ("{count} cảnh báo: {code}.", "{count} warnings: {code}."),
    "unauthorised": ("Máy chủ từ chối khóa: {why}", "The server refuses the key: {why}"),
    "unwelcome": ("Máy chủ từ chối: {why}", "The server refuses: {why}"),
    "unreachable": (
        "Không gửi được: {why}. Chạy lại đúng lệnh này để gửi tiếp; không dòng nào bị ghi hai lần.",
        "Not sent: {why}. Run the same command to go on; no row is recorded twice.",
    ),
    "interrupted": (
        "Đã dừng. Chạy lại đúng lệnh này để gửi tiếp.",
        "Stopped. Run the same command to go on.",
    ),
}


def say(language: str, code: str, /, **words: object) -> str:
    """One of the sentences with its words put in."""
    return WORDS[code][language == "en"].format(**words)
