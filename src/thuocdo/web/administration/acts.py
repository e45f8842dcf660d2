"""What is done to a person: give and end roles, close and reopen the account, a new password."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from thuocdo.accounts.operations import (
    AccountRefused,
    deactivate_account,
    end_role,
    grant_role,
    reactivate_account,
    renew_password,
)
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.accounts.queries import Role, holding_within
from thuocdo.organisations.queries import Hierarchy, body_by_code
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of

from .forms import RoleForm
from .gate import LARGEST, day_after, for_administrators, put_beside, shown_before
from .secret import temporary_password, use_mark
from .views import person_or_404, person_page
from .wording import role_title


@require_POST
@for_administrators
def grant(request: HttpRequest, number: int) -> HttpResponse:
    """Give a person a role."""
    actor = actor_of(request)
    found = person_or_404(actor, number)
    form = RoleForm(actor, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            grant_role(
                actor=actor,
                at=timezone.now(),
                user=found.user,
                role=given["role"],
                body=given["body"],
                over=given["over"],
                valid_from=given["valid_from"],
                valid_to=day_after(given["valid_to"]),
            )
        except (AccountRefused, NotAllowed) as error:
            put_beside(form, error)
        else:
            words = {"role": role_title(given["role"]), "body": named(given["body"])}
            say(request, gettext("Đã giao vai trò %(role)s tại %(body)s.") % words)
            return redirect("administration_person", number=number)
    return person_page(request, actor, found, form=form)


@require_POST
@for_administrators
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a role today; the bar on the next page gives it back."""
    actor = actor_of(request)
    holding = holding_within(actor, number) if number <= LARGEST else None
    if holding is None:
        raise Http404
    user = holding.user_id
    if holding.valid_to is not None and holding.valid_to <= actor.on:
        return redirect("administration_person", number=user)
    words = {
        "vai_tro": holding.role,
        "co_quan": holding.body.code,
        "tren": holding.over.code if holding.over else "",
        "nganh": holding.hierarchy,
        "den": holding.valid_to.isoformat() if holding.valid_to else "",
    }
    said = {"role": role_title(holding.role), "body": named(holding.body)}
    try:
        end_role(actor=actor, at=timezone.now(), holding=holding, on=actor.on)
    except AccountRefused as error:
        text, _sep, remedy = str(error).partition("; ")
        say_wrong(request, text, remedy)
        return redirect("administration_person", number=user)
    undo = f"{reverse('administration_again', args=[user])}?{urlencode({k: v for k, v in words.items() if v})}"
    say_undoable(request, gettext("Đã thôi vai trò %(role)s tại %(body)s từ hôm nay.") % said, undo)
    return redirect("administration_person", number=user)


@require_POST
@for_administrators
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Give back a role that was just ended, from today on."""
    actor = actor_of(request)
    found = person_or_404(actor, number)
    asked = request.GET
    body, over = body_by_code(asked.get("co_quan", "")), body_by_code(asked.get("tren", ""))
    if body is None or asked.get("vai_tro") not in Role.values:
        raise Http404
    try:
        ends = date.fromisoformat(asked["den"]) if asked.get("den") else None
    except ValueError as error:
        raise Http404 from error
    try:
        grant_role(
            actor=actor,
            at=timezone.now(),
            user=found.user,
            role=Role(asked["vai_tro"]),
            body=body,
            over=over,
            hierarchy=asked["nganh"] if asked.get("nganh") in Hierarchy.values else Hierarchy.TERRITORIAL,
            valid_from=actor.on,
            valid_to=ends,
        )
    except AccountRefused as error:
        say_wrong(request, str(error), "")
    else:
        words = {"role": role_title(asked["vai_tro"]), "body": named(body)}
        say(request, gettext("Đã giao lại vai trò %(role)s tại %(body)s.") % words)
    return redirect("administration_person", number=number)


@require_POST
@for_administrators
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close an account; the bar on the next page opens it again."""
    actor = actor_of(request)
    found = person_or_404(actor, number)
    try:
        deactivate_account(actor=actor, at=timezone.now(), user=found.user)
    except AccountRefused as error:
        text, _sep, remedy = str(error).partition("; ")
        say_wrong(request, text, remedy)
    else:
        text = gettext("Đã khóa tài khoản %(name)s; người này không đăng nhập được nữa.") % {
            "name": found.user.username
        }
        say_undoable(request, text, reverse("administration_reopen", args=[number]))
    return redirect("administration_person", number=number)


@require_POST
@for_administrators
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Open a closed account again."""
    actor = actor_of(request)
    found = person_or_404(actor, number)
    reactivate_account(actor=actor, at=timezone.now(), user=found.user)
    say(request, gettext("Đã mở lại tài khoản %(name)s.") % {"name": found.user.username})
    return redirect("administration_person", number=number)


@require_POST
@for_administrators
def password(request: HttpRequest, number: int) -> HttpResponse:
    """A new temporary password, shown in this answer and nowhere else."""
    actor = actor_of(request)
    found = person_or_404(actor, number)
    if not use_mark(request):
        return shown_before(request, reverse("administration_person", args=[number]))
    made = temporary_password()
    renew_password(actor=actor, at=timezone.now(), user=found.user, password=made)
    return person_page(request, actor, found, password=made)
