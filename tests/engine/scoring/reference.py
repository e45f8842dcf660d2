"""A second scoring engine: plain, slow and obviously right, one number at a time, to compare the real one with.

It shares no line with the engine. It reads the same scorecard file with tomllib and knows the definitions of
COINr and of the OECD/JRC handbook only. Data are rows: {"unit": …, indicator: number or None, column: …}.
"""

import math
import statistics
import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

DEFAULTS = {
    "min_max": {"lower": 0, "upper": 100},
    "z_score": {"mean": 0, "sd": 1},
    "scaled": {"lower": 0, "upper": 100, "scale": 100},
    "goalposts": {"scale": 100, "truncate": True},
    "distance_to_target": {"cap": False},
    "distance_to_reference": {"cap": False},
    "rank": {"ties": "min"},
    "borda": {"ties": "min"},
    "percentile_rank": {"ties": "min"},
}
TREATMENT = {
    "method": "none",
    "max_abs_skewness": 2,
    "max_kurtosis": 3.5,
    "max_winsorised": 5,
    "transform": "log",
    "lambda": 0.5,
    "combine": False,
}


@dataclass
class Result:
    """Every table a run writes: unit → column → number or None."""

    imputed: dict
    treated: dict
    treatment: dict
    normalised: dict
    scores: dict
    ranks: dict


def score(text, rows):
    """Score rows of data by a scorecard file."""
    spec = tomllib.loads(text)
    indicators = {one["code"]: one for one in spec["indicator"]}
    rows = [dict(row) for row in rows]
    for code, one in indicators.items():
        for row in rows:
            row[code] = transformed(one, row[code])
            if one.get("denominator") and row[code] is not None:
                denominator = row[one["denominator"]]
                row[code] = row[code] / (denominator / one.get("scale", 1)) if denominator else None

    threshold = Fraction(str(spec.get("screen", {}).get("unit_availability", 0)))
    rows = [row for row in rows if Fraction(sum(row[c] is not None for c in indicators), len(indicators)) >= threshold]
    imputed = impute(spec, indicators, rows)

    treated, treatment = {row["unit"]: {} for row in rows}, {}
    normalised = {row["unit"]: {} for row in rows}
    for code, one in indicators.items():
        column = {unit: values[code] for unit, values in imputed.items()}
        after, treatment[code] = treat(spec, one, column)
        for unit, value in after.items():
            treated[unit][code] = value
        for unit, value in normalise(spec, one, after).items():
            normalised[unit][code] = value

    scores = aggregate(spec, indicators, normalised)
    columns = list(next(iter(scores.values()))) if scores else []
    ranks = {unit: {} for unit in scores}
    for column in columns:
        for unit, rank in rank_column(spec, {unit: values[column] for unit, values in scores.items()}).items():
            ranks[unit][column] = rank
    return Result(imputed, treated, treatment, normalised, scores, ranks)


def transformed(indicator, value):
    """The indicator's ln or square root; None where there is none."""
    kind = indicator.get("transform")
    if value is None or kind is None:
        return value
    if kind == "ln":
        return math.log(value) if value > 0 else None
    return math.sqrt(value) if value >= 0 else None


def mean(values):
    """The plain mean; None of nothing."""
    values = [value for value in values if value is not None]
    return math.fsum(values) / len(values) if values else None


def median(values):
    """The median; None of nothing."""
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


# Imputation ---------------------------------------------------------------------------------------------------


def impute(spec, indicators, rows):
    """unit → indicator → value, gaps filled."""
    rule = spec.get("impute", {})
    method, group = rule.get("method", "none"), rule.get("group")
    filled = {row["unit"]: {code: row[code] for code in indicators} for row in rows}
    for row in rows:
        for code in indicators:
            if row[code] is not None:
                continue
            if method == "constant":
                value = rule["value"]
            elif method in ("mean", "median"):
                value = {"mean": mean, "median": median}[method]([other[code] for other in rows])
            elif method in ("group_mean", "group_median"):
                peers = [other[code] for other in rows if row[group] not in ("", None) and other[group] == row[group]]
                value = {"group_mean": mean, "group_median": median}[method](peers)
            elif method == "row_mean":
                value = row_mean(spec, indicators, rows, row, code)
            else:
                value = None
            filled[row["unit"]][code] = value
    return filled


