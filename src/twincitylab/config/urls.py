"""The addresses of the product: pages at the root, the JSON API under ``/api/v1/``."""

from allauth.account.views import email, password_set
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.urls import include, path

from twincitylab.community.views.confirm import freshly_confirmed

urlpatterns = [
    path("api/v1/", include("twincitylab.api.urls")),
    # Allauth asks nobody again who has neither password nor second step; we ask for a code from the mailbox.
    path("accounts/email/", freshly_confirmed(email)),
    path("accounts/password/set/", freshly_confirmed(password_set)),
    path("accounts/2fa/totp/activate/", freshly_confirmed(activate_totp)),
    path("accounts/2fa/webauthn/add/", freshly_confirmed(add_webauthn)),
    path("accounts/", include("allauth.urls")),
    path("", include("twincitylab.community.urls")),
    path("", include("twincitylab.matching.urls")),
    path("", include("twincitylab.partnerships.urls")),
    path("", include("twincitylab.web.urls")),
]
