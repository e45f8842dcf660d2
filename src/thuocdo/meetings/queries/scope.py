"""Which bodies and tasks a meeting is about, and which meetings somebody may see."""

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.meetings.lifecycle import ConclusionState, MeetingState
from thuocdo.meetings.models import Meeting, Participant, Series
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import within
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import ProgrammeEntry, Task


def visible_to(actor: Actor) -> QuerySet[Meeting]:
    """Meetings whose holder or office lies within what the actor may see, and those to which such a body comes."""
    if actor.is_machine:
        return Meeting.objects.all()
    bodies = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    comes = Participant.objects.filter(body__in=bodies).values("meeting")
    return Meeting.objects.filter(Q(holder__in=bodies) | Q(office__in=bodies) | Q(pk__in=comes))


def meeting_by_id(number: int, *, actor: Actor) -> Meeting | None:
    """The meeting with this number, if the actor may see it."""
    return visible_to(actor).select_related("series", "holder", "office", "document").filter(pk=number).first()


def with_participants(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings with the bodies that come, in two queries."""
    rows = Participant.objects.select_related("body").order_by("position", "pk")
    return meetings.prefetch_related(Prefetch("participants", rows))


def meetings_listed(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings with `recorded_lines`, how many conclusions each has, ready for a list."""
    recorded = Count("conclusions", filter=Q(conclusions__state=ConclusionState.RECORDED))
    return meetings.select_related("series", "holder").annotate(recorded_lines=recorded)


def participants(meeting: Meeting) -> QuerySet[Participant]:
    """The bodies that come to the meeting."""
    return Participant.objects.filter(meeting=meeting).select_related("body").order_by("position", "pk")


def bodies_of(meeting: Meeting, *, on: date) -> QuerySet[Body]:
    """The bodies whose tasks the meeting discusses."""
    return within([meeting.holder_id], on=on, hierarchy=meeting.reach)


def tasks_of(meeting: Meeting, *, on: date) -> QuerySet[Task]:
    """The tasks that the meeting discusses: owed by a body of its reach, neither drafts nor a body's own affairs."""
    found = Task.objects.filter(lead__in=bodies_of(meeting, on=on).values("pk"), is_local=False)
    found = found.exclude(state=State.DRAFT)
    if not meeting.programme:
        return found
    entries = ProgrammeEntry.objects.filter(version__programme__code=meeting.programme)
    return found.filter(Q(programme=meeting.programme) | Q(pk__in=entries.values("task")))


def previous_of(meeting: Meeting) -> Meeting | None:
    """The last session before this one that was held, in its series."""
    return next(iter(earlier_sessions(meeting)), None)


def earlier_sessions(meeting: Meeting) -> list[Meeting]:
    """The earlier sessions that were held, the last one first, with the moments of their packs.

    Kept with the meeting as it was read: the pack and the page that shows it both ask.
    """
    kept: list[Meeting] | None = getattr(meeting, "_earlier", None)
    if kept is None:
        kept = list(earlier_than(meeting).select_related("pack", "series").defer("pack__content").order_by("-session"))
        meeting._earlier = kept  # type: ignore[attr-defined] # noqa: SLF001
    return kept


def earlier_than(meeting: Meeting) -> QuerySet[Meeting]:
    """All earlier sessions of its series that were held."""
    if meeting.series_id is None or meeting.session is None:
        return Meeting.objects.none()
    held = (MeetingState.HELD, MeetingState.CONCLUDED)
    return Meeting.objects.filter(series=meeting.series_id, session__lt=meeting.session, state__in=held)


def next_of(meeting: Meeting) -> Meeting | None:
    """The session after this one, in its series."""
    if meeting.series_id is None or meeting.session is None:
        return None
    later = Meeting.objects.filter(series=meeting.series_id, session__gt=meeting.session)
    return later.exclude(state=MeetingState.CANCELLED).order_by("session").first()


def upcoming(actor: Actor, today: date) -> Meeting | None:
    """The next meeting that the actor may see, today's included."""
    waiting = visible_to(actor).filter(state__in=(MeetingState.PLANNED, MeetingState.HELD), held_on__gte=today)
    return waiting.select_related("series", "holder").order_by("held_on", "begins_at", "pk").first()


def series_of(actor: Actor) -> QuerySet[Series]:
    """The series in which the actor may plan a meeting."""
    offices = [held.body_id for held in actor.held if Permission.HOLD_MEETING in held.grants]
    reach = bodies_within(actor, Permission.HOLD_MEETING).values("pk")
    found = Series.objects.filter(office__in=offices, holder__in=reach)
    return found.select_related("holder", "office").order_by("title")


def offices_of(actor: Actor, on: date) -> QuerySet[Body]:
    """The bodies in whose name the actor may plan meetings and record conclusions."""
    held = [held.body_id for held in actor.held if Permission.HOLD_MEETING in held.grants]
    return Body.objects.valid_on(on).filter(pk__in=held).order_by("code")


def may_keep(actor: Actor, meeting: Meeting, permission: Permission = Permission.RECORD_CONCLUSIONS) -> bool:
    """Whether the actor keeps this meeting: belongs to its office, with the permission over its holder."""
    if actor.is_machine:
        return True
    if not actor.belongs_to(meeting.office_id):
        return False
    return bodies_within(actor, permission).filter(pk=meeting.holder_id).exists()
