"""Reads the files of a pack into plain descriptions; decides nothing, writes nothing."""

import csv
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from thuocdo.directives.operations import GroupDescription
from thuocdo.organisations.operations import BodyDescription, SectorLineDescription

PACKS = Path(__file__).resolve().parents[2] / "packs"
# The two-tier map of 34 provinces and 3,321 communes holds from this day.
NEW_MAP = date(2025, 7, 1)
# How far back the record of provinces goes; what was before is not needed by any score.
OLD_MAP = date(2025, 3, 1)

# kind: word before the name, word after the English name, peer group
LOCAL_KINDS = {
    "city": ("Thành phố", "City", "provinces"),
    "province": ("Tỉnh", "Province", "provinces"),
    "ward": ("Phường", "Ward", "wards"),
    "commune": ("Xã", "Commune", "communes"),
    "special_zone": ("Đặc khu", "Special Zone", "special_zones"),
}


class PackUnreadable(ValueError):
    """A pack or one of its files is missing or malformed; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A programme's folder of data files."""

    code: str
    folder: Path

    def toml(self, name: str) -> dict[str, Any]:
        """A TOML file of the pack as a dictionary."""
        try:
            return tomllib.loads(self.text(name))
        except tomllib.TOMLDecodeError as error:
            raise PackUnreadable(f"{self.folder / name}: {error}; correct the line.") from error

    def text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise PackUnreadable(f"{self.folder / name} is missing; restore it from the release.") from error

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        yield from csv.DictReader(self.text(name).splitlines())


