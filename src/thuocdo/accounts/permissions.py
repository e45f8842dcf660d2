"""Who may do what, where: one enum of permissions, one table of roles, *may* and *which* from it.

Nothing is allowed that does not stand in the table. `may` answers for one body, `bodies_within` for all
of them; both read the same grants, so that a page never lists what it would refuse to open.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto

from django.db.models import Q, QuerySet, Value

from thuocdo.organisations.models import Body, Hierarchy
from thuocdo.organisations.queries import below, within

from .models import Role


class Permission(StrEnum):
    """Everything that can be allowed."""

    VIEW_SCORES = auto()
    VIEW_TASKS = auto()
    VIEW_INDICATORS = auto()
    VIEW_DIRECTIVES = auto()
    VIEW_LEDGER = auto()
    VIEW_SIGNALS = auto()

    RECEIVE_DIRECTIVE = auto()
    REVIEW_CANDIDATES = auto()
    ASSIGN_TASK = auto()
    DECIDE_DISPUTE = auto()
    EXTEND_TASK = auto()
    SUSPEND_TASK = auto()
    CANCEL_TASK = auto()
    URGE = auto()
    # Plan meetings about the tasks of a body and those below it, and write down what they conclude.
    HOLD_MEETING = auto()
    RECORD_CONCLUSIONS = auto()

    # Make parts of a task and tasks of one's own, for bodies at and below one's own, and steer those.
    DIVIDE_TASK = auto()
    ACCEPT_ASSIGNMENT = auto()
    DISPUTE_ASSIGNMENT = auto()
    REPORT_PROGRESS = auto()
    SUBMIT_RESULT = auto()
    APPROVE_RESULT = auto()
    JUDGE_EFFECTIVENESS = auto()
    # Say something about a task that one sees; erase a file with personal data from its evidence.
    REMARK = auto()
    ERASE_EVIDENCE = auto()

    RECORD_MEASUREMENT = auto()
    RECORD_INDEPENDENT_MEASUREMENT = auto()
    FEED_MEASUREMENT = auto()
    # See to a finding that figures and reality differ: have it verified, judge it, draw samples;
    # answer it for one's body.
    VERIFY_FINDING = auto()
    ANSWER_FINDING = auto()
    # Sign off the figures of one's own body; take over those of the bodies below; open a locked period for a term.
    APPROVE_FIGURES = auto()
    ACCEPT_FIGURES = auto()
    UNLOCK_FIGURES = auto()

    # Keep indicators of one's own beside those of the programme; say which levels are due at a body.
    MANAGE_INDICATORS = auto()
    SET_TARGETS = auto()

    # Say what a body and those below it want to know of their tasks besides what everybody asks.
    MANAGE_FIELDS = auto()
    # Keep what other systems call the tasks of a body, and how the columns of their lists are read.
    MANAGE_EXCHANGES = auto()
    # Heads' records of what they answer for: look at one, sign one's own, ask another head to sign.
    VIEW_DOSSIER = auto()
    SIGN_DOSSIER = auto()
    REQUEST_DOSSIER = auto()
    PUBLISH = auto()
    MANAGE_ACCOUNTS = auto()
    MANAGE_BODIES = auto()
    MANAGE_METHODS = auto()


class Reach(Enum):
    """How far a grant goes from the body at which the role is held."""

    OWN = auto()  # the body itself
    SUBTREE = auto()  # the body of reach and everything below it
    OTHERS = auto()  # the same, but never the body that the person belongs to
    EVERYWHERE = auto()


P, R = Permission, Reach
_SIGNED_IN = {P.VIEW_SCORES: R.EVERYWHERE, P.VIEW_INDICATORS: R.SUBTREE}

ROLES: dict[Role, dict[Permission, Reach]] = {
    Role.STANDING_OFFICE: {
        P.VIEW_SCORES: R.EVERYWHERE,
        P.VIEW_TASKS: R.SUBTREE,
        P.VIEW_INDICATORS: R.SUBTREE,
        P.VIEW_DIRECTIVES: R.SUBTREE,
        P.VIEW_LEDGER: R.SUBTREE,
        P.RECEIVE_DIRECTIVE: R.SUBTREE,
        P.REVIEW_CANDIDATES: R.SUBTREE,
        P.ASSIGN_TASK: R.SUBTREE,
        P.DECIDE_DISPUTE: R.SUBTREE,
        P.EXTEND_TASK: R.SUBTREE,
        P.SUSPEND_TASK: R.SUBTREE,
        P.CANCEL_TASK: R.SUBTREE,
        # Nobody writes an urging note to their own house.
        P.URGE: R.OTHERS,
        P.HOLD_MEETING: R.SUBTREE,
        P.RECORD_CONCLUSIONS: R.SUBTREE,
        P.DIVIDE_TASK: R.SUBTREE,
        P.APPROVE_RESULT: R.OTHERS,
        P.REMARK: R.SUBTREE,
        P.ERASE_EVIDENCE: R.SUBTREE,
        P.MANAGE_FIELDS: R.SUBTREE,
        P.MANAGE_EXCHANGES: R.SUBTREE,
        P.MANAGE_INDICATORS: R.SUBTREE,
        # Nobody sets the levels by which their own house is measured.
        P.SET_TARGETS: R.OTHERS,
        # Nobody looks for the signs of a doubt in the figures of their own house.
        P.VIEW_SIGNALS: R.OTHERS,
        P.VERIFY_FINDING: R.OTHERS,
        P.ACCEPT_FIGURES: R.OTHERS,
        P.UNLOCK_FIGURES: R.OTHERS,
        P.VIEW_DOSSIER: R.SUBTREE,
        # Nobody asks their own head to answer to them.
        P.REQUEST_DOSSIER: R.OTHERS,
    },
    Role.FOCAL_POINT: _SIGNED_IN
    | {
        P.VIEW_TASKS: R.SUBTREE,
        P.VIEW_DIRECTIVES: R.SUBTREE,
        P.DIVIDE_TASK: R.SUBTREE,
        P.ACCEPT_ASSIGNMENT: R.OWN,
        P.DISPUTE_ASSIGNMENT: R.OWN,
        P.REPORT_PROGRESS: R.OWN,
        P.SUBMIT_RESULT: R.OWN,
        P.REMARK: R.SUBTREE,
        P.RECORD_MEASUREMENT: R.OWN,
        P.ANSWER_FINDING: R.OWN,
        P.ACCEPT_FIGURES: R.OTHERS,
        P.MANAGE_EXCHANGES: R.OWN,
        P.MANAGE_INDICATORS: R.OWN,
    },
    Role.HEAD: _SIGNED_IN
    | {
        P.VIEW_TASKS: R.SUBTREE,
        P.VIEW_DIRECTIVES: R.SUBTREE,
        P.DIVIDE_TASK: R.SUBTREE,
        P.ACCEPT_ASSIGNMENT: R.OWN,
        P.DISPUTE_ASSIGNMENT: R.OWN,
        P.SUBMIT_RESULT: R.OWN,
        P.REMARK: R.SUBTREE,
        P.URGE: R.OTHERS,
        P.ANSWER_FINDING: R.OWN,
        P.APPROVE_FIGURES: R.OWN,
        P.ACCEPT_FIGURES: R.OTHERS,
        P.UNLOCK_FIGURES: R.OTHERS,
        P.VIEW_DOSSIER: R.OWN,
        P.SIGN_DOSSIER: R.OWN,
    },
    Role.VERIFIER: {
        P.VIEW_SCORES: R.EVERYWHERE,
        P.VIEW_TASKS: R.SUBTREE,
        P.VIEW_INDICATORS: R.SUBTREE,
        P.VIEW_DIRECTIVES: R.SUBTREE,
        P.APPROVE_RESULT: R.OTHERS,
        P.REMARK: R.SUBTREE,
        P.VIEW_SIGNALS: R.OTHERS,
        P.VERIFY_FINDING: R.OTHERS,
    },
    Role.EVALUATOR: {
        P.VIEW_SCORES: R.EVERYWHERE,
        P.VIEW_TASKS: R.SUBTREE,
        P.VIEW_INDICATORS: R.SUBTREE,
        P.JUDGE_EFFECTIVENESS: R.OTHERS,
        P.REMARK: R.SUBTREE,
        P.VIEW_SIGNALS: R.OTHERS,
        P.RECORD_INDEPENDENT_MEASUREMENT: R.OTHERS,
        P.VERIFY_FINDING: R.OTHERS,
    },
    # The inspector stands outside the tree: sees everything, writes nothing.
    Role.INSPECTOR: {
        P.VIEW_SCORES: R.EVERYWHERE,
        P.VIEW_TASKS: R.EVERYWHERE,
        P.VIEW_INDICATORS: R.EVERYWHERE,
        P.VIEW_DIRECTIVES: R.EVERYWHERE,
        P.VIEW_LEDGER: R.EVERYWHERE,
        P.VIEW_SIGNALS: R.EVERYWHERE,
        P.VIEW_DOSSIER: R.EVERYWHERE,
    },
    Role.PUBLISHER: _SIGNED_IN | {P.VIEW_LEDGER: R.SUBTREE, P.PUBLISH: R.SUBTREE},
    Role.ADMINISTRATOR: {
        P.VIEW_SCORES: R.EVERYWHERE,
        P.VIEW_LEDGER: R.SUBTREE,
        P.MANAGE_ACCOUNTS: R.SUBTREE,
        P.MANAGE_BODIES: R.SUBTREE,
        P.MANAGE_METHODS: R.SUBTREE,
        P.MANAGE_FIELDS: R.SUBTREE,
        P.MANAGE_EXCHANGES: R.SUBTREE,
    },
    # Every key is narrowed to what its scopes name (`SCOPES`): without them it sends figures and nothing else.
    Role.SOURCE_SYSTEM: {
        P.FEED_MEASUREMENT: R.SUBTREE,
        P.VIEW_INDICATORS: R.SUBTREE,
        P.VIEW_TASKS: R.SUBTREE,
        P.VIEW_DIRECTIVES: R.SUBTREE,
        P.ACCEPT_ASSIGNMENT: R.SUBTREE,
        P.DISPUTE_ASSIGNMENT: R.SUBTREE,
        P.REPORT_PROGRESS: R.SUBTREE,
        P.SUBMIT_RESULT: R.SUBTREE,
    },
}

_SEEN = frozenset({P.VIEW_TASKS, P.VIEW_DIRECTIVES})
# What a key may be given. What only people do (assign, judge) needs a person who holds the key, and their role.
SCOPES: dict[str, frozenset[Permission]] = {
    "figures:write": frozenset({P.FEED_MEASUREMENT}),
    "figures:read": frozenset({P.VIEW_INDICATORS}),
    "tasks:read": _SEEN,
    "tasks:report": _SEEN | {P.ACCEPT_ASSIGNMENT, P.DISPUTE_ASSIGNMENT, P.REPORT_PROGRESS, P.SUBMIT_RESULT},
    "tasks:assign": _SEEN | {P.ASSIGN_TASK, P.DIVIDE_TASK, P.EXTEND_TASK, P.CANCEL_TASK, P.DECIDE_DISPUTE},
    "tasks:judge": _SEEN | {P.APPROVE_RESULT},
}
OF_PEOPLE = frozenset({"tasks:assign", "tasks:judge"})


@dataclass(frozen=True, slots=True)
class Held:
    """A role as held now: where the person belongs, and the body whose subtree the role reaches.

    `only` is what a key narrows the role to; None is the whole role.
    """

    role: Role
    body_id: int
    over_id: int
    hierarchy: str = Hierarchy.TERRITORIAL
    only: frozenset[Permission] | None = None

    @property
    def grants(self) -> dict[Permission, Reach]:
        """What the role allows, and how far, without what it is narrowed by."""
        granted = ROLES[self.role]
        if self.only is None:
            return granted
        return {permission: reach for permission, reach in granted.items() if permission in self.only}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with the roles held on the day; `label` is what the ledger writes.

    `is_machine` is the system's own hand (extraction, derivation, the pack loader): it may do everything,
    and no door ever makes one from a request.
    """

    label: str
    on: date
    held: tuple[Held, ...] = ()
    user_id: int | None = None
    key_id: int | None = None
    is_machine: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    def has_role(self, *roles: Role) -> bool:
        return any(held.role in roles for held in self.held)

    def belongs_to(self, body_id: int) -> bool:
        """Whether the person holds any role at the body; decides conflicts of interest."""
        return any(held.body_id == body_id for held in self.held)


