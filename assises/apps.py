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
        _register_report()


def _register_report() -> None:
    """The report: its kind of document, its own sections, and the photos kept in the storage of documents."""
    from assises.documents.report import REPORT  # noqa: PLC0415
    from assises.reads import report_figures as figures  # noqa: PLC0415
    from assises.reads import report_sections as sections  # noqa: PLC0415
    from assises.reads.report import owned_files  # noqa: PLC0415
    from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415

    kinds.register(REPORT)
    sweeping.register_owner("assises", owned_files)
    for position, make in enumerate((
        figures.by_category, figures.by_school, figures.by_company, figures.by_half_day, figures.by_session,
        figures.waiting, figures.refused_scans, figures.conventions,
    )):  # fmt: skip
        sections.register(make.__name__, 10 * (position + 1), make)
    sections.register("comparison", 1000, figures.comparison)
