from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_people()


def _register_people() -> None:
    """Tell what people and pathways bring: their lists as files, their messages, their part of the timeline."""
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.emails import transfers  # noqa: PLC0415
    from trainees.reads import pathway_events, timeline  # noqa: PLC0415
    from trainees.views.exporting_people import register_lists  # noqa: PLC0415

    for name, source in pathway_events.SOURCES.items():
        timeline.register(name, source)
    for kind in transfers.TYPES:
        message_types.register(kind)
    register_lists()
