"""Who may open the pages of personal data: asked before anything is read."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from e2c_portal.privacy.permissions import PrivacyPermission

View = Callable[..., HttpResponse]


def requires(permission: PrivacyPermission) -> Callable[[View], View]:
    """Return a decorator that refuses whoever has not this right."""

    def guarding(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guarding


handles_people = requires(PrivacyPermission.HANDLE_PEOPLE)
reads_rules = requires(PrivacyPermission.VIEW_RULES)