class NotAllowed(PermissionError):
    """The actor may not do this to this body; doors answer with 403 or 404, never with a hint."""

    def __init__(self, actor: Actor, permission: Permission, body: Body | None = None) -> None:
        super().__init__(f"{actor.label} may not {permission} for {body.code if body else 'any body'}")
        self.permission = permission


def anonymous(on: date) -> Actor:
    """The public: no role, hence no permission."""
    return Actor(label="public", on=on)


def machine(name: str, on: date) -> Actor:
    """The system itself, by the name of its part: `system:extraction`."""
    return Actor(label=f"system:{name}", on=on, is_machine=True)


def _reaches(actor: Actor, permission: Permission) -> list[tuple[Held, Reach]]:
    return [(held, held.grants[permission]) for held in actor.held if permission in held.grants]


def bodies_within(actor: Actor, permission: Permission) -> QuerySet[Body]:
    """*Which*: the bodies for which the actor has the permission on the actor's day."""
    if actor.is_machine:
        return Body.objects.all()
    allowed = Q(pk__in=[])
    for held, reach in _reaches(actor, permission):
        match reach:
            case Reach.EVERYWHERE:
                return Body.objects.all()
            case Reach.OWN:
                allowed |= Q(pk=held.body_id)
            case Reach.SUBTREE:
                allowed |= _subtree(held, actor.on)
            case Reach.OTHERS:
                allowed |= _subtree(held, actor.on) & ~Q(pk__in=_memberships(actor))
    return Body.objects.filter(allowed)


