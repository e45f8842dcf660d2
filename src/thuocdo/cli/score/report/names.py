"""What methods and steps of a run are called, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

from thuocdo.cli.score.report.phrases import Pair

# Steps of a run by the engine's code; {count} cells, units or indicators.
STEPS: Final[Mapping[str, Pair]] = {
    "undefined": (
        "{count} giá trị không có lôgarit, căn hoặc thương nên coi là thiếu",
        "{count} values without a logarithm, root or quotient became missing",
    ),
    "indicators_screened": (
        "{count} chỉ số bị loại vì có quá ít số liệu",
        "{count} indicators with too few values were left out",
    ),
    "no_values": ("{count} chỉ số không có số liệu nào", "{count} indicators have no value at all"),
    "imputed": ("{count} ô thiếu được điền", "{count} missing values were filled"),
    "gaps_left": ("{count} ô thiếu không điền được", "{count} missing values could not be filled"),
    "treated": ("{count} chỉ số bị kéo lại hoặc biến đổi", "{count} indicators were winsorised or transformed"),
    "treatment_scale": (
        "{count} chỉ số bị biến đổi trong khi ngưỡng, chỉ tiêu hoặc bậc điểm vẫn theo thang gốc",
        "{count} indicators were transformed, but their goalposts, targets or bands stay on the original scale",
    ),
    "not_placed": (
        (
            "{count} giá trị không xếp được lên thang điểm (mọi giá trị bằng nhau, không có chỉ tiêu, hoặc "
            "chỉ tiêu trùng giá trị thấp nhất)"
        ),
        "{count} values could not be placed (all equal, no target, or a target at the minimum)",
    ),
    "units_screened": (
        "{count} đơn vị bị loại vì có quá ít số liệu",
        "{count} units with too few values were left out",
    ),
    "units_zero": ("{count} đơn vị bị loại vì có quá nhiều số 0", "{count} units with too many zeros were left out"),
    "no_index": ("{count} đơn vị không có điểm tổng hợp", "{count} units have no index"),
    "zero_mean": (
        "{count} điểm bằng 0 vì một thành phần bằng 0, bất kể các thành phần khác",
        "{count} scores are 0 because one value below them is, whatever the others are",
    ),
    "negative_mean": (
        "{count} điểm là trung bình điều hòa của số âm, nơi giá trị tốt hơn có thể xếp thấp hơn",
        "{count} scores are harmonic means of negative values, where better may rank lower",
    ),
    "shared_weight": (
        "{count} điểm so sánh từng cặp chỉ dựa trên phần mà cả hai cùng có",
        "{count} scores compare units pairwise by what both have",
    ),
}

METHODS: Final[Mapping[str, Pair]] = {
    "min_max": ("từ giá trị thấp nhất đến cao nhất (min–max)", "from the lowest to the highest value (min–max)"),
    "z_score": ("độ lệch chuẩn so với trung bình (z)", "z-scores"),
    "goalposts": ("giữa hai ngưỡng cố định", "between fixed goalposts"),
    "scaled": ("thang cố định, không cắt", "a fixed scale, not truncated"),
    "distance_to_target": ("khoảng cách đến chỉ tiêu", "distance to the target"),
    "distance_to_reference": ("khoảng cách đến đơn vị đối chiếu", "distance to a reference unit"),
    "distance_to_maximum": ("khoảng cách đến giá trị cao nhất", "distance to the maximum"),
    "rank": ("thứ hạng", "ranks"),
    "borda": ("điểm Borda", "Borda points"),
    "percentile_rank": ("hạng phần trăm", "percentile ranks"),
    "fraction_of_maximum": ("phần của giá trị cao nhất", "fraction of the maximum"),
    "none": ("không", "none"),
    "target_path": ("tiến độ theo lộ trình", "progress on the target path"),
    "bands": ("bậc điểm", "bands"),
    "ratio": ("tỷ lệ đạt chỉ tiêu", "ratio to the target"),
    "inverse_ratio": ("tỷ lệ nghịch so với chỉ tiêu", "inverse ratio to the target"),
    "range": ("trong khoảng cho phép", "within a range"),
    "yes_no": ("có hoặc không", "yes or no"),
    "arithmetic": ("trung bình cộng", "arithmetic mean"),
    "geometric": ("trung bình nhân", "geometric mean"),
    "harmonic": ("trung bình điều hòa", "harmonic mean"),
    "generalised": ("trung bình lũy thừa", "generalised mean"),
    "copeland": ("so sánh từng cặp (Copeland)", "pairwise comparison (Copeland)"),
    "median": ("trung vị", "median"),
    "minimum": ("giá trị thấp nhất", "minimum"),
    "constant": ("hằng số", "a constant"),
    "mean": ("trung bình của chỉ số", "mean of the indicator"),
    "group_mean": ("trung bình của nhóm", "mean of the group"),
    "group_median": ("trung vị của nhóm", "median of the group"),
    "row_mean": ("trung bình các chỉ số khác của đơn vị", "mean of the unit's other indicators"),
    "last_known": ("giá trị gần nhất đã biết", "last known value"),
    "two_stage": ("hai bước: kéo lại giá trị ngoại lai, rồi biến đổi", "two stages: winsorise, then transform"),
    "manual": ("theo từng chỉ số", "by hand for each indicator"),
    "given": ("nêu trong tệp phương pháp", "given in the scorecard"),
    "equal": ("bằng nhau", "equal"),
    "effect": ("theo ảnh hưởng thực tế", "by effect"),
    "pca": ("thành phần chính", "principal components"),
    "benefit_of_doubt": ("có lợi nhất cho từng đơn vị", "benefit of the doubt"),
    "critic": ("CRITIC", "CRITIC"),
    "entropy": ("entropy", "entropy"),
    "log": ("lôgarit", "logarithm"),
    "log_shift_one": ("lôgarit, dịch 1", "logarithm, shifted by one"),
    "log_mirrored": ("lôgarit đối xứng", "mirrored logarithm"),
    "box_cox": ("Box–Cox", "Box–Cox"),
}
