"""Pages for people outside, who have no account here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.actions.confirmations import confirm_by_link
from reports.actions.subscriptions import end_by_link
from reports.delivery.confirming import has_ended, subscription_to_confirm
from reports.delivery.unsubscribing import subscription_of
from reports.models import Subscription


# Mail programs post here by themselves and bring no cookie (RFC 8058); the signature in the address stands for one.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; the button, or a mail program, ends the subscription. Looking changes nothing."""
    pk = subscription_of(token)
    if pk is None:
        raise Http404
    subscription = get_object_or_404(Subscription.objects.with_regions(), pk=pk)
    if request.method == "POST":
        end_by_link(subscription=subscription)
        subscription.refresh_from_db(fields=["is_active"])
    with override(subscription.language):
        return render(request, "reports/unsubscribe.html", {"subscription": subscription})


# Readers come from a mail and bring no cookie; the signature in the address stands for one.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; the button confirms the address. Looking changes nothing: programs that check mail look too."""
    pk = subscription_to_confirm(token)
    if pk is None:
        raise Http404
    subscription = get_object_or_404(Subscription.objects.with_regions(), pk=pk)
    is_late = has_ended(token)
    if request.method == "POST" and not is_late:
        confirm_by_link(subscription=subscription)
        subscription.refresh_from_db(fields=["state"])
    context = {"subscription": subscription, "is_late": is_late}
    with override(subscription.language):
        return render(request, "reports/confirm.html", context)