def may(actor: Actor, permission: Permission, body: Body) -> bool:
    """Whether the actor has the permission for this body on the actor's day."""
    return bodies_within(actor, permission).filter(pk=body.pk).exists()


def permissions_for(actor: Actor, body: Body) -> frozenset[Permission]:
    """Everything that the actor may do for this body, in one query."""
    return permissions_for_each(actor, [body.pk])[body.pk]


def permissions_for_each(actor: Actor, bodies: Collection[int]) -> dict[int, frozenset[Permission]]:
    """By body (id): everything that the actor may do for it, in one query however many roles there are."""
    if actor.is_machine:
        return dict.fromkeys(bodies, frozenset(Permission))
    covered: dict[Held, set[int]] = {}
    asked = []
    for place, held in enumerate(actor.held):
        reaches = held.grants.values()
        if Reach.SUBTREE in reaches or Reach.OTHERS in reaches:
            covered[held] = set()
            found = within([held.over_id], on=actor.on, hierarchy=held.hierarchy).filter(pk__in=bodies)
            asked.append(found.order_by().values_list(Value(place), "pk"))
    if asked:
        for place, body in asked[0].union(*asked[1:]) if len(asked) > 1 else asked[0]:
            covered[actor.held[place]].add(body)
    return {body: _allowed(actor, body, {held for held, pks in covered.items() if body in pks}) for body in bodies}


