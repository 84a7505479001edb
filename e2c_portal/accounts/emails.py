"""The messages of accounts that leave as jobs."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings

from e2c_portal.accounts.models import User


def send_password_link(user_id: int) -> bool:
    """Send the link to choose a first password. Returns False when the account is gone or closed meanwhile.

    The link is made only now, so that no queue and no table ever holds it.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return False
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    context = {
        "user": user,
        "password_url": adapter.get_reset_password_from_key_url(key),
        "portal_url": settings.PORTAL_URL,
    }
    adapter.render_mail("account/email/first_password", user.email, context).send()
    return True
