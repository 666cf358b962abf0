"""The sign-in form."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AdminAuthenticationForm):
    """Never says which part was wrong, nor whether the account exists or is closed."""

    error_messages = {
        "invalid_login": _(
            "User name or password is not right. Check the keyboard language and Caps Lock, and try again; "
            "your administrator can set a new password."
        ),
        "inactive": _(
            "User name or password is not right. Check the keyboard language and Caps Lock, and try again; "
            "your administrator can set a new password."
        ),
    }
    required_css_class = "required"
