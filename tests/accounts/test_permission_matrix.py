"""Every permission × every person, for a ministry, its neighbour, a province, its ward and a strange province.

The table is written out by hand, apart from the code that it checks: a change of a right is a change here.
"""

import pytest

from tests.world import World
from thuocdo.accounts.permissions import Permission, bodies_within, may, permissions_for

P = Permission
EVERY = {"TW", "VPTW", "BTP", "BNV", "BYT", "VPCP", "TTCP", "KHXH", "01", "00004", "00025", "48", "20194"}
SCORES = {P.VIEW_SCORES: EVERY}

# Who may what for which bodies; what is not written is forbidden.
EXPECTED: dict[str, dict[Permission, set[str]]] = {
    "thu": dict.fromkeys(
        (
            P.VIEW_SCORES, P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.VIEW_LEDGER, P.RECEIVE_DIRECTIVE,
            P.REVIEW_CANDIDATES, P.ASSIGN_TASK, P.DIVIDE_TASK, P.DECIDE_DISPUTE, P.EXTEND_TASK, P.SUSPEND_TASK,
            P.CANCEL_TASK, P.MANAGE_FIELDS, P.MANAGE_EXCHANGES, P.MANAGE_INDICATORS,
            P.REMARK, P.ERASE_EVIDENCE, P.HOLD_MEETING, P.RECORD_CONCLUSIONS, P.VIEW_DOSSIER,
        ),
        EVERY,
    )
    | dict.fromkeys(
        (
            P.APPROVE_RESULT, P.VIEW_SIGNALS, P.VERIFY_FINDING, P.URGE, P.SET_TARGETS, P.ACCEPT_FIGURES,
            P.UNLOCK_FIGURES, P.REQUEST_DOSSIER,
        ),
        EVERY - {"VPTW"},
    ),
    "lan": SCORES
    | {
        permission: {"BTP"}
        for permission in (
            P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.DIVIDE_TASK, P.ACCEPT_ASSIGNMENT,
            P.DISPUTE_ASSIGNMENT, P.REPORT_PROGRESS, P.SUBMIT_RESULT, P.RECORD_MEASUREMENT, P.REMARK,
            P.ANSWER_FINDING, P.MANAGE_EXCHANGES,
            P.MANAGE_INDICATORS,
        )
    },
    "dung": SCORES
    | {
        permission: {"BTP"}
        for permission in (
            P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.DIVIDE_TASK, P.ACCEPT_ASSIGNMENT,
            P.DISPUTE_ASSIGNMENT, P.SUBMIT_RESULT, P.REMARK, P.ANSWER_FINDING, P.APPROVE_FIGURES,
            P.VIEW_DOSSIER, P.SIGN_DOSSIER,
        )
    },
    "minh": dict.fromkeys((P.VIEW_SCORES, P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.REMARK), EVERY)
    | dict.fromkeys((P.APPROVE_RESULT, P.VIEW_SIGNALS, P.VERIFY_FINDING), EVERY - {"VPCP"}),
    "son": dict.fromkeys((P.VIEW_SCORES, P.VIEW_TASKS, P.VIEW_INDICATORS, P.REMARK), EVERY)
    | {
        P.JUDGE_EFFECTIVENESS: EVERY - {"KHXH"},
        P.VIEW_SIGNALS: EVERY - {"KHXH"},
        P.RECORD_INDEPENDENT_MEASUREMENT: EVERY - {"KHXH"},
        P.VERIFY_FINDING: EVERY - {"KHXH"},
    },
    "thanh": dict.fromkeys(
        (
            P.VIEW_SCORES, P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.VIEW_LEDGER, P.VIEW_SIGNALS,
            P.VIEW_DOSSIER,
        ),
        EVERY,
    ),
    "hoa": dict.fromkeys((P.VIEW_SCORES, P.VIEW_INDICATORS, P.VIEW_LEDGER, P.PUBLISH), EVERY),
    "quan": dict.fromkeys(
        (
            P.VIEW_SCORES, P.VIEW_LEDGER, P.MANAGE_ACCOUNTS, P.MANAGE_BODIES, P.MANAGE_METHODS, P.MANAGE_FIELDS,
            P.MANAGE_EXCHANGES,
        ),
        EVERY,
    ),
    "ha": SCORES
    | {
        permission: {"01", "00004", "00025"}
        for permission in (P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.DIVIDE_TASK, P.REMARK)
    }
    | {P.ACCEPT_FIGURES: {"00004", "00025"}}
    | {
        permission: {"01"}
        for permission in (
            P.ACCEPT_ASSIGNMENT, P.DISPUTE_ASSIGNMENT, P.REPORT_PROGRESS, P.SUBMIT_RESULT, P.RECORD_MEASUREMENT,
            P.MANAGE_INDICATORS, P.MANAGE_EXCHANGES, P.ANSWER_FINDING,
        )
    },
    "an": SCORES
    | {
        permission: {"48", "20194"}
        for permission in (P.VIEW_TASKS, P.VIEW_INDICATORS, P.VIEW_DIRECTIVES, P.DIVIDE_TASK, P.REMARK)
    }
    | {P.ACCEPT_FIGURES: {"20194"}}
    | {
        permission: {"48"}
        for permission in (
            P.ACCEPT_ASSIGNMENT, P.DISPUTE_ASSIGNMENT, P.REPORT_PROGRESS, P.SUBMIT_RESULT, P.RECORD_MEASUREMENT,
            P.MANAGE_INDICATORS, P.MANAGE_EXCHANGES, P.ANSWER_FINDING,
        )
    },
    "binh": {},
}  # fmt: skip


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("person", sorted(EXPECTED))
def test_which_and_may_agree_with_the_table(world: World, person: str, permission: Permission) -> None:
    actor = world.actor(person)
    expected = EXPECTED[person].get(permission, set())
    assert {body.code for body in bodies_within(actor, permission)} == expected
    assert {code for code, body in world.bodies.items() if may(actor, permission, body)} == expected
    held = {code for code, body in world.bodies.items() if permission in permissions_for(actor, body)}
    assert held == expected


def test_the_table_names_everybody_in_the_cast(world: World) -> None:
    assert set(EXPECTED) == set(world.people)
