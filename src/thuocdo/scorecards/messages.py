"""The engine speaks English; this is how what it says about scorecards and values reads in Vietnamese.

Each line is a pattern of an English message, with {} for what varies, and the Vietnamese with the same places.
"""

import re
from functools import cache
from typing import Final

PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    # What is wrong with a scorecard file.
    ("there is no indicator", "chưa có chỉ số nào"),
    ("there is no node", "chưa có nút nào"),
    ("there is no level {}", "không có cấp {}"),
    ("there are no weights at level {}", "cấp {} không có trọng số"),
    ("{} nodes have no parent: {}", "{} nút không có nút cha: {}"),
    ("{} nodes have no parent{}", "{} nút không có nút cha{}"),
    ("is {} but the tree has {}", "là {} nhưng cây có {}"),
    ("two {} have the same {}", "hai mục cùng một giá trị ({}: {})"),
    ("{} is used {} times", "{} được dùng {} lần"),
    ("{} cannot head a column of the data", "{} không thể làm tên cột của bảng số liệu"),
    ("{} is not a node", "{} không phải là một nút"),
    ("{} is not a class", "{} không phải là một mức xếp loại"),
    ("{} has no children", "{} không có thành phần nào"),
    ("{} is its own ancestor", "{} nằm trong chính nó"),
    ("has {} entries", "có {} mục"),
    ("{} is aggregated by {}, to which weights by {} do not apply", "{} tổng hợp bằng {}, không dùng được trọng số {}"),
    ("the weights below {} add up to nothing", "trọng số dưới {} cộng lại bằng không"),
    (
        "the weights below {} add up to {}, not to weights_sum = {}",
        "trọng số dưới {} cộng lại là {}, khác weights_sum = {}",
    ),
    ("{} of the lower goalpost {} does not exist", "không có {} của ngưỡng dưới {}"),
    ("is {} but those below add up to {}", "là {} nhưng các phần bên dưới cộng lại là {}"),
    ("{} has no points, its siblings have", "{} không có điểm tối đa, các phần cùng cấp thì có"),
    ("must be a number other than 0", "phải là số khác 0"),
    ("is missing or not positive", "thiếu hoặc không phải số dương"),
    ("is missing, {} needs it", "thiếu, {} cần đến"),
    ("is missing", "thiếu"),
    ("is not a text", "không phải là văn bản"),
    ("is not a table", "không phải là một bảng"),
    ("is not an array of tables", "không phải là danh sách các bảng"),
    ("is not a key of this table", "không phải là khóa của bảng này"),
    ("is not UTF-8 text", "không phải văn bản UTF-8"),
    ("is not TOML: {}", "không đúng cú pháp TOML: {}"),
    ("{} is above highest = {}", "{} lớn hơn highest = {}"),
    ("{} is not below upper = {}", "{} không nhỏ hơn upper = {}"),
    ("{} is not positive", "{} không phải số dương"),
    ("{} is neither 1 nor -1", "{} không phải 1 hay -1"),
    ("{} is neither true nor false", "{} không phải true hay false"),
    ("{} is neither a column nor a level", "{} không phải cột, cũng không phải cấp"),
    ("{} contradicts {}", "{} trái với {}"),
    ("the path is not known", "chưa biết lộ trình"),
    ("means nothing where method is {}", "không có tác dụng khi method là {}"),
    ("{} is not a pair of a lower and a higher number", "{} không phải là cặp số thấp và cao"),
    ("{} is not a pair of bounds", "{} không phải là cặp giới hạn"),
    ("{} is not a list of pairs", "{} không phải là danh sách các cặp"),
    ("{} is not a list of levels", "{} không phải là danh sách các cấp"),
    ("{} is not a list of methods", "{} không phải là danh sách phương pháp"),
    ("{} is not a list", "{} không phải là danh sách"),
    ("{} is not a level", "{} không phải là một cấp"),
    ("{} is not a date", "{} không phải là ngày"),
    ("{} is not a whole number from {} to {}", "{} không phải là số nguyên từ {} đến {}"),
    ("{} is not a number", "{} không phải là số"),
    ("{} is not known", "không biết {}"),
    ("{} is out of bounds", "{} nằm ngoài giới hạn"),
    ("{} are out of order", "{} không đúng thứ tự"),
    ("{} leaves no room", "{} không để lại khoảng nào"),
    ("has nothing to scale", "không có gì để nhân"),
    ("says what [weigh] says too", "nói trùng với [weigh]"),
    ("belongs to Dirichlet's law", "thuộc về luật Dirichlet"),
    # What to do about it.
    ("add at least one [[indicator]]", "thêm ít nhất một [[indicator]]"),
    ("add the index itself as a [[node]] without parent", "thêm chỉ số tổng hợp thành một [[node]] không có parent"),
    ("exactly one, the index, has none", "chỉ một nút, chỉ số tổng hợp, không có nút cha"),
    ("write levels = {} or mend the tree", "viết levels = {} hoặc sửa lại cây"),
    ("give a level from {} to {}", "nêu một cấp từ {} đến {}"),
    ("give levels from {} to {}", "nêu các cấp từ {} đến {}"),
    ("make each one different", "đặt khác nhau"),
    ("rename all but one", "đổi tên, chỉ giữ một"),
    ('avoid commas, quotes and the word "unit"', 'tránh dấu phẩy, ngoặc kép và chữ "unit"'),
    ("name the code of a [[node]] of this file", "nêu mã một [[node]] của tệp này"),
    ("name the code of a [[node]]", "nêu mã một [[node]]"),
    ("name a [[class]]", "nêu mã một [[class]]"),
    ("name a column or give a level", "nêu một cột hoặc một cấp"),
    ("give it some, or remove it", "thêm thành phần cho nó, hoặc bỏ nó"),
    ("let the parents lead to the top", "để các nút cha dẫn lên đến đỉnh"),
    ("{} levels are aggregated: give {}", "có {} cấp được tổng hợp: nêu {}"),
    (
        "aggregate level {} arithmetically, or leave it out of levels in [weigh]",
        "tổng hợp cấp {} bằng trung bình cộng, hoặc bỏ cấp đó khỏi levels trong [weigh]",
    ),
    ("give one a positive weight", "cho ít nhất một phần trọng số dương"),
    (
        "correct them, or leave weights_sum out: weights are relative among siblings",
        "sửa lại, hoặc bỏ weights_sum: trọng số chỉ có nghĩa giữa các phần cùng cấp",
    ),
    ("raise the lower goalpost, or leave the transform out", "nâng ngưỡng dưới, hoặc bỏ phép biến đổi"),
    ("make them agree", "làm cho khớp nhau"),
    ("give points to all or to none", "cho điểm tối đa tất cả hoặc không phần nào"),
    ("for power 0 use method = {}", "với số mũ 0 dùng method = {}"),
    ("write value = 0 or what stands for a missing value", "viết value = 0 hoặc số thay cho giá trị thiếu"),
    ('write group = "<column of the data>"', 'viết group = "<cột của bảng số liệu>"'),
    ("exchange them", "đổi chỗ hai số"),
    ("exchange or correct them", "đổi chỗ hoặc sửa lại"),
    ("for example {}", "ví dụ {}"),
    ("1: higher is better, -1: lower is", "1: cao hơn là tốt, -1: thấp hơn là tốt"),
    ("use normalise = {} or leave direction out", "dùng normalise = {} hoặc bỏ direction"),
    (
        "give expected (the path's value now), or target and elapsed (the share of time over)",
        "nêu expected (mức phải đạt lúc này), hoặc target và elapsed (phần thời gian đã qua)",
    ),
    ("write method = {}", "viết method = {}"),
    (
        "write goalposts = [0, 100]; direction = -1 says that lower is better",
        "viết goalposts = [0, 100]; direction = -1 nghĩa là thấp hơn thì tốt",
    ),
    (
        "limits ascend; scores ascend too, or descend when direction = -1",
        "giới hạn tăng dần; điểm cũng tăng, hoặc giảm khi direction = -1",
    ),
    ("write the level as a number, or leave it out", "viết cấp thành số, hoặc bỏ đi"),
    ("it must be at least {}", "phải từ {} trở lên"),
    ("it must be between {} and {}", "phải từ {} đến {}"),
    ("write {} = true or false", "viết {} = true hoặc false"),
    ("write [{}] and its keys below", "viết [{}] rồi các khóa bên dưới"),
    ("begin each one with [[{}]]", "mở đầu mỗi mục bằng [[{}]]"),
    ("give a denominator, or leave scale out", "nêu denominator, hoặc bỏ scale"),
    ("mend the line", "sửa lại dòng này"),
    ("save the file in UTF-8", "lưu tệp với bảng mã UTF-8"),
    ("write {} = 2026-01-01 without quotes", "viết {} = 2026-01-01, không có ngoặc kép"),
    ("keep one of the two tables", "giữ một trong hai bảng"),
    ("write the lower bound first, the upper above 0", "viết giới hạn dưới trước, giới hạn trên lớn hơn 0"),
    ("write from = 80, the lowest score of the class", "viết from = 80, điểm thấp nhất của mức"),
    ("write below = 50, the score under which the cap holds", "viết below = 50, dưới điểm này thì bị chặn"),
    ("remove it", "bỏ đi"),
    ("write concentration = 100; more is narrower", "viết concentration = 100; càng lớn càng hẹp"),
    ('write weights = "dirichlet", or leave it out', 'viết weights = "dirichlet", hoặc bỏ đi'),
    ("write {}, or the name of a column of the data", "viết {}, hoặc tên một cột của bảng số liệu"),
    ("did you mean {}?", "có phải là {}?"),
    ("use one of {}", "dùng một trong: {}"),
    ("use {}", "dùng {}"),
    ("write {}", "viết {}"),
    # Values that a scorecard cannot score.
    (
        "{} is a {} mean, and below it are negative values: normalise to 0 or more, or use the arithmetic mean",
        "{} là trung bình {}, bên dưới có giá trị âm; chuẩn hóa về từ 0 trở lên, hoặc dùng trung bình cộng",
    ),
    ("The data have no column {}, {} needs it: add it", "bảng số liệu không có cột {}, {} cần đến; thêm cột này"),
    ("The data have no column for {}: add it", "bảng số liệu không có cột {}; thêm cột này"),
    ("Column {} is infinite or beyond {} for {}: correct it", "cột {} có giá trị vô hạn hoặc vượt {} ở {}; sửa lại"),
    (
        "The value of {} for {} is infinite or beyond {}: correct it",
        "giá trị {} của {} là vô hạn hoặc vượt {}; sửa lại",
    ),
    (
        "No unit has enough values: fill in the data, or lower unit_availability in [screen]",
        "không đơn vị nào có đủ số liệu; bổ sung số liệu, hoặc giảm unit_availability trong [screen]",
    ),
    (
        "{} has negative values, of which no fraction of the best one makes sense: use min_max or goalposts",
        "{} có giá trị âm nên không lấy được phần của giá trị tốt nhất; dùng min_max hoặc goalposts",
    ),
    (
        "The target of {} is not positive, so that no ratio to it exists: use target_path or goalposts",
        "chỉ tiêu của {} không phải số dương nên không có tỷ lệ; dùng target_path hoặc goalposts",
    ),
    (
        "{} is compared with {}, which is not among the units: name one of them",
        "{} được so với {}, đơn vị này không có trong bảng; nêu một đơn vị trong bảng",
    ),
    (
        "The peer group {} is not in the scorecard: add a [[peer_group]] or correct the data",
        "nhóm {} không có trong tệp phương pháp; thêm [[peer_group]] hoặc sửa số liệu",
    ),
    (
        "{} becomes infinite by {} with lambda = {}: choose a smaller one, or another transform",
        "{} thành vô hạn khi biến đổi {} với lambda = {}; chọn lambda nhỏ hơn hoặc phép biến đổi khác",
    ),
    (
        "Nothing varies: state weights, alternatives or errors in [uncertainty]",
        "không có gì thay đổi; nêu trọng số, phương án hoặc sai số trong [uncertainty]",
    ),
    (
        "{} cannot be normalised by {} as [uncertainty] asks: give it {}, or take {} out of the list",
        "{} không chuẩn hóa được bằng {} như [uncertainty] yêu cầu; nêu {} cho chỉ số, hoặc bỏ {} khỏi danh sách",
    ),
    (
        (
            "With the benefit of the doubt every unit has its own weights, and none to vary: "
            "analyse the scorecard with given weights"
        ),
        "khi mỗi đơn vị có trọng số riêng thì không có trọng số để thay đổi; phân tích với trọng số nêu sẵn",
    ),
    (
        "{} of {} runs cannot be computed, most of them because: {}",
        "{} trong {} lần tính thử không tính được, phần lớn vì: {}",
    ),
    (
        "children of {} load on its first component with opposite signs",
        "các thành phần của {} ngược dấu nhau trên thành phần chính thứ nhất",
    ),
    (
        "no weights give the children of {} the shares of correlation wanted",
        "không có trọng số nào cho các thành phần của {} phần tương quan mong muốn",
    ),
    ("Below {}, {}: {}", "dưới {}, không tính được trọng số từ số liệu ({}); {}"),
)


def translate(message: str, language: str) -> str:
    """A message of the engine in the reader's language; one that is not known here stays in English."""
    if language != "vi":
        return message
    for pattern, vietnamese in _compiled():
        if found := pattern.fullmatch(message):
            return vietnamese.format(*found.groups())
    return message


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    compiled = []
    for english, vietnamese in PATTERNS:
        parts = [re.escape(part) for part in english.split("{}")]
        # Braces that are not places are text: TOML tables have them too.
        compiled.append((re.compile("(.*?)".join(parts), re.DOTALL), vietnamese))
    return tuple(compiled)
