from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Partenariats"

    def ready(self) -> None:
        """Tell the foundations what partnerships bring: the rules of rights first, which menus and kinds ask for."""
        from partnerships import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now
        from partnerships.views.exporting import register_lists  # noqa: PLC0415

        _register_documents()
        _register_messages()
        _register_menu()
        _register_sweepers()
        register_lists()
        _register_retention()
        _register_history()


def _register_documents() -> None:
    from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415
    from e2c_portal.signing import purposes  # noqa: PLC0415
    from partnerships import amendment_documents, binder, delivery_reads, documents, receivers  # noqa: PLC0415
    from partnerships.operations import sirene_retention  # noqa: PLC0415

    kinds.register(purposes.signed_kind(documents.CONVENTION))
    kinds.register(purposes.signed_kind(amendment_documents.AMENDMENT))
    kinds.register(binder.BINDER)
    for purpose in receivers.PURPOSES:
        purposes.register(purpose)
    sweeping.register_owner("partnerships", delivery_reads.owned_files)
    sweeping.register_owner("sirene", sirene_retention.own_files)


def _register_messages() -> None:
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from partnerships import emails, signature_messages, space_emails, space_purpose  # noqa: PLC0415

    purposes.register(space_purpose.SPACE)
    for kind in (*emails.TYPES, *signature_messages.TYPES, *space_emails.TYPES):
        message_types.register(kind)


def _register_menu() -> None:
    from e2c_portal.ui import navigation  # noqa: PLC0415
    from partnerships import permissions  # noqa: PLC0415

    for entry in (
        navigation.Entry("Conventions", "partnerships:conventions", "handshake", 20, permissions.reads_conventions),
        navigation.Entry("Entreprises", "companies:companies", "building-2", 25, permissions.reads_companies),
    ):
        navigation.register(entry)


def _register_sweepers() -> None:
    from e2c_portal.kernel import sweepers  # noqa: PLC0415
    from partnerships.operations import sirene_turns  # noqa: PLC0415

    sweepers.register("sirene", sirene_turns.sweep)


def _register_history() -> None:
    from e2c_portal.audit import histories, tracking  # noqa: PLC0415
    from partnerships import tracked  # noqa: PLC0415
    from partnerships.histories import HISTORIES, NAMES  # noqa: PLC0415

    tracking.register("partnerships", tracked.PARTNERSHIPS)
    histories.register(*HISTORIES)
    histories.register_names(NAMES)


def _register_retention() -> None:
    from e2c_portal.kernel import retention  # noqa: PLC0415  models are loaded only now
    from e2c_portal.privacy import people  # noqa: PLC0415
    from partnerships.operations import personal_data, retention_rules  # noqa: PLC0415

    retention.register(*retention_rules.RULES)
    people.register(personal_data.CONTACT)
