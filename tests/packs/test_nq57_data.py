"""The pack of Resolution 57 holds together: counts, codes, references, spelling, both languages."""

import csv
import json
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import thuocdo
from thuocdo.engine.scoring.spec import load_spec
from thuocdo.engine.spelling import name_key

PACK = Path(thuocdo.__file__).parent / "packs" / "nq57"
TOML_FILES = sorted(PACK.glob("*.toml"))
PEER_GROUPS = {
    "ministries_with_services",
    "ministries_without_services",
    "party_bodies",
    "state_and_mass_bodies",
    "provinces",
    "communes",
    "wards",
    "special_zones",
}
CENTRAL_PEER_GROUPS = PEER_GROUPS - {"provinces", "communes", "wards", "special_zones"}
BLOCS = {
    "centre",
    "party",
    "government",
    "national_assembly",
    "court",
    "procuracy",
    "audit",
    "presidency",
    "front",
}
CENTRAL_KINDS = {
    "centre",
    "bloc",
    "ministry",
    "ministerial_agency",
    "government_agency",
    "party_body",
    "party_committee",
    "assembly_body",
    "court",
    "procuracy",
    "audit",
    "front_body",
    "mass_organisation",
    "state_body",
}
LOCAL_KINDS = {"province", "city", "commune", "ward", "special_zone"}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((PACK / name).read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["code"] for entry in entries]


def assert_unique(values: list[str]) -> None:
    assert [value for value, count in Counter(values).items() if count > 1] == []


