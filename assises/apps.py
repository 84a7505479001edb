from django.apps import AppConfig


class AssisesConfig(AppConfig):
    name = "assises"
    verbose_name = "Assises"

    def ready(self) -> None:
        """Tell the foundations what the Assises bring: rights, a list that leaves as a file, an entry of the menu."""
        from assises import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now
        from assises.exports.editions import EDITION_COLUMNS  # noqa: PLC0415
        from assises.views.editions import editions_on_screen  # noqa: PLC0415
        from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415

        register(Listing("assises", "Assises", EDITION_COLUMNS, editions_on_screen))
        _register_groups()
        navigation.register(navigation.Entry("Assises", "assises:index", "calendar-days", 28, navigation.everybody))
        _register_retention()
        _register_history()
        _register_registering()
        _register_after()
        _register_report()
        _register_door()


def _register_history() -> None:
    from assises import tracked  # noqa: PLC0415
    from assises.sheets.histories import HISTORIES  # noqa: PLC0415
    from e2c_portal.audit import histories, tracking  # noqa: PLC0415

    tracking.register("assises", tracked.ASSISES)
    histories.register(*HISTORIES)


def _register_retention() -> None:
    from assises.operations import retention_rules  # noqa: PLC0415  models are loaded only now
    from e2c_portal.kernel import retention  # noqa: PLC0415

    retention.register(*retention_rules.RULES)


def _register_registering() -> None:
    """Registering oneself: the personal link, and the messages of a registration."""
    from assises.emails.registrations import TYPES  # noqa: PLC0415
    from assises.link_purposes.registration import REGISTRATION  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415

    purposes.register(REGISTRATION)
    for kind in TYPES:
        message_types.register(kind)


def _register_after() -> None:
    """Register what goes around the day: messages, the attestation, the link of after, the lists, the watcher of the outbox."""
    from assises.documents.attendance import ATTENDANCE  # noqa: PLC0415
    from assises.emails.after import TYPES  # noqa: PLC0415
    from assises.exports import after as columns  # noqa: PLC0415
    from assises.link_purposes.after import AFTER_THE_DAY  # noqa: PLC0415
    from assises.operations import outbox as outbox_work  # noqa: PLC0415
    from assises.views import attestations, outbox, survey  # noqa: PLC0415
    from e2c_portal.documents import kinds  # noqa: PLC0415
    from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
    from e2c_portal.kernel import sweepers  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415

    kinds.register(ATTENDANCE)
    purposes.register(AFTER_THE_DAY)
    for kind in TYPES:
        message_types.register(kind)
    sweepers.register("assises outbox", outbox_work.sweep)
    attested = "Attestations de présence aux Assises"
    register(Listing(attestations.LIST, attested, columns.ATTESTATION_COLUMNS, attestations.lines_on_screen))
    register(Listing(outbox.LIST, "Messages aux inscrits", columns.MESSAGE_COLUMNS, outbox.messages_on_screen))
    register(Listing(survey.LIST, "Avis des participants", columns.SURVEY_COLUMNS, survey.results_on_screen))
    register(Listing(survey.WORDS_LIST, "Mots des participants", columns.WORDS_COLUMNS, survey.words_on_screen))


def _register_report() -> None:
    """The report: its kind of document, its own sections, and the photos kept in the storage of documents."""
    from assises.documents.report import REPORT  # noqa: PLC0415
    from assises.reads import report_figures as figures  # noqa: PLC0415
    from assises.reads import report_sections as sections  # noqa: PLC0415
    from assises.reads.report import owned_files  # noqa: PLC0415
    from assises.reads.report_survey import survey  # noqa: PLC0415
    from e2c_portal.documents import kinds, sweeping  # noqa: PLC0415

    kinds.register(REPORT)
    sweeping.register_owner("assises", owned_files)
    for position, make in enumerate((
        figures.by_category, figures.by_school, figures.by_company, figures.by_half_day, figures.by_session,
        figures.waiting, figures.refused_scans, figures.conventions,
    )):  # fmt: skip
        sections.register(make.__name__, 10 * (position + 1), make)
    sections.register("survey", 900, survey)
    sections.register("comparison", 1000, figures.comparison)


def _register_door() -> None:
    """What the door brings: the link of a post and its message, badges and attendance sheets, the list of scans."""
    from assises.documents import badges, sheets  # noqa: PLC0415
    from assises.emails.door import TYPES  # noqa: PLC0415
    from assises.link_purposes.door import DOOR  # noqa: PLC0415
    from assises.views.scans import register_list  # noqa: PLC0415
    from e2c_portal.documents import kinds  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415

    kinds.register(badges.KIND)
    kinds.register(sheets.KIND)
    purposes.register(DOOR)
    for kind in TYPES:
        message_types.register(kind)
    register_list()


def _register_groups() -> None:
    """Registrations followed by the Région and the schools: lists that leave as files, the page of the companies."""
    from assises.exports.registrations import ANSWER_COLUMNS, REGISTRATION_COLUMNS  # noqa: PLC0415
    from assises.views.company_assises import COMPANY_PAGE  # noqa: PLC0415
    from assises.views.registration_desk import answers_on_screen  # noqa: PLC0415
    from assises.views.registrations import answer_columns, registrations_on_screen  # noqa: PLC0415
    from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
    from partnerships import space_pages  # noqa: PLC0415

    register(
        Listing(
            "inscriptions-assises",
            "Inscriptions aux Assises",
            REGISTRATION_COLUMNS,
            registrations_on_screen,
            more=answer_columns,
        )
    )
    register(Listing("reponses-assises", "Réponses des inscriptions", ANSWER_COLUMNS, answers_on_screen))
    space_pages.register(COMPANY_PAGE)