def _allowed(actor: Actor, body: int, covering: Collection[Held]) -> frozenset[Permission]:
    own = actor.belongs_to(body)
    allowed = set()
    for held in actor.held:
        for permission, reach in held.grants.items():
            match reach:
                case Reach.EVERYWHERE:
                    reaches = True
                case Reach.OWN:
                    reaches = held.body_id == body
                case Reach.SUBTREE:
                    reaches = held in covering
                case Reach.OTHERS:
                    reaches = held in covering and not own
            if reaches:
                allowed.add(permission)
    return frozenset(allowed)


def may_anywhere(actor: Actor, permission: Permission) -> bool:
    """Whether any role of the actor grants the permission for some body; decides what a menu offers."""
    return actor.is_machine or bool(_reaches(actor, permission))


def may_everywhere(actor: Actor, permission: Permission) -> bool:
    """Whether the permission reaches every body of the actor's day; for what tells of all bodies at once."""
    if not may_anywhere(actor, permission):
        return False
    allowed = bodies_within(actor, permission).values("pk")
    return not Body.objects.valid_on(actor.on).exclude(pk__in=allowed).exists()


def require(actor: Actor, permission: Permission, body: Body) -> None:
    """Raises NotAllowed unless the actor has the permission for the body."""
    if not may(actor, permission, body):
        raise NotAllowed(actor, permission, body)


def require_anywhere(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed unless some role of the actor grants the permission."""
    if not may_anywhere(actor, permission):
        raise NotAllowed(actor, permission)


def _subtree(held: Held, on: date) -> Q:
    return below([held.over_id], on=on, hierarchy=held.hierarchy)


def _memberships(actor: Actor) -> list[int]:
    return [held.body_id for held in actor.held]
