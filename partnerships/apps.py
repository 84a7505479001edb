from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Partenariats"

    def ready(self) -> None:
        from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415  models are loaded only now
        from e2c_portal.links import purposes  # noqa: PLC0415
        from e2c_portal.mailing import message_types  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415
        from partnerships import (  # noqa: PLC0415  permissions declares the rules
            amendment_documents,
            delivery_reads,
            documents,
            permissions,
        )
        from partnerships.space_emails import TYPES  # noqa: PLC0415
        from partnerships.space_purpose import SPACE  # noqa: PLC0415
        from partnerships.views.exporting import register_lists  # noqa: PLC0415

        kinds.register(documents.CONVENTION)
        kinds.register(amendment_documents.AMENDMENT)
        sweeping.register_owner("partnerships", delivery_reads.owned_files)
        menu = navigation.Entry(
            "Conventions", "partnerships:conventions", "handshake", 20, permissions.reads_conventions
        )
        navigation.register(menu)
        navigation.register(
            navigation.Entry("Entreprises", "companies:companies", "building-2", 25, permissions.reads_companies)
        )
        purposes.register(SPACE)
        for kind in TYPES:
            message_types.register(kind)
        register_lists()
