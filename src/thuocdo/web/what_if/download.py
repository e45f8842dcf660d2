"""A trial as csv: every body with its place before and after, and above nothing that could pass for a ranking."""

import csv
import io

from django.utils.translation import gettext, pgettext

from thuocdo.engine.scoring import Spec
from thuocdo.indicators.files import neutralised
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.scorecards.queries.trials import Trial
from thuocdo.web.design.figures import named
from thuocdo.web.rankings.marks import class_title, part_titles

from .asked import Asked, brief


def as_csv(trial: Trial, asked: Asked, spec: Spec) -> bytes:
    """UTF-8 with a byte order mark; the last columns say in every row what was tried, so that no row can be
    taken for one of the ranking."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            gettext("Hạng thử"),
            gettext("Hạng đang có"),
            gettext("Số bậc"),
            gettext("Mã cơ quan"),
            pgettext("one", "Cơ quan"),
            gettext("Điểm thử"),
            gettext("Điểm đang có"),
            gettext("Xếp loại thử"),
            gettext("Xếp loại đang có"),
            gettext("Điều được thử"),
        ]
    )
    tried = tried_in_words(asked, spec)
    bodies = bodies_by_code(one.code for one in trial.places)
    for place in trial.places:
        row = [
            place.rank,
            place.rank_before,
            place.won,
            place.code,
            named(bodies[place.code]),
            place.score,
            place.score_before,
            class_title(spec, place.score_class),
            class_title(spec, place.class_before),
            tried,
        ]
        writer.writerow([neutralised(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def tried_in_words(asked: Asked, spec: Spec) -> str:
    """Which weights and values were tried, in one line."""
    titles = part_titles(spec)
    parts = [f"{titles[code]}: {brief(weight)}" for code, weight in asked.weights.items()]
    parts += [f"{titles[code]} ({asked.body}): {brief(value)}" for code, value in asked.values.items()]
    return gettext("Phép thử, không phải bảng xếp hạng. %(parts)s") % {"parts": "; ".join(parts)}
