"""The pages whose growth is measured: every list, board and search of the portal, and who asks for each.

tests/bench/test_every_list.py walks the URL configuration and refuses a list that stands neither here nor in EXEMPT.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """One page: the name of its measure, its URL name, its arguments, its query string, who asks for it."""

    name: str
    url_name: str
    args: tuple[object, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    asked_by: str = "coordinator"


# What stands for an argument that only the database knows (asking.value_of).
TRAINEE, INTERNSHIP, EDITION, TODAY = "<trainee>", "<internship>", "<edition>", "<today>"


def _at_school(*names: str) -> tuple[Page, ...]:
    return tuple(Page(name, f"trainees:{name}") for name in names)


def _by_officer(app: str, *names: str, **more: str) -> tuple[Page, ...]:
    return tuple(Page(f"{app}_{name}" if name != app else name, f"{app}:{name}", asked_by="officer") for name in names)


def _of_the_edition(*names: str) -> tuple[Page, ...]:
    return tuple(Page(f"assises_{name}", f"assises:{name}", (EDITION,), asked_by="officer") for name in names)


def _in_admin(*models: str) -> tuple[Page, ...]:
    return tuple(Page(f"admin_{model}", f"admin:{model}_changelist", asked_by="officer") for model in models)


HOMES = tuple(
    Page(f"home_{who}", "home", asked_by=who)
    for who in (
        "coordinator",
        "director",
        "referent",
        "company_relations",
        "officer",
        "auditor",
        "data_officer",
        "door_staff",
    )
)
SCHOOL = (
    *_at_school(
        "board", "trainees", "internships", "calendar", "imports", "follow_ups", "agreements_waiting",
        "absences", "reports", "statements", "accidents", "hosts", "approaches", "offers", "visits", "transfers",
        "assessments", "certificates", "skill_figures", "frameworks",
    ),
    Page("attendance", "trainees:attendance_day", (TODAY,)),
    Page("trainees_page_3", "trainees:trainees", query={"page": "3"}),
    Page("trainees_search", "trainees:trainees", query={"q": "garcia lea"}),
    Page("trainees_search_one", "trainees:trainees", query={"q": "castelnau jean"}),
    Page("trainee", "trainees:trainee", (TRAINEE,)),
    Page("internships_search", "trainees:internships", query={"q": "garcia"}),
    Page("internship", "trainees:internship", (INTERNSHIP,)),
    Page("hosts_search", "trainees:hosts", query={"q": "oliviers"}),
    Page("host_of_internship", "trainees:internship_host", (TRAINEE,)),
    Page("trade_suggestions", "trainees:trade_suggestions", query={"q": "cuisine"}),
    Page("commune_suggestions", "trainees:communes", query={"q": "ville"}),
    Page("skill_rows", "trainees:skill_rows"),
    Page("documents_of_a_school", "schools:schools"),
)  # fmt: skip
NETWORK = (
    # Twenty-five schools are shown of a hundred and twenty, and two of the two there are among few people: the search shows one at both.
    Page("officer_board", "trainees:board", asked_by="officer"),
    Page("officer_board_search", "trainees:board", query={"q": "foule 000"}, asked_by="officer"),
    Page("officer_trainees", "trainees:trainees", asked_by="officer"),
    # What fills a page at both sizes: three rows do not cost what twenty-five cost.
    Page("officer_search", "trainees:trainees", query={"q": "garcia"}, asked_by="officer"),
    Page("officer_internships", "trainees:internships", asked_by="officer"),
    Page("officer_internships_search", "trainees:internships", query={"q": "garcia", "situation": "all"}, asked_by="officer"),
    Page("officer_assessments", "trainees:assessments", asked_by="officer"),
    Page("officer_certificates", "trainees:certificates", asked_by="officer"),
    Page("officer_skill_figures", "trainees:skill_figures", asked_by="officer"),
    Page("doubles", "trainees:doubles", asked_by="officer"),
    Page("references", "trainees:references", asked_by="officer"),
    Page("limits", "trainees:limits", asked_by="officer"),
    Page("conventions", "partnerships:conventions", asked_by="officer"),
    Page("conventions_search", "partnerships:conventions", query={"q": "entreprise"}, asked_by="officer"),
    *_by_officer("partnerships", "actions", "promises", "deliveries_waiting"),
    *_by_officer("ceremonies", "ceremonies"),
    *_by_officer("companies", "companies", "requests", "sirene"),
    Page("companies_search", "companies:companies", query={"q": "oliviers"}, asked_by="officer"),
    # Eight at both sizes bear these very words: fewer, and names alike would be looked for among few people alone.
    Page("company_likenesses", "companies:likenesses", query={"legal_name": "Oliviers"}, asked_by="officer"),
    # One letter is wrong: nobody bears this word, and names alike are measured.
    Page("company_likenesses_misspelt", "companies:likenesses", query={"legal_name": "Boulanjerie Aubanel"}, asked_by="officer"),
    Page("message_types", "mailing:types", asked_by="officer"),
    Page("removals", "privacy:removals", asked_by="data_officer"),
    Page("holds", "privacy:holds", asked_by="data_officer"),
    *(Page(f"privacy_{name}", f"privacy:{name}", asked_by="data_officer") for name in ("access_files", "notices")),
    *_by_officer("upkeep", "work", "incidents", "checks"),
    *_by_officer("figures", "index", "reports"),
    Page("figures_school", "figures:index"),
    Page("figures_public", "figures:public", asked_by="officer"),
    Page("figure", "figures:indicator", ("accueillis",), asked_by="officer"),
    Page("figure_rows", "figures:rows", ("accueillis",), asked_by="officer"),
    Page("figure_rows_school", "figures:rows", ("accueillis",)),
    Page("privacy_search", "privacy:index", query={"q": "garcia"}, asked_by="data_officer"),
)  # fmt: skip
ASSISES = (
    Page("assises_editions", "assises:index", asked_by="officer"),
    *_of_the_edition(
        "edition", "questions", "registrations", "waiting", "requests", "door", "scans", "messages", "attestations", "report"
    ),
    Page("assises_search", "assises:registrations", (EDITION,), {"q": "garcia"}, asked_by="officer"),
)  # fmt: skip
ADMIN = (
    *_in_admin(
        "documents_document", "documents_quarantinedfile", "mailing_mail", "mailing_sms", "accounts_user", "schools_network", "partnerships_company", "partnerships_signingevent",
        "partnerships_partnershipconvention", "partnerships_conventiontemplate", "trainees_legalparameter", "trainees_prescriber",
    ),
    # One of the first documents, by the code printed on it.
    Page("admin_documents_search", "admin:documents_document_changelist", query={"q": "ZZZZZZHF43"}, asked_by="officer"),
    # The same school at both sizes, among two or a hundred and twenty: two rows do not cost what twenty-five cost.
    Page("admin_schools_school", "admin:schools_school_changelist", query={"q": "001"}, asked_by="officer"),
)  # fmt: skip
PAGES = (*HOMES, *SCHOOL, *NETWORK, *ASSISES, *ADMIN)

# Lists that are not measured, by route: each says why.
EXEMPT: dict[str, str] = {
    "gestion/auth/group/": "opens to no role of the portal",
    "gestion/account/emailaddress/": "opens to no role of the portal",
    "gestion/signing/envelope/": "opens to no role of the portal: envelopes are read from their records",
    "gestion/signing/act/": "opens to no role of the portal",
    "gestion/signing/evidence/": "opens to no role of the portal",
    "entreprises/sirene/<uuid:public_id>/": "lines of one file, bounded by the file",
    "entreprises/sirene/<uuid:public_id>/avancement/": "a part of the same page",
    "stagiaires/imports/<uuid:public_id>/": "lines of one spreadsheet, five thousand at most",
    "stagiaires/imports/<uuid:public_id>/avancement/": "a part of the same page",
    "stagiaires/accueils/<int:pk>/stage/": "chooses among the trainees of one school: the list trainees measures the same query",
    "assises/<int:year>/preparation/porte/controles/<int:pk>/saisir/": "the paper list of one room, bounded by its places",
}
