"""The tag that sets a drawing on a page: its title, its legend, the drawing, and its figures as a table."""

from datetime import datetime
from typing import Any

from django.template import Library

from thuocdo.web.charts.drawing import Drawing

register = Library()


@register.inclusion_tag("charts/_figure.html")
def chart(drawing: Drawing, as_of: datetime | None = None, source: str = "") -> dict[str, Any]:
    """A drawing with the table of its figures beside it, folded until it is wanted."""
    return {"drawing": drawing, "as_of": as_of, "source": source}