def open_pack(code: str) -> Pack:
    """The pack with this code; raises PackUnreadable when there is none."""
    folder = PACKS / code
    if not (folder / "pack.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in PACKS.glob("*/pack.toml")))
        raise PackUnreadable(f"There is no pack {code!r}; the packs here are: {known}.")
    return Pack(code, folder)


def feeds(pack: Pack) -> list[str]:
    """The declarations of the feeds of raw events, as they stand in their files."""
    return [pack.text(f"feeds/{path.name}") for path in sorted((pack.folder / "feeds").glob("*.toml"))]


def central_bodies(pack: Pack, *, only: Collection[str] | None = None) -> list[BodyDescription]:
    """The central bodies of every bloc, and those that went before them.

    With `only`, of the bodies that are ranked just those with these codes, and nobody below one left out.
    """
    file = pack.toml("bodies.toml")
    living = [
        BodyDescription(
            code=body["code"],
            bloc=body["bloc"],
            kind=body["kind"],
            name=body["name"],
            name_en=body["name_en"],
            short_name=body.get("short_name", ""),
            abbreviation=body.get("abbreviation", ""),
            peer_group=body.get("peer_group", ""),
            superior=body.get("superior", ""),
            valid_from=body["valid_from"],
            valid_to=body.get("valid_to"),
            former_names=body.get("former_names", ()),
            aliases=body.get("aliases", ()),
        )
        for body in _kept(file["body"], only)
    ]
    described = {body["code"]: body for body in file["body"]}
    former = [
        BodyDescription(
            code=body["code"],
            bloc=body.get("bloc", described[body["successors"][0]]["bloc"]),
            kind=body.get("kind", described[body["successors"][0]]["kind"]),
            name=body["name"],
            name_en=body.get("name_en", body["name"]),
            valid_from=body.get("valid_from", date(2021, 1, 1)),
            valid_to=body["valid_to"],
        )
        for body in file.get("former_body", [])
    ]
    return living + former


def _kept(bodies: Iterable[Mapping[str, Any]], only: Collection[str] | None) -> list[Mapping[str, Any]]:
    """The bodies without the ranked ones that nobody asked for, and without those that stood under them."""
    kept = [body for body in bodies if only is None or not body.get("peer_group") or body["code"] in only]
    while True:
        codes = {"", *(body["code"] for body in kept)}
        standing = [body for body in kept if body.get("superior", "") in codes]
        if len(standing) == len(kept):
            return kept
        kept = standing


def central_successions(pack: Pack) -> list[tuple[str, str, date]]:
    """Which former central body went into which, and when."""
    return [
        (body["code"], successor, body["valid_to"])
        for body in pack.toml("bodies.toml").get("former_body", [])
        for successor in body["successors"]
    ]


def groups(pack: Pack) -> list[GroupDescription]:
    """The collective addressees: which phrases mean which kinds of bodies."""
    return [
        GroupDescription(
            code=group["code"],
            title_vi=group["title"]["vi"],
            title_en=group["title"]["en"],
            phrases=group["phrases"],
            kinds=group["kinds"],
        )
        for group in pack.toml("groups.toml")["group"]
    ]


def sector_lines(pack: Pack) -> list[SectorLineDescription]:
    """The sector lines that run from a central body to local ones."""
    return [
        SectorLineDescription(
            code=line["code"],
            title_vi=line["title"]["vi"],
            title_en=line["title"]["en"],
            head=line["head"],
            kinds=line["kinds"],
            valid_from=line.get("valid_from", NEW_MAP),
        )
        for line in pack.toml("sector_lines.toml")["line"]
    ]


def local_bodies(pack: Pack, *, superior: str, communes: Collection[str] | None = None) -> list[BodyDescription]:
    """Provinces of the new and the old map and the communes (all, or only those with the given codes)."""
    unchanged = set(_unchanged_codes(pack))
    found: list[BodyDescription] = []
    for row in pack.rows("administrative_units.csv"):
        is_province = not row["province_code"]
        if not is_province and communes is not None and row["code"] not in communes:
            continue
        found.append(
            _local(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                superior=superior if is_province else row["province_code"],
                valid_from=OLD_MAP if row["code"] in unchanged else NEW_MAP,
            )
        )
    for row in pack.rows("province_successions_2025.csv"):
        if row["new_code"] not in unchanged:
            kind = "city" if row["old_name"] in OLD_CITIES else "province"
            found.append(
                _local(
                    code=old_map_code(row["old_code"]),
                    name=row["old_name"],
                    kind=kind,
                    superior=superior,
                    valid_from=OLD_MAP,
                    valid_to=NEW_MAP,
                )
            )
    return found


# Centrally-run cities that were merged with others on 1/7/2025.
OLD_CITIES = {"Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"}


def old_map_code(official: str) -> str:
    """Code of a unit of the old map; official codes are reused by the new map, so they carry a mark."""
    return f"63-{official}"


def province_successions(pack: Pack) -> list[tuple[str, str]]:
    """Pairs (old code, new code) of the provinces that were merged on 1/7/2025."""
    unchanged = set(_unchanged_codes(pack))
    return [
        (old_map_code(row["old_code"]), row["new_code"])
        for row in pack.rows("province_successions_2025.csv")
        if row["new_code"] not in unchanged
    ]


def _unchanged_codes(pack: Pack) -> list[str]:
    into: dict[str, list[str]] = {}
    for row in pack.rows("province_successions_2025.csv"):
        into.setdefault(row["new_code"], []).append(row["old_code"])
    return [new for new, olds in into.items() if len(olds) == 1]


def _local(
    *, code: str, name: str, kind: str, superior: str, valid_from: date, valid_to: date | None = None
) -> BodyDescription:
    word, english, peer_group = LOCAL_KINDS[kind]
    is_province = kind in ("city", "province")
    lower = f"{word[0].lower()}{word[1:]} {name}"
    spoken = [lower, f"TP {name}", f"TP. {name}", f"TP.{name}"] if kind == "city" else [lower]
    offices = [f"{office} {place}" for office in ("UBND", "Ủy ban nhân dân") for place in spoken]
    committee = "Thành ủy" if kind == "city" else "Tỉnh ủy"
    aliases = (*offices, *spoken[1:], f"{committee} {name}")
    return BodyDescription(
        code=code,
        bloc="local",
        kind=kind,
        name=f"{word} {name}",
        name_en=f"{name} {english}",
        short_name=name,
        peer_group="" if valid_to else peer_group,
        superior=superior,
        valid_from=valid_from,
        valid_to=valid_to,
        aliases=aliases if is_province else (),
    )
