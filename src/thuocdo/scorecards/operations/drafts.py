"""Drafts of a method: write one, revise it, let it go and bring it back, approve it as the next version."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import quarter_of
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.scoring import Spec
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.scorecards.lifecycle import DRAFT_STEPS, DraftStep
from thuocdo.scorecards.models import Draft, Scorecard

from .methods import checked, load_scorecard

LONGEST = 200_000
LONGEST_NAME = 300


class DraftRefused(ValueError):
    """What cannot be done with a draft; `field` is the one to mend, `code` is for machines."""

    def __init__(self, message: str, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


@transaction.atomic
def draft_method(*, actor: Actor, at: datetime, text: str) -> Draft:
    """Keep the text of a scorecard file as a draft of the next version of a known method; ranks nobody.

    Raises ScorecardRefused for what is no method, DraftRefused for one that is in force already or of no
    known method.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    spec = _read(text)
    draft = Draft.objects.create(**_described(spec, text), drafted_at=at, drafted_by=actor.label)
    _tell(actor, at, draft, "drafted")
    return draft


@transaction.atomic
def revise_draft(*, actor: Actor, at: datetime, draft: Draft, text: str) -> Draft:
    """Replace the text of a draft; what was computed by the former text goes with it."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    draft = _locked(draft, DraftStep.REVISE)
    spec = _read(text)
    described = _described(spec, text)
    if described["digest"] == draft.digest:
        return draft
    if described["code"] != draft.code:
        raise DraftRefused(f"The draft is one of {draft.code}; start another draft for {spec.id}.", "other", "text")
    for name, value in described.items():
        setattr(draft, name, value)
    draft.drafted_at, draft.drafted_by = at, actor.label
    draft.save(update_fields=[*described, "drafted_at", "drafted_by"])
    draft.backcasts.all().delete()
    _tell(actor, at, draft, DraftStep.REVISE.value)
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, at: datetime, draft: Draft) -> Draft:
    """Let a draft go; it can be brought back."""
    return _step(actor, at, draft, DraftStep.DISCARD)


@transaction.atomic
def restore_draft(*, actor: Actor, at: datetime, draft: Draft) -> Draft:
    """Bring a discarded draft back."""
    return _step(actor, at, draft, DraftStep.RESTORE)


@transaction.atomic
def approve_draft(
    *, actor: Actor, at: datetime, draft: Draft, digest: str, approved_by: str, valid_from: date
) -> Scorecard:
    """Make the draft the next version of its method, byte for byte as it was compared.

    `digest` is that of the text the person saw. `valid_from` is the first day of a quarter that is not over:
    no ranking that was made is ranked anew by rules that came later. Raises DraftRefused.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    draft = _locked(draft, DraftStep.APPROVE)
    if digest != draft.digest:
        raise DraftRefused("The draft was revised meanwhile; look at it again.", "revised")
    document = nfc(approved_by).strip()
    if not document:
        raise DraftRefused("Name the document that approves the method.", "no_document", "approved_by")
    if len(document) > LONGEST_NAME:
        raise DraftRefused(f"At most {LONGEST_NAME} characters.", "too_long", "approved_by")
    if quarter_of(valid_from).start != valid_from:
        raise DraftRefused("Write the first day of a quarter.", "not_a_quarter", "valid_from")
    if valid_from < quarter_of(timezone.localdate(at)).start:
        raise DraftRefused("The quarter is over; write the first day of this one or a later one.", "past", "valid_from")
    ends = checked(draft.text).valid_to
    if ends is not None and ends <= valid_from:
        raise DraftRefused(f"The file ends on {ends:%d/%m/%Y}; write an earlier day.", "after_end", "valid_from")
    newest = Scorecard.objects.filter(code=draft.code).order_by("-version").first()
    if newest is not None and valid_from < newest.valid_from:
        raise DraftRefused("The version before it holds from a later day.", "before_former", "valid_from")
    scorecard = load_scorecard(actor=actor, at=at, text=draft.text, valid_from=valid_from, approved_by=document)
    draft.state = DRAFT_STEPS[DraftStep.APPROVE][1]
    draft.scorecard = scorecard
    draft.decided_at, draft.decided_by = at, actor.label
    draft.save(update_fields=["state", "scorecard", "decided_at", "decided_by"])
    _tell(actor, at, draft, DraftStep.APPROVE.value, version=scorecard.version)
    return scorecard


def _step(actor: Actor, at: datetime, draft: Draft, step: DraftStep) -> Draft:
    require_anywhere(actor, Permission.MANAGE_METHODS)
    draft = _locked(draft, step)
    draft.state = DRAFT_STEPS[step][1]
    draft.decided_at, draft.decided_by = (at, actor.label) if step == DraftStep.DISCARD else (None, "")
    draft.save(update_fields=["state", "decided_at", "decided_by"])
    _tell(actor, at, draft, step.value)
    return draft


def _locked(draft: Draft, step: DraftStep) -> Draft:
    """The draft as it stands now, held until the end of the transaction; DraftRefused when the step is not open."""
    found = Draft.objects.select_for_update().get(pk=draft.pk)
    if found.state != DRAFT_STEPS[step][0]:
        raise DraftRefused(f"A draft that is {found.state} cannot {step.value}.", "state")
    return found


def _read(text: str) -> Spec:
    if len(text) > LONGEST:
        raise DraftRefused(f"At most {LONGEST} characters.", "too_long", "text")
    spec = checked(text)
    versions = list(Scorecard.objects.filter(code=spec.id).values_list("digest", "version"))
    if not versions:
        raise DraftRefused(f"No method {spec.id!r} is loaded.", "unknown", "text")
    sealed = digest_of_bytes(text.encode())
    for digest, version in versions:
        if digest == sealed:
            raise DraftRefused(f"This is version {version}, byte for byte.", "same", "text")
    return spec


def _described(spec: Spec, text: str) -> dict[str, str]:
    return {
        "code": spec.id,
        "title": nfc(spec.title.vi),
        "title_en": spec.title.en,
        "text": text,
        "digest": digest_of_bytes(text.encode()),
    }


def _tell(actor: Actor, at: datetime, draft: Draft, step: str, **more: int) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.DRAFT_CHANGED,
        subject=draft.label,
        data={"step": step, "scorecard": draft.code, "digest": draft.digest, **more},
    )
