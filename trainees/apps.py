from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_attendance()


def _register_attendance() -> None:
    from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.documents import statements  # noqa: PLC0415
    from trainees.emails import attendance as mails  # noqa: PLC0415
    from trainees.link_purposes import tutor  # noqa: PLC0415
    from trainees.reads.attendance import owned_files  # noqa: PLC0415
    from trainees.views.attendance_exports import register_attendance_lists  # noqa: PLC0415

    kinds.register(statements.STATEMENT)
    purposes.register(tutor.TUTOR)
    sweeping.register_owner("attendance", owned_files)
    for kind in mails.TYPES:
        message_types.register(kind)
    register_attendance_lists()
