"""Let the machine read a document again on which it failed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from thuocdo.directives.operations import DirectiveRefused, try_again
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.signed_in import actor_of, login_required

from .views import document_of


@login_required
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for another reading; asked twice, the machine reads once."""
    actor = actor_of(request)
    document = document_of(actor, number)
    try:
        try_again(actor=actor, at=timezone.now(), document=document)
    except DirectiveRefused as error:
        say_wrong(request, gettext("Không đọc lại được."), str(error))
    else:
        say(request, gettext("Máy đang đọc lại văn bản."))
    return redirect("directive", document.pk)