def row_mean(spec, indicators, rows, row, code):
    """The mean of the unit's indicators, each on 0–1 with direction, put back on this indicator's scale."""

    def ends(one):
        directed = [other[one] * direction(indicators[one]) for other in rows if other[one] is not None]
        return (min(directed), max(directed)) if directed else (None, None)

    shares = []
    level = spec["impute"].get("group")
    for one in indicators:
        if level is not None and ancestor(spec, indicators, one, level) != ancestor(spec, indicators, code, level):
            continue
        low, high = ends(one)
        if row[one] is not None and low != high:
            shares.append((row[one] * direction(indicators[one]) - low) / (high - low))
    low, high = ends(code)
    if not shares or low is None:
        return None
    return (mean(shares) * (high - low) + low) * direction(indicators[code])


def ancestor(spec, indicators, code, level):
    """The node of a level above an indicator, in a tree where every child stands one level below its parent."""
    parents = {node["code"]: node.get("parent") for node in spec["node"]}
    current = indicators[code]["parent"]
    for _ in range(level - 2):
        current = parents[current]
    return current


def direction(indicator):
    """1 or -1."""
    return indicator.get("direction", 1)


# Treatment ----------------------------------------------------------------------------------------------------


def skewness(values):
    """G1, as Excel's SKEW; None below three values or without variation."""
    n = len(values)
    if n < 3 or min(values) == max(values):
        return None
    middle = math.fsum(values) / n
    second = math.fsum((value - middle) ** 2 for value in values)
    third = math.fsum((value - middle) ** 3 for value in values)
    return math.sqrt(n) * third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2)


