"""What two copies agree on when they report to each other: its version, its header, and which steps are decisions."""

# The version that this programme speaks, and those that it understands.
VERSION = 1
UNDERSTOOD = frozenset({1})
HEADER = "Thuocdo-Exchange"
# How the ledger names whoever carries out what the other side decided.
MACHINE = "exchange"

# Steps of the parent's side that the child carries out as well.
DECISIONS = (
    "return_result",
    "recall_return",
    "approve_result",
    "reopen",
    "uphold",
    "suspend",
    "resume",
    "cancel",
    "withdraw",
    "extend",
    "refuse_extension",
)
# What the lead body does, by its step, and the resource of the parent's task under which it is told.
REPORTED = {
    "accept_assignment": "acceptance",
    "report_progress": "reports",
    "submit": "submissions",
    "dispute": "disputes",
    "request_extension": "extension-requests",
}
