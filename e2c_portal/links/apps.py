from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "e2c_portal.links"
    label = "links"
    verbose_name = "Liens personnels"

    def ready(self) -> None:
        from e2c_portal.audit import histories  # noqa: PLC0415
        from e2c_portal.kernel import log_masking, retention  # noqa: PLC0415  nothing is logged before this line
        from e2c_portal.links import queries, retention_rules  # noqa: PLC0415

        log_masking.mask_after("/lien/")
        retention.register(*retention_rules.RULES)
        histories.register_holders(queries.holders_of)
