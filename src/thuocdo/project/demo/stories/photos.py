"""Drawn pictures that stand for photographs: a counter in a public office, the same at every loading."""

import io

from PIL import Image, ImageDraw

from thuocdo.project.demo.traits import chance

_WALL, _FLOOR, _DESK, _GLASS, _INK = (226, 232, 228), (150, 132, 116), (111, 78, 55), (188, 210, 220), (60, 60, 64)
_COATS = ((52, 84, 120), (132, 60, 60), (70, 104, 76), (96, 88, 120))


def photo(word: str, *, width: int = 960, quality: int = 84) -> bytes:
    """A JPEG of an office as `word` draws it by lot; another width or quality gives other bytes of the same picture."""
    draw = chance("photo", word)
    picture = Image.new("RGB", (960, 640), _WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 430, 960, 640), fill=_FLOOR)
    pen.rectangle((60, 60, 60 + draw.randint(220, 420), 250), fill=_GLASS, outline=_INK, width=6)
    pen.rectangle((560, 50, 900, 120), fill=(160, 34, 34))
    pen.rectangle((120, 360, 840, 520), fill=_DESK)
    for number in range(draw.randint(2, 4)):
        left = 170 + number * 165 + draw.randint(-30, 30)
        pen.ellipse((left + 22, 215, left + 82, 285), fill=(214, 178, 148))
        pen.rectangle((left, 282, left + 104, 372), fill=draw.choice(_COATS))
    for _ in range(draw.randint(3, 6)):
        left, top = draw.randint(140, 760), draw.randint(330, 352)
        pen.rectangle((left, top, left + 54, top + 34), fill=(244, 244, 240), outline=_INK)
    for x in range(0, 960, 3):
        # Light that falls in from one side, so that the picture is no flat drawing.
        shade = 16 - round(32 * x / 960)
        if shade < 0:
            pen.line((x, 560, x, 640), fill=tuple(max(0, part + shade) for part in _FLOOR))
    height = round(640 * width / 960)
    stream = io.BytesIO()
    picture.resize((width, height)).save(stream, "JPEG", quality=quality)
    return stream.getvalue()
