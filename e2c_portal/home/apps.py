from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "e2c_portal.home"
    label = "home"
    verbose_name = "Accueil"

    def ready(self) -> None:
        from e2c_portal.exports import lists  # noqa: PLC0415  models are loaded only now
        from e2c_portal.home import checks, document_list, legal, menu  # noqa: F401, PLC0415  checks and menu register themselves

        lists.register(document_list.DOCUMENTS)
