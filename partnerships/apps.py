from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Partenariats"

    def ready(self) -> None:
        from e2c_portal.documents import kinds  # noqa: PLC0415  models are loaded only now
        from e2c_portal.mailing import message_types  # noqa: PLC0415
        from e2c_portal.signing import purposes  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415
        from partnerships import (  # noqa: PLC0415  permissions declares the rules
            amendment_documents,
            binder,
            documents,
            permissions,
            receivers,
            signature_messages,
        )
        from partnerships.views.exporting import register_lists  # noqa: PLC0415

        kinds.register(purposes.signed_kind(documents.CONVENTION))
        kinds.register(purposes.signed_kind(amendment_documents.AMENDMENT))
        kinds.register(binder.BINDER)
        for purpose in receivers.PURPOSES:
            purposes.register(purpose)
        for message_type in signature_messages.TYPES:
            message_types.register(message_type)
        menu = navigation.Entry(
            "Conventions", "partnerships:conventions", "handshake", 20, permissions.reads_conventions
        )
        navigation.register(menu)
        navigation.register(
            navigation.Entry("Entreprises", "companies:companies", "building-2", 25, permissions.reads_companies)
        )
        register_lists()
