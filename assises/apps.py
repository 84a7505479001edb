from django.apps import AppConfig


class AssisesConfig(AppConfig):
    name = "assises"
    verbose_name = "Assises"

    def ready(self) -> None:
        """Tell the foundations what the Assises bring: rights, a list that leaves as a file, an entry of the menu."""
        from assises import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now
        from assises.exports.editions import EDITION_COLUMNS  # noqa: PLC0415
        from assises.views.editions import editions_on_screen  # noqa: PLC0415
        from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415

        register(Listing("assises", "Assises", EDITION_COLUMNS, editions_on_screen))
        navigation.register(navigation.Entry("Assises", "assises:index", "calendar-days", 28, navigation.everybody))
        _register_retention()
        _register_registering()


def _register_retention() -> None:
    from assises.operations import retention_rules  # noqa: PLC0415  models are loaded only now
    from e2c_portal.kernel import retention  # noqa: PLC0415

    retention.register(*retention_rules.RULES)


def _register_registering() -> None:
    """Registering oneself: the personal link, and the messages of a registration."""
    from assises.emails.registrations import TYPES  # noqa: PLC0415
    from assises.link_purposes.registration import REGISTRATION  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415

    purposes.register(REGISTRATION)
    for kind in TYPES:
        message_types.register(kind)
