from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_hosting()


def _register_hosting() -> None:
    """Hosts: the lists that leave as files, and the page by which a company offers places."""
    from partnerships import space_pages  # noqa: PLC0415
    from trainees.views.company_offers import OFFERS  # noqa: PLC0415
    from trainees.views.hosting_lists import register_lists  # noqa: PLC0415

    register_lists()
    space_pages.register(OFFERS)
