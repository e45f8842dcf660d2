"""Keys of source systems: the list, a new key that is shown once, another secret for it, revoking."""

from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.accounts.operations import GRACE, AccountRefused, issue_key, revoke_key, rotate_key
from thuocdo.accounts.permissions import Actor, NotAllowed
from thuocdo.accounts.queries import key_within, keys_within
from thuocdo.indicators.queries import indicators, last_recorded
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.tables import page_of
from thuocdo.web.signed_in import actor_of

from .forms import KeyForm
from .gate import LARGEST, for_administrators, put_beside, shown_before
from .people import SOON
from .secret import fresh_mark, use_mark
from .wording import SCOPE_WORDS

if TYPE_CHECKING:
    from thuocdo.accounts.queries import ApiKey


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def keys(request: HttpRequest) -> HttpResponse:
    """Keys of source systems; a new one is shown in the answer to its form and nowhere else."""
    actor = actor_of(request)
    if request.method != "POST":
        return _keys_page(request, actor)
    form = KeyForm(actor, indicators(), request.POST)
    if form.is_valid():
        if not use_mark(request):
            return shown_before(request, reverse("administration_keys"))
        given = form.cleaned_data
        try:
            made, token = issue_key(
                actor=actor,
                at=timezone.now(),
                body=given["body"],
                title=given["title"],
                indicators=given["indicators"],
                feeds=given["feeds"],
                calls_per_minute=given["calls_per_minute"],
                expires_at=_midnight_after(given["expires_on"]),
                scopes=given["scopes"],
                holder=given["holder"],
            )
        except (AccountRefused, NotAllowed) as error:
            put_beside(form, error)
        else:
            return _keys_page(request, actor, made=made, token=token)
    return _keys_page(request, actor, form=form)


def _midnight_after(last_day: date | None) -> datetime | None:
    return None if last_day is None else timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time()))


def _latest(key: "ApiKey", recorded: datetime | None) -> datetime | None:
    """When the key was last used, to send or only to read."""
    used = key.use.last_used_at if hasattr(key, "use") else None
    return max((one for one in (recorded, used) if one is not None), default=None)


def _keys_page(
    request: HttpRequest,
    actor: Actor,
    *,
    form: KeyForm | None = None,
    made: "ApiKey | None" = None,
    token: str = "",
    is_rotated: bool = False,
) -> HttpResponse:
    page = page_of(request, keys_within(actor))
    now = timezone.now()
    last = last_recorded(key.label for key in page.object_list)
    rows = [
        {
            "key": key,
            "scopes": [SCOPE_WORDS[scope] for scope in key.scopes if scope != "figures:write"],
            "last": _latest(key, last.get(key.label)),
            "former_until": key.former_until if key.former_until and key.former_until > now else None,
            "is_valid": key.revoked_at is None and (key.expires_at is None or key.expires_at > now),
            "ends_soon": key.expires_at is not None and now < key.expires_at <= now + SOON,
            "last_day": None if key.expires_at is None else key.expires_at - timedelta(microseconds=1),
        }
        for key in page.object_list
    ]
    valid = keys_within(actor).filter(revoked_at__isnull=True).exclude(expires_at__lte=now)
    ending = valid.filter(expires_at__lte=now + SOON).count()
    return render(
        request,
        "administration/keys.html",
        {
            "page": page,
            "rows": rows,
            "form": form or KeyForm(actor, indicators()),
            "is_open": form is not None,
            "made": made,
            "token": token,
            "is_rotated": is_rotated,
            "grace_days": GRACE.days,
            "mark": fresh_mark(),
            "valid": valid.count(),
            "ending": ending,
            "address": request.build_absolute_uri("/api/v1/measurements"),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form is not None else HTTPStatus.OK,
    )


@require_POST
@for_administrators
def rotate(request: HttpRequest, number: int) -> HttpResponse:
    """Give a key another secret, shown this once; the one so far still opens for a week."""
    actor = actor_of(request)
    found = key_within(actor, number) if number <= LARGEST else None
    if found is None:
        raise Http404
    if not use_mark(request):
        return shown_before(request, reverse("administration_keys"))
    try:
        made, token = rotate_key(actor=actor, at=timezone.now(), key=found)
    except AccountRefused as error:
        say_wrong(request, str(error), "")
        return redirect("administration_keys")
    return _keys_page(request, actor, made=made, token=token, is_rotated=True)


@require_POST
@for_administrators
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a key at once; there is no way back but a new key."""
    actor = actor_of(request)
    found = key_within(actor, number) if number <= LARGEST else None
    if found is None:
        raise Http404
    revoke_key(actor=actor, at=timezone.now(), key=found)
    say(
        request,
        gettext("Đã thu hồi khóa của %(title)s; mọi lần gửi bằng khóa này bị từ chối từ bây giờ.")
        % {"title": found.title},
    )
    return redirect("administration_keys")
