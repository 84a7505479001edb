from collections.abc import Callable

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "e2c_portal.figures"
    label = "figures"
    verbose_name = "Chiffres"

    def ready(self) -> None:
        """Tell the foundations what the figures bring: rights, rules, the watcher of the cells, what they keep of erased people."""
        from e2c_portal.audit import tracking  # noqa: PLC0415  models are loaded only now
        from e2c_portal.figures import erasing, permissions, refreshing, retention_rules, tracked  # noqa: PLC0415
        from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415
        from e2c_portal.privacy import people  # noqa: PLC0415

        retention.register(*retention_rules.RULES)
        tracking.register("figures", tracked.FIGURES)
        sweepers.register("figures", refreshing.sweep)
        people.watch("trainees.Trainee", erasing.figures_kept)
        _register_pages(permissions.reads_figures)
        _register_annual_report()


def _register_pages(reads_figures: Callable[[object], bool]) -> None:
    """The entry of the menu, and the rows of a figure as a file."""
    from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
    from e2c_portal.figures.views import rows  # noqa: PLC0415
    from e2c_portal.ui.navigation import Entry  # noqa: PLC0415
    from e2c_portal.ui.navigation import register as add_to_menu  # noqa: PLC0415

    title = "Lignes derrière un chiffre"
    register(Listing(rows.LIST, title, rows.ROW_COLUMNS, rows.rows_on_screen, more=rows.value_column))
    add_to_menu(Entry("Chiffres", "figures:index", "chart-column", 60, reads_figures))


def _register_annual_report() -> None:
    """The yearly report: its kind of document, and how long it is kept."""
    from e2c_portal.documents import kinds  # noqa: PLC0415  models are loaded only now
    from e2c_portal.figures.annual import document, retention_rules  # noqa: PLC0415
    from e2c_portal.kernel import retention  # noqa: PLC0415

    kinds.register(document.ANNUAL_REPORT)
    retention.register(*retention_rules.RULES)
