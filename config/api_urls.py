"""The API, composed of what each app offers. Addresses are plural nouns; acts on a record are below it."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.signing_in.tokens import IntrospectView, RevokeView, TokenView
from config.api_docs import DocsView, SchemaView
from displacement.api.views.casualties import CasualtyViewSet, IncidentViewSet
from displacement.api.views.claims import ClaimChoiceViewSet, ClaimViewSet, SourceViewSet
from displacement.api.views.expected_reports import ExpectedReportViewSet
from displacement.api.views.movements import MovementViewSet, SpecificNeedViewSet
from displacement.api.views.people import HouseholdViewSet, PersonViewSet
from displacement.api.views.shared import SharedPersonViewSet
from exchange.api.agreements import AgreementViewSet
from exchange.api.changes import ChangeViewSet
from intake.api.forms import KoboFormViewSet
from intake.api.views import BatchViewSet
from regions.api.views import OperationViewSet, RegionViewSet
from reports.api.acknowledgements import FlagAcknowledgementViewSet
from reports.api.errata import ErratumViewSet
from reports.api.figures import FigureViewSet
from reports.api.subscriptions import SubscriptionViewSet
from reports.api.views import EditionViewSet
from retention.api.erasures import ErasureViewSet
from shelters.api.views import HeadcountViewSet, ShelterViewSet, StayViewSet

router = SimpleRouter()
router.register("regions", RegionViewSet, "region")
router.register("operations", OperationViewSet, "operation")
router.register("specific-needs", SpecificNeedViewSet, "specific-need")
router.register("households", HouseholdViewSet, "household")
router.register("people", PersonViewSet, "person")
router.register("erasures", ErasureViewSet, "erasure")
router.register("shared-people", SharedPersonViewSet, "shared-person")
router.register("agreements", AgreementViewSet, "agreement")
router.register("movements", MovementViewSet, "movement")
router.register("shelters", ShelterViewSet, "shelter")
router.register("stays", StayViewSet, "stay")
router.register("headcounts", HeadcountViewSet, "headcount")
router.register("incidents", IncidentViewSet, "incident")
router.register("casualties", CasualtyViewSet, "casualty")
router.register("sources", SourceViewSet, "source")
router.register("claims", ClaimViewSet, "claim")
router.register("claim-choices", ClaimChoiceViewSet, "claim-choice")
router.register("expected-reports", ExpectedReportViewSet, "expected-report")
router.register("batches", BatchViewSet, "batch")
router.register("kobo-forms", KoboFormViewSet, "kobo-form")
router.register("editions", EditionViewSet, "edition")
router.register("errata", ErratumViewSet, "erratum")
router.register("flag-acknowledgements", FlagAcknowledgementViewSet, "flag-acknowledgement")
router.register("subscriptions", SubscriptionViewSet, "subscription")
router.register("figures", FigureViewSet, "figure")
router.register("changes", ChangeViewSet, "change")

urlpatterns = [
    path("v1/", include((router.urls, "api"))),
    path("oauth/token/", TokenView.as_view(), name="oauth-token"),
    path("oauth/revoke/", RevokeView.as_view(), name="oauth-revoke"),
    path("oauth/introspect/", IntrospectView.as_view(), name="oauth-introspect"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
]
