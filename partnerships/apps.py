from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Partenariats"

    def ready(self) -> None:
        from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415  models are loaded only now
        from e2c_portal.kernel import sweepers  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415
        from partnerships import amendment_documents, documents, permissions  # noqa: PLC0415  permissions declares the rules
        from partnerships.operations import sirene_retention, sirene_turns  # noqa: PLC0415
        from partnerships.views.exporting import register_lists  # noqa: PLC0415

        kinds.register(documents.CONVENTION)
        kinds.register(amendment_documents.AMENDMENT)
        menu = navigation.Entry(
            "Conventions", "partnerships:conventions", "handshake", 20, permissions.reads_conventions
        )
        navigation.register(menu)
        navigation.register(
            navigation.Entry("Entreprises", "companies:companies", "building-2", 25, permissions.reads_companies)
        )
        register_lists()
        sweepers.register("sirene", sirene_turns.sweep)
        sweeping.register_owner("sirene", sirene_retention.own_files)
