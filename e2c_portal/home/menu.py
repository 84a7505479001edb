"""The lines of the main menu that belong to no app."""

from e2c_portal.ui.navigation import Entry, everybody, register


def enters_the_admin(user: object) -> bool:
    """Show the admin to those whom it lets in."""
    return bool(getattr(user, "is_active", False) and getattr(user, "is_staff", False))


register(Entry("Accueil", "home", "house", order=10))
register(Entry("Gestion", "admin:index", "settings-2", order=80, visible_to=enters_the_admin))
register(Entry("Vérifier un document", "documents:verify", "shield-check", order=90, visible_to=everybody))
