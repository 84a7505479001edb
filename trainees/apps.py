from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_people()
        _register_internships()
        _register_agreements()
        _register_attendance()
        _register_hosting()
        _register_imports()
        _register_space()
        _register_frames()
        _register_certificates()
        _register_answers()
        _register_assessments()
        _register_decisions()
        _register_menu()
        _register_retention()
        _register_history()


def _register_people() -> None:
    """Tell what people and pathways bring: their lists as files, their messages, their part of the timeline."""
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.emails import representatives, transfers  # noqa: PLC0415
    from trainees.reads import pathway_events, timeline  # noqa: PLC0415
    from trainees.views.exporting_people import register_lists  # noqa: PLC0415

    for name, source in pathway_events.SOURCES.items():
        timeline.register(name, source)
    for kind in (*transfers.TYPES, *representatives.TYPES):
        message_types.register(kind)
    register_lists()


def _register_internships() -> None:
    from partnerships import counters  # noqa: PLC0415
    from trainees.reads.commitments import COUNTER  # noqa: PLC0415
    from trainees.views.internship_exporting import register_lists  # noqa: PLC0415

    counters.register(COUNTER)
    register_lists()


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


def _register_attendance() -> None:
    from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.documents import statements  # noqa: PLC0415
    from trainees.emails import attendance as mails  # noqa: PLC0415
    from trainees.link_purposes import tutor  # noqa: PLC0415
    from trainees.reads import timeline  # noqa: PLC0415
    from trainees.reads.attendance import attendance_events, owned_files  # noqa: PLC0415
    from trainees.views.attendance_exports import register_attendance_lists  # noqa: PLC0415

    kinds.register(statements.STATEMENT)
    purposes.register(tutor.TUTOR)
    sweeping.register_owner("attendance", owned_files)
    for kind in mails.TYPES:
        message_types.register(kind)
    register_attendance_lists()
    timeline.register("presences", attendance_events)


def _register_hosting() -> None:
    """Hosts: the lists that leave as files, and the page by which a company offers places."""
    from partnerships import space_pages  # noqa: PLC0415
    from trainees.views.company_offers import OFFERS  # noqa: PLC0415
    from trainees.views.hosting_lists import register_lists  # noqa: PLC0415

    register_lists()
    space_pages.register(OFFERS)


def _register_imports() -> None:
    from e2c_portal.kernel import sweepers  # noqa: PLC0415
    from trainees.operations import import_turns  # noqa: PLC0415

    sweepers.register("trainee imports", import_turns.sweep)


def _register_space() -> None:
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.emails import trainee_space  # noqa: PLC0415
    from trainees.link_purposes.trainee_space import SPACE  # noqa: PLC0415

    purposes.register(SPACE)
    for kind in trainee_space.TYPES:
        message_types.register(kind)


def _register_frames() -> None:
    """Frameworks and figures of skills: the lists that leave as files, the promises they count, the watcher of the tally."""
    from e2c_portal.kernel import sweepers  # noqa: PLC0415
    from partnerships import counters  # noqa: PLC0415
    from trainees.operations import news, skill_tally  # noqa: PLC0415
    from trainees.reads.validation_promises import COUNTER  # noqa: PLC0415
    from trainees.views.framework_exporting import register_lists  # noqa: PLC0415

    counters.register(COUNTER)
    sweepers.register("skill tally", skill_tally.sweep)
    sweepers.register("school news", news.shorten)
    sweepers.register("school days", news.count_school_days)
    register_lists()


def _register_certificates() -> None:
    """Register what attestations bring: their document, their messages, their part of the timeline, the list as a file."""
    from e2c_portal.documents import kinds  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.emails.certificates import TYPES  # noqa: PLC0415
    from trainees.reads import timeline  # noqa: PLC0415
    from trainees.reads.certificates import certificate_events  # noqa: PLC0415
    from trainees.receivers.certificates import KIND  # noqa: PLC0415
    from trainees.views.certificates import register_list  # noqa: PLC0415

    kinds.register(KIND)
    for kind in TYPES:
        message_types.register(kind)
    timeline.register("attestations", certificate_events)
    register_list()


def _register_answers() -> None:
    """Skills as the trainee reads and shows them: the reminder to answer, the files of evidence."""
    from e2c_portal.documents import sweeping  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.emails import trainee_answers as mails  # noqa: PLC0415
    from trainees.reads import portfolio  # noqa: PLC0415

    sweeping.register_owner("portfolios", portfolio.owned_files)
    for kind in mails.TYPES:
        message_types.register(kind)


def _register_assessments() -> None:
    """Assessments by companies: the link of whoever assesses, their messages, the sealed receipt."""
    from e2c_portal.documents import kinds  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from trainees.emails import assessments as mails  # noqa: PLC0415
    from trainees.link_purposes.assessments import ASSESSMENTS  # noqa: PLC0415
    from trainees.receivers.assessments import ASSESSMENT  # noqa: PLC0415

    kinds.register(ASSESSMENT)
    purposes.register(ASSESSMENTS)
    for kind in mails.TYPES:
        message_types.register(kind)


def _register_decisions() -> None:
    """What the school decides of skills: the campaign as a file, and its part of the timeline."""
    from trainees.reads import assessment_events, timeline  # noqa: PLC0415
    from trainees.views.assessment_campaign import register_list  # noqa: PLC0415

    for name, source in assessment_events.SOURCES.items():
        timeline.register(name, source)
    register_list()


def _register_menu() -> None:
    from e2c_portal.ui.navigation import Entry, register  # noqa: PLC0415
    from trainees.permissions import imports_trainees, reads_trainees, searches_hosts  # noqa: PLC0415

    section = "trainees:board"
    register(Entry("Stagiaires", section, "users", 15, reads_trainees))
    for entry in (
        Entry("Aujourd’hui", section, "calendar-check", 10, reads_trainees, section, alone=True),
        # The page of a trainee, their pathway and all that no other way holds.
        Entry("Stagiaires", "trainees:trainees", "users", 20, reads_trainees, section, (section,)),
        Entry("Stages", "trainees:internships", "briefcase", 30, reads_trainees, section),
        Entry("Évaluations", "trainees:assessments", "clipboard-check", 32, reads_trainees, section),
        Entry("Attestations", "trainees:certificates", "award", 34, reads_trainees, section),
        Entry("Présences", "trainees:attendance", "calendar-check-2", 40, reads_trainees, section),
        Entry(
            "Accueils",
            "trainees:hosts",
            "map-pin",
            50,
            searches_hosts,
            section,
            ("trainees:offers", "trainees:approaches", "trainees:visits"),
        ),
        Entry("Suivis", "trainees:follow_ups", "phone", 60, reads_trainees, section),
        Entry("Calendrier", "trainees:calendar", "calendar-days", 70, reads_trainees, section),
        Entry("Imports", "trainees:imports", "file-up", 80, imports_trainees, section),
    ):
        register(entry)


def _register_history() -> None:
    from e2c_portal.audit import histories, tracking  # noqa: PLC0415
    from trainees import tracked  # noqa: PLC0415
    from trainees.sheets.histories import HISTORIES  # noqa: PLC0415

    tracking.register("trainees", tracked.TRAINEES)
    histories.register(*HISTORIES)


def _register_retention() -> None:
    from e2c_portal.kernel import retention  # noqa: PLC0415  models are loaded only now
    from e2c_portal.privacy import people  # noqa: PLC0415
    from trainees.operations import personal_data, retention_rules  # noqa: PLC0415

    retention.register(*retention_rules.RULES)
    people.register(personal_data.TRAINEE)
