"""People and their roles, one person, a new account."""

from http import HTTPStatus

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from thuocdo.accounts.operations import AccountRefused, grant_role, open_account
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may_anywhere, may_everywhere
from thuocdo.accounts.queries import keys_within, may_manage
from thuocdo.organisations.queries import body_by_code
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.tables import page_of
from thuocdo.web.signed_in import actor_of

from .forms import AccountForm, PeopleFilter, RoleForm
from .gate import LARGEST, day_after, for_administrators, put_beside, shown_before
from .people import Person, found_people, people_of, person_of, tally
from .secret import fresh_mark, temporary_password, use_mark

# Filters that narrow the list.
FILTERS = ("tim", "co_quan", "vai_tro", "tinh_trang")


@require_GET
@for_administrators
def people(request: HttpRequest) -> HttpResponse:
    """People of the bodies within reach, with their roles."""
    actor = actor_of(request)
    form = PeopleFilter(request.GET, actor)
    form.is_valid()
    keys = found_people(actor, form.cleaned_data)
    page = page_of(request, keys)
    rows = people_of(actor, list(page.object_list))
    return render(
        request,
        "administration/people.html",
        {
            "form": form,
            "page": page,
            "rows": rows,
            "found": len(keys),
            "is_narrowed": any(request.GET.get(name) for name in FILTERS),
            "sentence": _people_sentence(actor),
            "keys_number": keys_within(actor).filter(revoked_at__isnull=True).count(),
            "manages_fields": may_anywhere(actor, Permission.MANAGE_FIELDS),
            "reads_ledger": may_everywhere(actor, Permission.VIEW_LEDGER),
        },
    )


def _people_sentence(actor: Actor) -> str:
    counted = tally(actor)
    words = {"people": figure(counted.people), "roles": figure(counted.roles), "bodies": figure(counted.bodies)}
    said = [gettext("%(people)s người đang giữ %(roles)s vai trò tại %(bodies)s cơ quan trong phạm vi của bạn") % words]
    if counted.ending:
        said.append(gettext("%(count)s vai trò hết hạn trong 30 ngày") % {"count": figure(counted.ending)})
    if counted.closed:
        said.append(gettext("%(count)s tài khoản đã khóa") % {"count": figure(counted.closed)})
    return "; ".join(said) + "."


def person_or_404(actor: Actor, number_of_user: int) -> Person:
    """The person, if within the actor's reach; else 404, as if there were nobody."""
    found = person_of(actor, number_of_user) if number_of_user <= LARGEST else None
    if found is None:
        raise Http404
    return found


@require_GET
@for_administrators
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One person: the roles with their times, the account, a form for another role."""
    actor = actor_of(request)
    return person_page(request, actor, person_or_404(actor, number))


def person_page(
    request: HttpRequest, actor: Actor, found: Person, *, form: RoleForm | None = None, password: str = ""
) -> HttpResponse:
    """The page of one person, with a form that was refused or a password that is shown this once."""
    initial = {"body": found.current[0].row.body} if found.current else {}
    form_given = form or RoleForm(actor, initial=initial)
    return render(
        request,
        "administration/person.html",
        {
            "person": found,
            "form": form_given,
            "is_open": form is not None or not found.current,
            "may_close": may_manage(actor, found.user),
            "is_oneself": found.user.pk == actor.user_id,
            "password": password,
            "mark": fresh_mark(),
            "reads_ledger": may_everywhere(actor, Permission.VIEW_LEDGER),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form is not None else HTTPStatus.OK,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_person(request: HttpRequest) -> HttpResponse:
    """Open an account with its first role; the temporary password is shown in the answer and nowhere else."""
    actor = actor_of(request)
    if request.method != "POST":
        body = body_by_code(request.GET.get("co_quan", ""))
        form = AccountForm(actor, initial={"body": body} if body else None)
        return render(request, "administration/new.html", {"form": form, "mark": fresh_mark()})
    form = AccountForm(actor, request.POST)
    if form.is_valid():
        if not use_mark(request):
            return shown_before(request, reverse("administration"))
        given, made = form.cleaned_data, temporary_password()
        try:
            with transaction.atomic():
                user = open_account(
                    actor=actor,
                    at=timezone.now(),
                    username=given["username"],
                    full_name=given["full_name"],
                    body=given["body"],
                    password=made,
                )
                grant_role(
                    actor=actor,
                    at=timezone.now(),
                    user=user,
                    role=given["role"],
                    body=given["body"],
                    over=given["over"],
                    valid_from=given["valid_from"],
                    valid_to=day_after(given["valid_to"]),
                )
        except (AccountRefused, NotAllowed) as error:
            put_beside(form, error)
        else:
            return person_page(request, actor, person_or_404(actor, user.pk), password=made)
    return render(
        request,
        "administration/new.html",
        {"form": form, "mark": fresh_mark()},
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )
