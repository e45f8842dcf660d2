"""The report's words in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

Pair = tuple[str, str]

PHRASES: Final[Mapping[str, Pair]] = {
    "subtitle": ("Báo cáo tính điểm và xếp hạng", "Report on scores and ranks"),
    "contents": ("Mục lục", "Contents"),
    "ranking": ("Xếp hạng", "Ranking"),
    "contributions": ("Điểm do đâu mà có", "Where the points come from"),
    "changes": ("Số liệu đã được xử lý", "What was done to the values"),
    "structure": ("Cấu trúc của bộ chỉ số", "Structure of the index"),
    "sensitivity": ("Yếu tố nào quyết định thứ hạng", "What decides the ranks"),
    "method": ("Phương pháp", "Method"),
    "verify": ("Kiểm tra lại", "Checking this report"),
    "answer": (
        "{units} đơn vị được chấm điểm theo {indicators} chỉ số; đứng đầu là {first} với {score} điểm.",
        "{units} units were scored on {indicators} indicators; {first} leads with {score} points.",
    ),
    "answer_tied": (
        "{units} đơn vị được chấm điểm theo {indicators} chỉ số; {count} đơn vị cùng đứng đầu với {score} điểm.",
        "{units} units were scored on {indicators} indicators; {count} of them share the lead with {score} points.",
    ),
    "answer_groups": (
        "{units} đơn vị trong {groups} nhóm được chấm điểm theo {indicators} chỉ số, mỗi nhóm xếp hạng riêng.",
        "{units} units in {groups} peer groups were scored on {indicators} indicators; each group is ranked by itself.",
    ),
    "answer_none": ("Không đơn vị nào có điểm.", "No unit has a score."),
    "answer_sure": (
        "Trong {runs} lần tính thử, {apart} trong {pairs} cặp đứng liền nhau phân biệt được với nhau.",
        "In {runs} trial runs, {apart} of {pairs} neighbouring pairs can be told apart.",
    ),
    "answer_unsure": (
        "Những đơn vị chưa phân biệt được đứng chung một móc ở bảng dưới.",
        "Those that cannot stand under one bracket in the table below.",
    ),
    "rank_short": ("Hạng", "Rank"),
    "unit": ("Đơn vị", "Unit"),
    "score": ("Điểm", "Score"),
    "class": ("Xếp loại", "Class"),
    "drawn_rank": ("Hạng và khoảng 5–95 %: bên trái là cao nhất", "Rank with its 5–95 % interval, best on the left"),
    "drawn_score": ("Điểm, từ {low} đến {high}", "Score, from {low} to {high}"),
    "interval": ("Khoảng", "Interval"),
    "alike": ("Số đơn vị không phân biệt được", "Units it cannot be told apart from"),
    "bracket_key": (
        (
            "Móc bên trái nối những đơn vị mà khoảng thứ hạng còn chồng lên nhau. Khoảng là nơi thứ "
            "hạng nằm trong 90 % số lần tính thử."
        ),
        (
            "The bracket on the left joins neighbours whose intervals overlap. The interval holds the rank "
            "in 90 % of the trial runs."
        ),
    ),
    "no_intervals": (
        "Chưa tính khoảng thứ hạng; chạy lại với --replicates 1000 để biết những thứ hạng nào chắc chắn.",
        "Rank intervals were not computed; run again with --replicates 1000 to see which ranks are certain.",
    ),
    "varied": ("Những gì thay đổi giữa các lần tính thử: {what}.", "What varies between the runs: {what}."),
    "varied_weights": ("trọng số ± {share}", "weights by ± {share}"),
    "varied_dirichlet": ("trọng số theo luật Dirichlet", "weights by Dirichlet's law"),
    "varied_default": (
        "trọng số ± {share} (mặc định, tệp phương pháp không nêu)",
        "weights by ± {share} (the default, as the scorecard does not say)",
    ),
    "varied_normalise": ("cách chuẩn hóa", "normalisation"),
    "varied_aggregate": ("cách tổng hợp", "aggregation"),
    "varied_treat": ("cách xử lý giá trị ngoại lai", "outlier treatment"),
    "varied_impute": ("cách điền số liệu thiếu", "imputation"),
    "varied_error": ("sai số đo theo nguồn số liệu", "measurement error by provenance"),
    "varied_nothing": ("không có gì", "nothing"),
    "failed_runs": ("{count} lần tính thử không cho kết quả: {reason}", "{count} runs gave no ranking: {reason}"),
    "no_score": ("không có điểm", "no score"),
    "points_of": (
        "Mỗi thanh là điểm của một đơn vị, chia theo các phần ngay dưới chỉ số tổng hợp.",
        "Each bar is the score of one unit, divided among the parts right below the index.",
    ),
    "points_from_mean": (
        (
            "Mỗi thanh là phần điểm hơn (bên phải vạch) hoặc kém (bên trái) trung bình của nhóm, chia theo "
            "các phần ngay dưới chỉ số tổng hợp."
        ),
        (
            "Each bar is what a unit has above (right of the line) or below (left) the mean of its group, "
            "divided among the parts right below the index."
        ),
    ),
    "points_file": (
        "Điểm của từng chỉ số ở tệp contributions.csv.",
        "The points of every indicator are in contributions.csv.",
    ),
    "points_shown": ("Vẽ {shown} đơn vị đứng đầu.", "The first {shown} units are drawn."),
    "points_each": ("Điểm của từng chỉ số", "Points of every indicator"),
    "points": ("điểm", "points"),
    "part": ("Phần", "Part"),
    "nothing_done": (
        "Không ô nào bị thay đổi; không đơn vị nào bị loại.",
        "No cell was changed and no unit was left out.",
    ),
    "done": ("Đã làm", "What was done"),
    "screened": ("Đơn vị bị loại vì thiếu số liệu: {count}", "Units left out for want of values: {count}"),
    "screened_indicators": (
        "Chỉ số bị loại vì thiếu số liệu: {count}",
        "Indicators left out for want of values: {count}",
    ),
    "imputed": ("Ô được điền: {count}", "Cells that were filled: {count}"),
    "treated": ("Ô bị kéo lại hoặc biến đổi: {count}", "Cells that were pulled in or transformed: {count}"),
    "missing": ("Ô thiếu số liệu: {count}", "Cells without a value: {count}"),
    "not_applicable": ("Ô không áp dụng: {count}", "Cells that do not apply: {count}"),
    "treatment_table": (
        "Độ lệch và độ nhọn của từng chỉ số, trước và sau",
        "Skewness and kurtosis of each indicator, before and after",
    ),
    "indicator": ("Chỉ số", "Indicator"),
    "before": ("Trước", "Before"),
    "after": ("Sau", "After"),
    "value": ("Giá trị", "Value"),
    "skewness": ("Độ lệch", "Skewness"),
    "kurtosis": ("Độ nhọn", "Kurtosis"),
    "winsorised": ("Ô bị kéo lại", "Cells pulled in"),
    "transform": ("Biến đổi", "Transform"),
    "passed": ("Đạt", "Passed"),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "rest": ("Còn {count} dòng nữa, xem tệp {file}.", "{count} more rows are in {file}."),
    "structure_few": (
        "Quá ít đơn vị để phân tích cấu trúc.",
        "There are too few units to analyse the structure.",
    ),
    "structure_sound": (
        "Không thấy hai phần cùng cấp nào trùng lặp hay ngược chiều nhau.",
        "No two siblings tell the same or move against each other.",
    ),
    "flags": ("Những điều cần xem lại: {count}", "Things to look at: {count}"),
    "flag_redundant": (
        "{first} và {second} (trong {node}) gần như nói cùng một điều: r = {r}.",
        "{first} and {second} (in {node}) say nearly the same: r = {r}.",
    ),
    "flag_counter_sibling": (
        "{first} và {second} (trong {node}) ngược chiều nhau: r = {r}.",
        "{first} and {second} (in {node}) move against each other: r = {r}.",
    ),
    "flag_counter_parent": (
        "{first} ngược chiều với {node} mà nó là một phần: r = {r}.",
        "{first} moves against {node}, of which it is a part: r = {r}.",
    ),
    "correlations": ("Tương quan giữa các phần", "Correlations between the parts"),
    "correlations_told": (
        "Hệ số Pearson của điểm. Hai cột cuối: trung bình giữa các chỉ số cùng phần và khác phần.",
        "Pearson's r of the scores. The last two columns are means over indicators of one part, and across parts.",
    ),
    "correlations_all": ("Tương quan giữa tất cả chỉ số", "Correlations between all indicators"),
    "within": ("Trong phần", "Within"),
    "across": ("Với phần khác", "Across"),
    "importance_against": ("Trọng số và ảnh hưởng thực tế", "Weight against importance"),
    "importance_told": (
        (
            "Ảnh hưởng là phần biến thiên của chỉ số tổng hợp mà chỉ số đó cho biết, tính theo tỷ lệ. "
            "Chấm là ảnh hưởng, đầu kia của vạch là trọng số; vạch dài là chỗ trọng số nói một đằng, kết quả một nẻo."
        ),
        (
            "Importance is the share of what all indicators tell of the variance of the index. "
            "The dot is the importance, the other end of the line the weight; where the line is long, "
            "weights do not do what they say."
        ),
    ),
    "importance": ("Ảnh hưởng", "Importance"),
    "importance_all": ("Tất cả chỉ số, lệch nhiều nhất đứng trước", "All indicators, the widest gap first"),
    "families": ("Các phần có đo cùng một điều không", "Does each part measure one thing"),
    "families_told": (
        (
            "Alpha của Cronbach từ 0,7 trở lên là nhất quán. "
            "Thành phần chính thứ nhất cho biết một thước đo chung giải thích được bao nhiêu."
        ),
        (
            "A Cronbach's alpha of 0.7 or more is consistent. The first principal component tells how much one common "
            "measure explains."
        ),
    ),
    "children": ("Thành phần", "Children"),
    "alpha": ("Alpha", "Alpha"),
    "first_component": ("Thành phần chính thứ nhất", "First component"),
    "components": ("Số thành phần chính > 1", "Components above 1"),
    "kmo": ("KMO", "KMO"),
    "sensitivity_told": (
        (
            "Bao nhiêu phần của sự xáo trộn thứ hạng là do từng lựa chọn. Bậc một: riêng lựa chọn đó; toàn phần: "
            "cả khi đi cùng các lựa chọn khác. Vạch mảnh là khoảng 5–95 %."
        ),
        (
            "How much of the reshuffling of ranks each choice accounts for. First order: the choice alone; total: "
            "also together with the others. The thin line is the 5–95 % interval."
        ),
    ),
    "sensitivity_settled": (
        "{samples} mẫu; từ nửa số mẫu đến hết, ước lượng thay đổi nhiều nhất {change}.",
        "{samples} samples; from half of them to the end no estimate moved by more than {change}.",
    ),
    "dropped_samples": (
        "{count} mẫu có lần tính thử không cho kết quả nên không dùng để ước lượng.",
        "{count} samples hold a run without a ranking and are left out of the estimates.",
    ),
    "factor": ("Lựa chọn", "Choice"),
    "first_order": ("Bậc một", "First order"),
    "total_index": ("Toàn phần", "Total"),
    "factor_weights": ("trọng số bên trong “{node}”", "weights within “{node}”"),
    "factor_normalise": ("cách chuẩn hóa", "normalisation"),
    "factor_aggregate": ("cách tổng hợp", "aggregation"),
    "factor_treat": ("cách xử lý giá trị ngoại lai", "outlier treatment"),
    "factor_impute": ("cách điền số liệu thiếu", "imputation"),
    "factor_error": ("sai số đo", "measurement error"),
    "removals": ("Bỏ từng chỉ số: hạng thay đổi bao nhiêu", "Leaving out one indicator: how far ranks move"),
    "shift": ("Hạng đổi trung bình", "Mean change of rank"),
    "most_moved": ("Đổi nhiều nhất", "Moves most"),
    "moved": ("{unit}: {before} → {after}", "{unit}: {before} → {after}"),
    "id": ("Mã phương pháp", "Method"),
    "title": ("Tên", "Title"),
    "approved_by": ("Văn bản phê duyệt", "Approved by"),
    "not_approved": ("chưa có văn bản phê duyệt", "not approved by any document"),
    "valid": ("Hiệu lực", "Valid"),
    "from": ("từ {day}", "from {day}"),
    "until": ("đến trước {day}", "before {day}"),
    "spec_digest": ("Dấu vân (SHA-256) của phương pháp", "SHA-256 of the scorecard"),
    "data_digest": ("Dấu vân (SHA-256) của số liệu", "SHA-256 of the data"),
    "engine": ("Phiên bản bộ tính", "Engine version"),
    "runs": ("Tính thử", "Trial runs"),
    "runs_seed": ("{runs} lần, mầm ngẫu nhiên {seed}", "{runs}, seed {seed}"),
    "normalise": ("Chuẩn hóa", "Normalisation"),
    "aggregate": ("Tổng hợp", "Aggregation"),
    "impute": ("Điền số liệu thiếu", "Imputation"),
    "treat": ("Xử lý giá trị ngoại lai", "Outlier treatment"),
    "weighting": ("Trọng số", "Weights"),
    "rounding": ("Làm tròn và xếp hạng", "Rounding and ranks"),
    "rounding_told": (
        "{decimals} chữ số thập phân, nửa thì làm tròn lên; {on}; {ties}",
        "{decimals} decimals, halves up; {on}; {ties}",
    ),
    "on_rounded": ("xếp hạng theo điểm đã làm tròn", "ranks from the rounded score"),
    "on_full": ("xếp hạng theo điểm đầy đủ", "ranks from the full score"),
    "ties_min": ("bằng điểm thì đồng hạng (1, 2, 2, 4)", "ties share a rank (1, 2, 2, 4)"),
    "ties_dense": (
        "bằng điểm thì đồng hạng, không bỏ hạng (1, 2, 2, 3)",
        "ties share a rank, none is skipped (1, 2, 2, 3)",
    ),
    "ties_average": (
        "bằng điểm thì lấy hạng trung bình (1; 2,5; 2,5; 4)",
        "ties take the average rank (1, 2.5, 2.5, 4)",
    ),
    "tree": ("Cây chỉ số và trọng số", "Tree of indicators and weights"),
    "weight": ("Trọng số", "Weight"),
    "effective": ("Phần trong chỉ số tổng hợp", "Share of the index"),
    "direction": ("Chiều", "Direction"),
    "higher": ("cao hơn là tốt", "higher is better"),
    "lower": ("thấp hơn là tốt", "lower is better"),
    "verify_told": (
        (
            "Thư mục này có cả phương pháp (spec.toml), số liệu đầu vào (data.csv) và công thức "
            "(recipe.json). Ai cũng có thể tính lại và so từng byte bằng lệnh:"
        ),
        (
            "This folder holds the scorecard (spec.toml), the data (data.csv) and the recipe (recipe.json). "
            "Anybody can compute everything again and compare it byte for byte:"
        ),
    ),
    "verify_status": (
        "Kết quả 0: khớp; 1: khác, có nêu tên tệp; 2: không đọc được.",
        "Status 0: equal; 1: different, with the files named; 2: unreadable.",
    ),
    "verify_plain": (
        "Không có chương trình vẫn so được: dấu vân SHA-256 của từng tệp nằm trong recipe.json.",
        "Without the program one can still compare the SHA-256 of each file, which recipe.json states.",
    ),
    "footer": (
        "Thước Đo · bộ tính {engine} · báo cáo không lấy gì từ mạng.",
        "Thước Đo · engine {engine} · this report fetches nothing from anywhere.",
    ),
}