def kurtosis(values):
    """G2, as Excel's KURT; None below four values or without variation."""
    n = len(values)
    if n < 4 or min(values) == max(values):
        return None
    middle = math.fsum(values) / n
    second = math.fsum((value - middle) ** 2 for value in values)
    fourth = math.fsum((value - middle) ** 4 for value in values)
    return ((n + 1) * (n * fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def passes(rule, values):
    """|skewness| below its limit or kurtosis below its own; what cannot be judged passes."""
    skew, kurt = skewness(values), kurtosis(values)
    if skew is None or kurt is None:
        return True
    return abs(skew) < rule["max_abs_skewness"] or kurt < rule["max_kurtosis"]


def winsorise(rule, values):
    """The values with extremes pulled to the next one, and how many cells were pulled."""
    values = list(values)
    high, low = [], []
    while len(high) + len(low) < rule["max_winsorised"] and not passes(rule, values) and len(set(values)) > 2:
        if skewness(values) >= 0:
            most = max(values)
            high = [place for place, value in enumerate(values) if value == most]
            target = max(value for value in values if value != most)
            places = high
        else:
            least = min(values)
            low = [place for place, value in enumerate(values) if value == least]
            target = min(value for value in values if value != least)
            places = low
        for place in places:
            values[place] = target
    return values, len(high) + len(low)


def second_stage(rule, values):
    """The transform of the second stage."""
    low, high = min(values), max(values)
    a = 0.01 * (high - low)
    kind = rule["transform"]
    if kind == "log_mirrored" and skewness(values) < 0:
        return [-math.log(high + a - value) for value in values]
    if kind in ("log", "log_mirrored"):
        return [math.log(value - low + a) for value in values]
    if kind == "log_shift_one":
        return [math.log(value - low + 1) for value in values]
    power = rule["lambda"]
    positive = [value - low + 1 for value in values]
    return [math.log(value) if power == 0 else (value**power - 1) / power for value in positive]


def treat(spec, indicator, column):
    """The treated column, and (skewness, kurtosis) before and after, cells pulled, transform, passed."""
    own = indicator.get("treat", {})
    rule = TREATMENT | spec.get("treat", {}) | ({"method": own} if isinstance(own, str) else own)
    if rule["method"] == "none":
        return column, None
    units = [unit for unit, value in column.items() if value is not None]
    original = [column[unit] for unit in units]
    values, pulled, transform = original, 0, "none"
    if not passes(rule, original):
        values, pulled = winsorise(rule, original)
        if not passes(rule, values) and rule["transform"] != "none":
            transform = rule["transform"]
            values = second_stage(rule, values if rule["combine"] else original)
    record = (
        (skewness(original), kurtosis(original)),
        (skewness(values), kurtosis(values)),
        pulled,
        transform,
        passes(rule, values),
    )
    return dict.fromkeys(column) | dict(zip(units, values, strict=True)), record


# Normalisation ------------------------------------------------------------------------------------------------


def normalise(spec, indicator, column):
    """The normalised column; None where a value cannot be placed."""
    table = spec.get("normalise", {})
    own = indicator.get("normalise", {})
    own = {"method": own} if isinstance(own, str) else own
    method = own.get("method", table.get("method", "min_max"))
    beside = {key: indicator[key] for key in ("lower", "upper", "target", "goalposts", "reference") if key in indicator}
    if method == table.get("method", "min_max"):
        given = DEFAULTS.get(method, {}) | table | own | beside
    else:
        shared = {key: value for key, value in table.items() if key not in ("lower", "upper", "method")}
        given = DEFAULTS.get(method, {}) | shared | own | beside
    sign = direction(indicator)
    directed = {unit: value * sign for unit, value in column.items() if value is not None}
    if not directed:
        return dict.fromkeys(column)
    placed = {}
    for unit, x in directed.items():
        try:
            placed[unit] = place(method, given, indicator, directed, unit, x, sign)
        except ZeroDivisionError:
            placed[unit] = None
    return dict.fromkeys(column) | placed


def place(method, given, indicator, directed, unit, x, sign):
    """One value by its formula; x and `directed` are already times direction."""
    values = list(directed.values())
    low, high = min(values), max(values)
    if method == "min_max":
        return (x - low) / (high - low) * (given["upper"] - given["lower"]) + given["lower"]
    if method == "z_score":
        if low == high or len(values) < 2:
            return None
        return (x - mean(values)) / statistics.stdev(values) * given["sd"] + given["mean"]
    if method == "scaled":
        return (x - given["lower"]) / (given["upper"] - given["lower"]) * given["scale"]
    if method == "goalposts":
        first, second = (transformed(indicator, post) for post in given["goalposts"])
        if sign < 0:
            first, second = -second, -first
        share = (x - first) / (second - first)
        if given["truncate"]:
            share = min(1, max(0, share))
        return share * given["scale"]
    if method == "distance_to_target":
        target = transformed(indicator, given["target"]) * sign
        share = (x - low) / (target - low)
        return min(share, 1) if given["cap"] else share
    if method == "distance_to_reference":
        if given["reference"] not in directed:
            return None
        reference = directed[given["reference"]]
        share = 1 - (reference - x) / (reference - low)
        return min(share, 1) if given["cap"] else share
    if method == "distance_to_maximum":
        return 1 - (high - x) / (high - low)
    if method == "rank":
        return ascending_rank(values, x, given["ties"])
    if method == "borda":
        return ascending_rank(values, x, given["ties"]) - 1
    if method == "percentile_rank":
        return (ascending_rank(values, x, given["ties"]) - 1) / (len(values) - 1)
    if method == "fraction_of_maximum":
        return x / high if sign > 0 else high / x
    assert method == "none"
    return x


def same(value):
    """A value to 12 significant digits, by which ties are judged."""
    return float(f"{value:.11e}")


def ascending_rank(values, x, ties):
    """1 for the lowest."""
    values, x = [same(value) for value in values], same(x)
    if ties == "dense":
        return 1 + len({value for value in values if value < x})
    below, equal = sum(value < x for value in values), sum(value == x for value in values)
    return 1 + below + ((equal - 1) / 2 if ties == "average" else 0)


# Aggregation --------------------------------------------------------------------------------------------------


def aggregate(spec, indicators, normalised):
    """unit → every indicator and every node, from the lowest level upwards."""
    scores = {unit: dict(values) for unit, values in normalised.items()}
    rule = spec.get("aggregate", {})
    children = {node["code"]: [] for node in spec["node"]}
    for part in (*spec["indicator"], *spec["node"]):
        if part.get("parent") is not None:
            children[part["parent"]].append((part["code"], part.get("weight", 1)))
    levels = dict.fromkeys(indicators, 1)
    while len(levels) < len(indicators) + len(children):
        for code, below in children.items():
            if code not in levels and all(child in levels for child, _ in below):
                levels[code] = 1 + max(levels[child] for child, _ in below)
    for node in sorted(spec["node"], key=lambda node: levels[node["code"]]):
        code, level = node["code"], levels[node["code"]]
        method = node.get("aggregate") or rule.get("by_level", [rule.get("method", "arithmetic")] * level)[level - 2]
        power = rule.get("power")
        if isinstance(method, dict):
            method, power = method["method"], method.get("power", power)
        threshold = rule.get("min_available", 0)
        threshold = Fraction(str(threshold[level - 2] if isinstance(threshold, list) else threshold))
        families = {
            unit: {child: (values[child], weight) for child, weight in children[code]}
            for unit, values in scores.items()
        }
        whole = copeland(families) if method == "copeland" else {}
        for unit, family in families.items():
            present = [(x, w) for x, w in family.values() if x is not None]
            if not any(w > 0 for _, w in present) or Fraction(len(present), len(family)) < threshold:
                scores[unit][code] = None
            elif method == "copeland":
                scores[unit][code] = whole[unit]
            else:
                scores[unit][code] = combine(method, power, [(x, w) for x, w in present if w > 0])
    return scores


def combine(method, power, family):
    """The mean of the available children (value, weight)."""
    total = math.fsum(w for _, w in family)
    if method == "arithmetic":
        return math.fsum(w * x for x, w in family) / total
    if method == "geometric":
        return math.exp(math.fsum(w * math.log(x) for x, w in family) / total)
    if method == "harmonic":
        return total / math.fsum(w / x for x, w in family)
    if method == "generalised":
        return (math.fsum(w * x**power for x, w in family) / total) ** (1 / power)
    if method == "median":
        return statistics.median(x for x, _ in family)
    assert method == "minimum"
    return min(x for x, _ in family)


def copeland(families):
    """+1 for every unit beaten on more than half of the weight both have, -1 for every one that beats it."""

    def outranks(one, other):
        lead, shared = Fraction(0), Fraction(0)
        for child, (x, weight) in one.items():
            y = other[child][0]
            if x is None or y is None:
                continue
            weight = Fraction(str(weight))
            shared += weight
            lead += weight if same(x) > same(y) else weight / 2 if same(x) == same(y) else 0
        if not shared:
            return 0
        share = lead / shared
        return (share > Fraction(1, 2)) - (share < Fraction(1, 2))

    return {
        unit: float(sum(outranks(one, other) for rival, other in families.items() if rival != unit))
        for unit, one in families.items()
    }


# Ranks --------------------------------------------------------------------------------------------------------


def round_half_up(value, decimals):
    """To 12 significant digits and then half up, on paper."""
    return Decimal(f"{value:.11e}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def rank_column(spec, column):
    """1 for the best."""
    rounding = spec.get("rounding", {})
    keys = {}
    for unit, value in column.items():
        if value is not None:
            is_full = rounding.get("rank_on") == "full"
            keys[unit] = same(value) if is_full else round_half_up(value, rounding.get("decimals", 2))
    ties = rounding.get("ties", "min")
    ranks = dict.fromkeys(column)
    for unit, key in keys.items():
        above, equal = sum(one > key for one in keys.values()), sum(one == key for one in keys.values())
        if ties == "dense":
            ranks[unit] = 1 + len({one for one in keys.values() if one > key})
        else:
            ranks[unit] = 1 + above + ((equal - 1) / 2 if ties == "average" else 0)
    return ranks
