"""A head's dossier: frozen as known at a moment, signed by the head, asked for by the standing office."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.engine.canonical import canonical_json, digest
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Appointment
from thuocdo.publications.lifecycle import Tenure, Term, parse_term
from thuocdo.publications.models import Dossier, Request, Signature
from thuocdo.publications.queries import content_of, dossier_content, record_of, rights_over, seat_of

from .refusals import PublicationRefused

LONGEST_TEXT = 5000


@transaction.atomic
def freeze_dossier(*, actor: Actor, at: datetime, appointment: Appointment, term: Term) -> Dossier:
    """Freeze what a head answers for in a term, as known now, as the next version.

    Heads freeze their own, the standing office those of others. Raises NotAllowed or PublicationRefused.
    """
    current = Appointment.objects.select_for_update(of=("self",)).select_related("body").get(pk=appointment.pk)
    body, today = current.body, localdate(at)
    tenure = _tenure(current, term, today)
    if not rights_over(actor, body, tenure).may_freeze:
        raise NotAllowed(actor, Permission.SIGN_DOSSIER, body)
    record = record_of(seat_of(body), tenure, term, today)
    content = dossier_content(body, record, known_at=at, newest=newest_number())
    facts_digest = digest(content["facts"])
    former = (
        Dossier.objects.filter(appointment=current, term=term.label)
        .select_related("signature")
        .order_by("-number")
        .first()
    )
    if former is not None and former.facts_digest == facts_digest and not hasattr(former, "signature"):
        raise PublicationRefused(
            gettext("Hồ sơ bản %(number)s đang chờ ký và số liệu không có gì khác; mở bản đó để ký.")
            % {"number": former.number},
            code="nothing_new",
        )
    text = canonical_json(content)
    dossier = Dossier.objects.create(
        body=body,
        appointment=current,
        term=term.label,
        number=former.number + 1 if former else 1,
        content=text,
        digest=digest(content),
        facts_digest=facts_digest,
        until=record.until or today,
        known_at=at,
        by_label=actor.label,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.DOSSIER_FROZEN,
        subject=dossier.label,
        data={
            "body": body.code,
            "appointment": current.pk,
            "term": term.label,
            "version": dossier.number,
            "until": dossier.until,
            "digest": dossier.digest,
        },
    )
    return dossier


@transaction.atomic
def sign_dossier(
    *,
    actor: Actor,
    at: datetime,
    dossier: Dossier,
    accepts: bool,
    remark: str = "",
    explanations: Mapping[str, str] | None = None,
) -> Signature:
    """The head has seen a version and answers for it; explanations are given by key of a late row.

    Raises NotAllowed for anybody but the head of those days, PublicationRefused without `accepts`, for a version
    that is signed or no longer the newest, for an explanation of a row that it does not have.
    """
    current = Dossier.objects.select_for_update(of=("self",)).select_related("body", "appointment").get(pk=dossier.pk)
    term = parse_term(current.term)
    tenure = _tenure(current.appointment, term, localdate(at))
    if not rights_over(actor, current.body, tenure).may_sign:
        raise NotAllowed(actor, Permission.SIGN_DOSSIER, current.body)
    if not accepts:
        raise PublicationRefused(
            gettext("Chưa xác nhận trách nhiệm; đánh dấu “Tôi đã xem và chịu trách nhiệm” rồi ký."),
            code="not_accepted",
            field="accepts",
        )
    if Signature.objects.filter(dossier=current).exists():
        raise PublicationRefused(gettext("Bản này đã được ký; tải lại trang để xem."), code="signed_already")
    if Dossier.objects.filter(appointment=current.appointment, term=current.term, number__gt=current.number).exists():
        raise PublicationRefused(
            gettext("Đã có bản mới hơn của hồ sơ này; mở bản mới nhất để ký."), code="not_the_newest"
        )
    words = _text(remark, "remark")
    known = {row.key for row in content_of(current).late_rows}
    given = {key: text for key, said in (explanations or {}).items() if (text := _text(said, "explanations"))}
    if not known >= given.keys():
        raise PublicationRefused(
            gettext("Có giải trình cho dòng không thuộc việc chậm của hồ sơ; tải lại trang rồi nhập lại."),
            code="no_such_row",
            field="explanations",
        )
    signature = Signature.objects.create(
        dossier=current,
        remark=words,
        explanations=given,
        digest=digest({"dossier": current.digest, "remark": words, "explanations": given}),
        at=at,
        by_label=actor.label,
        by_user_id=actor.user_id,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.DOSSIER_SIGNED,
        subject=current.label,
        data={
            "body": current.body.code,
            "appointment": current.appointment_id,
            "term": current.term,
            "version": current.number,
            "digest": current.digest,
            "signature": signature.digest,
            "explained": len(given),
        },
    )
    return signature


@transaction.atomic
def request_dossier(
    *, actor: Actor, at: datetime, appointment: Appointment, term: Term, reply_by: date, note: str = ""
) -> Request:
    """Ask a head to sign the dossier of a term until a day. Raises NotAllowed or PublicationRefused."""
    today = localdate(at)
    tenure = _tenure(appointment, term, today)
    if not rights_over(actor, appointment.body, tenure).may_request:
        raise NotAllowed(actor, Permission.REQUEST_DOSSIER, appointment.body)
    if reply_by < today:
        raise PublicationRefused(
            gettext("Hạn ký đã qua; chọn hôm nay hoặc một ngày sau."), code="day_has_passed", field="reply_by"
        )
    asked = Request.objects.create(
        body=appointment.body,
        appointment=appointment,
        term=term.label,
        reply_by=reply_by,
        note=_text(note, "note"),
        at=at,
        by_label=actor.label,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.DOSSIER_REQUESTED,
        subject=appointment.body.label,
        data={"appointment": appointment.pk, "term": term.label, "reply_by": reply_by, "request": asked.pk},
    )
    return asked


def _tenure(appointment: Appointment, term: Term, today: date) -> Tenure:
    """The days of the appointment in the term; refuses a term without a day in office until today."""
    tenure = seat_of(appointment.body).tenure(term, str(appointment.pk))
    if tenure is None or tenure.days.first > today:
        raise PublicationRefused(
            gettext("Người đứng đầu này chưa có ngày nào giữ chức trong kỳ; chọn kỳ khác."),
            code="not_in_office",
            field="term",
        )
    return tenure


def _text(words: str, field: str) -> str:
    text = nfc(words).strip()
    if len(text) > LONGEST_TEXT:
        raise PublicationRefused(
            gettext("Nội dung dài quá %(most)s ký tự; rút gọn lại.") % {"most": LONGEST_TEXT},
            code="too_long",
            field=field,
        )
    return text
