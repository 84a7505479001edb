from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_agreements()
        _register_internships()
        _register_attendance()


def _register_agreements() -> None:
    """Register what internship agreements bring: documents, signatures, messages, the tutor's link, the list."""
    from e2c_portal.documents import kinds  # noqa: PLC0415
    from e2c_portal.links import purposes as links  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from e2c_portal.signing import purposes as signing  # noqa: PLC0415
    from trainees.documents import agreements, amendments  # noqa: PLC0415
    from trainees.emails.agreements import TYPES  # noqa: PLC0415
    from trainees.link_purposes.agreement_review import REVIEW  # noqa: PLC0415
    from trainees.receivers.agreements import PURPOSES  # noqa: PLC0415
    from trainees.views.agreements_waiting import register_list  # noqa: PLC0415

    kinds.register(signing.signed_kind(agreements.AGREEMENT))
    kinds.register(signing.signed_kind(amendments.AMENDMENT))
    for purpose in PURPOSES:
        signing.register(purpose)
    for kind in TYPES:
        message_types.register(kind)
    links.register(REVIEW)
    register_list()


def _register_internships() -> None:
    from partnerships import counters  # noqa: PLC0415
    from trainees.reads.commitments import COUNTER  # noqa: PLC0415
    from trainees.views.internship_exporting import register_lists  # noqa: PLC0415

    counters.register(COUNTER)
    register_lists()


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