def texts_in_two_languages(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every table with a key vi or en, with its place."""
    if isinstance(value, dict):
        if {"vi", "en"} & value.keys():
            yield path, value
        for key, inner in value.items():
            yield from texts_in_two_languages(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in_two_languages(inner, f"{path}[{index}]")


BODIES = read("bodies.toml")["body"]
FORMER = read("bodies.toml")["former_body"]
BODY_CODES = set(codes(BODIES))


class TestFiles:
    def test_the_pack_lists_exactly_the_files_beside_it(self) -> None:
        files = read("pack.toml")["files"]
        assert_unique(files)
        there = {path.relative_to(PACK).as_posix() for path in PACK.rglob("*") if path.is_file()}
        assert set(files) == there - {"pack.toml"}

    def test_there_is_no_code_in_a_pack(self) -> None:
        assert [path.name for path in PACK.rglob("*.py")] == []

    def test_every_file_that_carries_no_comment_has_its_attribution_in_the_pack(self) -> None:
        sources = read("pack.toml")["sources"]
        for name in read("pack.toml")["files"]:
            if not name.endswith(".toml"):
                assert sources[name]
        assert set(sources) <= set(read("pack.toml")["files"])

    @pytest.mark.parametrize("path", TOML_FILES, ids=lambda path: path.name)
    def test_every_file_begins_with_who_approved_it_and_since_when(self, path: Path) -> None:
        comment = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                break
            comment.append(line)
        assert any(line.startswith("# Approved by: ") for line in comment)
        assert any(re.match(r"# Valid (from|for) ", line) for line in comment)

    @pytest.mark.parametrize("path", sorted(filter(Path.is_file, PACK.rglob("*"))), ids=lambda path: path.name)
    def test_every_file_is_nfc_with_unix_line_ends(self, path: Path) -> None:
        content = path.read_bytes().decode("utf-8")
        assert unicodedata.is_normalized("NFC", content)
        assert "\r" not in content

    @pytest.mark.parametrize("path", TOML_FILES, ids=lambda path: path.name)
    def test_every_text_for_people_is_there_in_both_languages(self, path: Path) -> None:
        for place, text in texts_in_two_languages(read(path.name)):
            assert set(text) == {"vi", "en"}, place
            assert text["vi"].strip(), place
            assert text["en"].strip(), place

    def test_the_pack_names_itself(self) -> None:
        pack = read("pack.toml")
        assert pack["code"] == "nq57"
        assert pack["valid_from"] == date(2024, 12, 22)
        assert pack["title"].keys() == pack["programme"].keys() == {"vi", "en"}


class TestAdministrativeUnits:
    def test_counts_are_those_in_force_since_the_thirtieth_of_april_2026(self) -> None:
        kinds = Counter(row["kind"] for row in rows("administrative_units.csv"))
        assert kinds == {"city": 7, "province": 27, "commune": 2611, "ward": 697, "special_zone": 13}

    def test_codes_are_unique_and_every_commune_lies_in_a_province(self) -> None:
        units = rows("administrative_units.csv")
        assert_unique([row["code"] for row in units])
        provinces = {row["code"] for row in units if not row["province_code"]}
        assert {len(code) for code in provinces} == {2}
        for row in units:
            if row["province_code"]:
                assert row["province_code"] in provinces
                assert re.fullmatch(r"\d{5}", row["code"])

    def test_63_former_provinces_went_into_the_34(self) -> None:
        successions = rows("province_successions_2025.csv")
        units = {row["code"]: row["name"] for row in rows("administrative_units.csv") if not row["province_code"]}
        assert len({row["old_code"] for row in successions}) == len(successions) == 63
        assert {row["new_code"]: row["new_name"] for row in successions} == units

    def test_the_map_shows_each_of_the_34_once(self) -> None:
        features = json.loads((PACK / "vn-provinces.geojson").read_text(encoding="utf-8"))["features"]
        provinces = {row["code"] for row in rows("administrative_units.csv") if not row["province_code"]}
        assert sorted(feature["properties"]["code"] for feature in features) == sorted(provinces)
        assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}


class TestBodies:
    def test_the_government_has_14_ministries_3_agencies_of_their_rank_and_5_others(self) -> None:
        kinds = Counter(body["kind"] for body in BODIES)
        assert kinds["ministry"] == 14
        assert kinds["ministerial_agency"] == 3
        assert kinds["government_agency"] == 5

    def test_the_centre_has_6_party_committees_and_the_front_5_socio_political_organisations(self) -> None:
        kinds = Counter(body["kind"] for body in BODIES)
        assert kinds["party_committee"] == 6
        assert kinds["mass_organisation"] == 5
        assert 60 <= len(BODIES) <= 100

    def test_every_field_is_there_and_from_the_known_words(self) -> None:
        required = {
            "code",
            "name",
            "name_en",
            "short_name",
            "abbreviation",
            "bloc",
            "kind",
            "superior",
            "valid_from",
            "peer_group",
            "former_names",
            "aliases",
        }
        for body in BODIES:
            assert required <= body.keys() <= required | {"sector_line"}, body["code"]
            assert body["name"].strip(), body["code"]
            assert body["name_en"].isascii(), body["code"]
            assert body["bloc"] in BLOCS, body["code"]
            assert body["kind"] in CENTRAL_KINDS, body["code"]
            assert body["peer_group"] in CENTRAL_PEER_GROUPS | {""}, body["code"]
        assert {body["bloc"] for body in BODIES} == BLOCS

    def test_codes_are_unique_short_ascii_capitals_that_no_province_can_have(self) -> None:
        assert_unique(codes(BODIES) + codes(FORMER))
        for code in codes(BODIES) + codes(FORMER):
            assert re.fullmatch(r"[A-Z]{2,10}", code)

    def test_everybody_stands_under_the_centre(self) -> None:
        superiors = {body["code"]: body["superior"] for body in BODIES}
        assert [code for code, superior in superiors.items() if not superior] == ["TW"]
        for code in superiors:
            steps, above = 0, code
            while above != "TW":
                above, steps = superiors[above], steps + 1
                assert steps <= 3, f"{code} is too deep or in a circle"

    def test_a_name_means_one_body(self) -> None:
        owners: dict[str, set[str]] = {}
        for body in BODIES:
            names = [
                body["name"],
                body["short_name"],
                body["abbreviation"],
                *body["aliases"],
                *body["former_names"],
            ]
            for name in filter(None, names):
                owners.setdefault(name_key(name), set()).add(body["code"])
        assert {name: sorted(bodies) for name, bodies in owners.items() if len(bodies) > 1} == {}

    def test_every_peer_group_of_the_centre_can_be_ranked(self) -> None:
        sizes = Counter(body["peer_group"] for body in BODIES if body["peer_group"])
        assert set(sizes) == CENTRAL_PEER_GROUPS
        assert min(sizes.values()) >= 5

    def test_merged_bodies_lead_to_bodies_that_remember_their_names(self) -> None:
        former_names = {body["code"]: body["former_names"] for body in BODIES}
        starts = {body["code"]: body["valid_from"] for body in BODIES}
        for former in FORMER:
            assert former["successors"], former["code"]
            assert former["name_en"].isascii(), former["code"]
            for successor in former["successors"]:
                assert successor in BODY_CODES, former["code"]
                assert starts[successor] == former["valid_to"], former["code"]
        assert former_names["BNNMT"] == [
            "Bộ Nông nghiệp và Phát triển nông thôn",
            "Bộ Tài nguyên và Môi trường",
        ]
        successors = {former["code"]: former["successors"] for former in FORMER}
        assert successors["BKHDT"] == ["BTC"]
        assert successors["BTTTT"] == ["BKHCN"]
        assert successors["BLDTBXH"] == ["BNV"]


class TestSectorLines:
    LINES = read("sector_lines.toml")["line"]

    def test_lines_are_unique_with_a_known_head_and_known_kinds(self) -> None:
        assert_unique(codes(self.LINES))
        for line in self.LINES:
            assert line["head"] in BODY_CODES, line["code"]
            assert line["kinds"], line["code"]
            assert set(line["kinds"]) <= LOCAL_KINDS, line["code"]

    def test_a_body_carries_the_line_it_heads_and_no_other(self) -> None:
        heads = {line["code"]: line["head"] for line in self.LINES}
        carried = {body["sector_line"]: body["code"] for body in BODIES if "sector_line" in body}
        assert carried == heads

    def test_every_central_party_committee_directs_a_line_to_the_commune(self) -> None:
        to_the_commune = {line["head"] for line in self.LINES if "commune" in line["kinds"]}
        assert {body["code"] for body in BODIES if body["kind"] == "party_committee"} <= to_the_commune


class TestGroups:
    GROUPS = read("groups.toml")["group"]

    def test_groups_expand_to_known_kinds_that_have_bodies(self) -> None:
        assert_unique(codes(self.GROUPS))
        central = {body["kind"] for body in BODIES} - {"centre", "bloc"}
        for group in self.GROUPS:
            assert group["kinds"], group["code"]
            assert set(group["kinds"]) <= central | LOCAL_KINDS | {"department"}, group["code"]
            assert_unique(group["kinds"])

    def test_a_phrase_is_lower_case_and_means_one_group(self) -> None:
        phrases = [phrase for group in self.GROUPS for phrase in group["phrases"]]
        assert all(group["phrases"] for group in self.GROUPS)
        for phrase in phrases:
            assert phrase == name_key(phrase)
        assert_unique(phrases)

    def test_no_phrase_is_the_name_of_a_body(self) -> None:
        names = {name_key(name) for body in BODIES for name in [body["name"], *body["aliases"]]}
        assert names & {phrase for group in self.GROUPS for phrase in group["phrases"]} == set()

    @pytest.mark.parametrize(
        ("phrase", "inside", "outside"),
        [
            ("các bộ, ngành, địa phương", {"ministry", "province"}, {"commune", "party_body"}),
            ("các bộ, cơ quan trung ương và địa phương", {"ministry", "court", "city"}, {"ward"}),
            ("các đảng ủy ở trung ương", {"party_committee"}, {"party_body"}),
            ("các cơ quan đảng ở trung ương", {"party_body"}, {"party_committee"}),
            ("ubnd các tỉnh, thành phố trực thuộc trung ương", {"province", "city"}, {"ministry"}),
            ("các xã, phường, đặc khu", {"commune", "ward", "special_zone"}, {"province"}),
            (
                "các cấp, các ngành, các cơ quan, đơn vị",
                {"ministry", "party_committee", "special_zone"},
                {"bloc"},
            ),
        ],
    )
    def test_what_directives_say_reaches_whom_they_mean(self, phrase: str, inside: set[str], outside: set[str]) -> None:
        [group] = [group for group in self.GROUPS if phrase in group["phrases"]]
        assert inside <= set(group["kinds"])
        assert not outside & set(group["kinds"])


class TestTargets:
    TARGETS = read("targets.toml")["target"]

    def test_there_are_31_numbered_without_a_gap(self) -> None:
        assert codes(self.TARGETS) == [f"T{number:02}" for number in range(1, 32)]

    def test_owners_exist_and_every_level_fits_its_comparator(self) -> None:
        for target in self.TARGETS:
            code, comparator = target["code"], target["comparator"]
            assert target["owner"] in BODY_CODES, code
            assert target["frequency"] in {"month", "quarter", "year"}, code
            assert isinstance(target["every_year"], bool), code
            assert target["year"] in {2025, 2030, 2045}, code
            if comparator == "between":
                assert target["low"] < target["high"], code
                assert "value" not in target, code
            elif comparator in {"state", "group"}:
                assert isinstance(target["value"], str), code
                assert target["direction"] == 0, code
            else:
                assert comparator in {">=", ">", "<=", "reach", "rank"}, code
                assert isinstance(target["value"], int | float), code
                assert target["direction"] == (-1 if comparator == "rank" else 1), code

    @pytest.mark.parametrize(
        ("code", "comparator", "value", "year"),
        [
            ("T05", ">", 55, 2030),
            ("T08", ">", 80, 2030),
            ("T12", "reach", 2, 2030),
            ("T14", ">=", 3, 2025),
            ("T26", ">=", 50, 2045),
            ("T27", "rank", 30, 2045),
            ("T31", ">=", 15, 2025),
        ],
    )
    def test_levels_are_those_of_the_resolution(self, code: str, comparator: str, value: float, year: int) -> None:
        [target] = [target for target in self.TARGETS if target["code"] == code]
        assert (target["comparator"], target["value"], target["year"]) == (comparator, value, year)

    def test_yearly_duties_are_the_two_budget_shares(self) -> None:
        assert [target["code"] for target in self.TARGETS if target["every_year"]] == ["T14", "T31"]


class TestIndicators:
    INDICATORS = read("indicators.toml")["indicator"]

    def test_codes_are_unique_and_every_word_is_known(self) -> None:
        assert_unique(codes(self.INDICATORS))
        for indicator in self.INDICATORS:
            code = indicator["code"]
            assert re.fullmatch(r"[a-z][a-z_]+", code)
            assert indicator["owner"] in BODY_CODES, code
            assert indicator["direction"] in {1, -1}, code
            assert indicator["comparator"] == (">=" if indicator["direction"] == 1 else "<="), code
            assert indicator["frequency"] in {"month", "quarter", "year"}, code
            assert indicator["provenance_expected"] in {
                "system",
                "independent",
                "cross_checked",
                "declared",
                "derived",
            }, code
            assert set(indicator["applies_to"]) <= PEER_GROUPS, code
            assert indicator["applies_to"], code

    def test_levels_lie_in_the_valid_range_and_paths_run_forward(self) -> None:
        for indicator in self.INDICATORS:
            lower, upper = indicator["lower"], indicator["upper"]
            assert lower < upper, indicator["code"]
            assert 0 < indicator["tolerance"] < upper - lower, indicator["code"]
            path = indicator.get("target_path", [])
            levels = [indicator["target"], *(value for _, value in path)]
            assert all(lower <= level <= upper for level in levels), indicator["code"]
            assert [year for year, _ in path] == sorted({year for year, _ in path}), indicator["code"]

    def test_derived_is_what_the_system_computes_itself(self) -> None:
        for indicator in self.INDICATORS:
            assert ("derived_from" in indicator) == (indicator["provenance_expected"] == "derived")
            assert indicator.get("derived_from", "tasks") in {
                "tasks",
                "indicators",
                "portfolios",
                "recommendations",
                "resources",
                "feedback",
            }

    def test_every_peer_group_is_measured_in_every_pillar(self) -> None:
        parents = {entry["code"]: entry["parent"] for entry in read("scorecard.toml")["indicator"]}
        for group in PEER_GROUPS:
            pillars = {parents[indicator["code"]] for indicator in self.INDICATORS if group in indicator["applies_to"]}
            assert pillars == {"discipline", "resources", "results", "data", "trust"}, group


class TestScorecard:
    TEXT = (PACK / "scorecard.toml").read_text(encoding="utf-8")
    FILE = tomllib.loads(TEXT)

    def test_the_engine_reads_it(self) -> None:
        spec = load_spec(self.TEXT)
        assert spec.top == "index"
        assert spec.confidence.declared == 0.8
        assert spec.aggregating.missing == "zero"
        assert [(one.code, one.lowest) for one in spec.classes] == [
            ("xuat_sac", 90),
            ("tot", 80),
            ("kha", 65),
            ("trung_binh", 50),
            ("yeu", 0),
        ]
        [cap] = spec.caps
        assert (cap.node, cap.below, cap.class_at_most) == ("trust", 50, "kha")

    def test_five_pillars_share_a_hundred_points_and_their_parts_add_up(self) -> None:
        pillars = {node["code"]: node["weight"] for node in self.FILE["node"] if "parent" in node}
        assert pillars == {"discipline": 20, "resources": 15, "results": 35, "data": 10, "trust": 20}
        parts = Counter[str]()
        for indicator in self.FILE["indicator"]:
            parts[indicator["parent"]] += indicator["weight"]
        assert parts == pillars

    def test_it_scores_exactly_the_indicators_of_the_pack_under_their_titles(self) -> None:
        defined = {
            indicator["code"]: (indicator["title"], indicator["direction"])
            for indicator in read("indicators.toml")["indicator"]
        }
        assert {
            indicator["code"]: (indicator["title"], indicator["direction"]) for indicator in self.FILE["indicator"]
        } == defined

    def test_goalposts_lie_in_the_valid_range(self) -> None:
        ranges = {entry["code"]: entry for entry in read("indicators.toml")["indicator"]}
        for indicator in self.FILE["indicator"]:
            low, high = indicator["goalposts"]
            entry = ranges[indicator["code"]]
            assert entry["lower"] <= low < high <= entry["upper"], indicator["code"]

    def test_it_ranks_the_peer_groups_of_the_bodies(self) -> None:
        assert set(codes(self.FILE["peer_group"])) == PEER_GROUPS


class TestCalendar:
    def test_a_swap_frees_a_weekday_and_works_on_a_weekend_for_it(self) -> None:
        for swap in read("calendar.toml")["swap"]:
            assert swap["holiday"].weekday() < 5
            assert swap["working"].weekday() >= 5
            assert swap["source"]

    def test_the_new_year_bridge_of_2026_is_known(self) -> None:
        swaps = {swap["holiday"]: swap["working"] for swap in read("calendar.toml")["swap"]}
        assert swaps[date(2026, 1, 2)] == date(2026, 1, 10)
