"""The two old Vietnamese encodings, TCVN3 (ABC) and VNI, as they look when their bytes are read as Windows-1252."""

import re

# TCVN 5712 VN3, one byte a letter. Capitals with a tone have no codes of their own: fonts ending in H drew them.
_TCVN3_FROM = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§"
_TCVN3_TO = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
TCVN3 = str.maketrans(_TCVN3_FROM, _TCVN3_TO)

# VNI for Windows: a letter and the sign that follows it.
_VNI_PLAIN = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_CIRCUMFLEX = dict(zip("âáàåãä", ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"], strict=True))
_VNI_BREVE = dict(zip("êéèúüë", ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"], strict=True))
_VNI_SINGLE = str.maketrans("ñÑæóòîÆÓÒÎôöÔÖ", "đĐỉĩịỵỈĨỊỴơưƠƯ")
_VNI_PAIR = re.compile(r"([aAeEoOuUyYôÔöÖ])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])")


def from_vni(text: str) -> str:
    """Return VNI text (read as Windows-1252) with combining marks, yet to be composed."""
    kept: dict[str, str] = {}

    def pair(match: re.Match[str]) -> str:
        letter, sign = match[1], match[2].lower()
        letter = letter.translate(_VNI_SINGLE)
        if sign in _VNI_PLAIN:
            written = letter + _VNI_PLAIN[sign]
        elif sign in _VNI_CIRCUMFLEX and match[1].lower() in "aeo":
            written = letter + "\u0302" + _VNI_CIRCUMFLEX[sign]
        elif sign in _VNI_BREVE and match[1].lower() == "a":
            written = letter + "\u0306" + _VNI_BREVE[sign]
        else:
            return match[0]
        # Composed letters are set aside, so that the table of single signs does not change them again.
        key = chr(0xE000 + len(kept) % 0x1800)
        known = next((k for k, v in kept.items() if v == written), None)
        kept[known or key] = written
        return known or key

    paired = _VNI_PAIR.sub(pair, text).translate(_VNI_SINGLE)
    return "".join(kept.get(c, c) for c in paired)
