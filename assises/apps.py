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
        _register_groups()
        navigation.register(navigation.Entry("Assises", "assises:index", "calendar-days", 28, navigation.everybody))


def _register_groups() -> None:
    """Registrations followed by the Région and the schools: lists that leave as files, the page of the companies."""
    from assises.exports.registrations import ANSWER_COLUMNS, REGISTRATION_COLUMNS  # noqa: PLC0415
    from assises.views.company_assises import COMPANY_PAGE  # noqa: PLC0415
    from assises.views.registration_desk import answers_on_screen  # noqa: PLC0415
    from assises.views.registrations import answer_columns, registrations_on_screen  # noqa: PLC0415
    from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
    from partnerships import space_pages  # noqa: PLC0415

    register(
        Listing(
            "inscriptions-assises",
            "Inscriptions aux Assises",
            REGISTRATION_COLUMNS,
            registrations_on_screen,
            more=answer_columns,
        )
    )
    register(Listing("reponses-assises", "Réponses des inscriptions", ANSWER_COLUMNS, answers_on_screen))
    space_pages.register(COMPANY_PAGE)
