from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "e2c_portal.links"
    label = "links"
    verbose_name = "Liens personnels"

    def ready(self) -> None:
        from e2c_portal.kernel import log_masking  # noqa: PLC0415  nothing is logged before this line

        log_masking.mask_after("/lien/")
