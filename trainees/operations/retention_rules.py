"""How long the files of trainees are kept, model by model. A new model of this app adds its rule here."""

from datetime import timedelta

from e2c_portal.kernel.retention import Fate, Rule, following, follows, kept
from trainees.models.imports import LINES_KEPT_FOR
from trainees.operations import import_retention
from trainees.operations.retention import (
    ACCIDENT,
    FILE_KEPT_FOR,
    STATEMENT,
    accidents_over,
    approaches_over,
    flags_over,
    import_lines_over,
    statements_over,
    trainees_out_of_touch,
)

FILE = (
    "Dossier d’accompagnement : deux ans après le dernier contact (délibération CNIL 2021-028, durée active relevée)."
)
AGREEMENT = "Convention de stage : cinq ans à compter de la signature (pratique d’Immersion facilitée relevée)."
LAW = "Règle ou référence publique : aucune donnée de personne."
HOST = "Accueil des stages par un établissement (RGPD, art. 6-1-e) ; ne nomme aucun stagiaire."
TO_FIX = "Durée non trouvée dans les textes : à fixer par la Région. Rien n’est supprimé d’ici là."
REPORTED = "Déclaration au financeur (code du travail, R6341-35). " + TO_FIX

PEOPLE = (
    Rule(
        "trainees.Trainee", Fate.DELETED,
        "Supprimé deux ans après le dernier contact ; ce qui tient à une convention de stage reste cinq ans après sa signature, sans "
        "coordonnées. Préavis de trente jours. Les effectifs par école et par année restent.",
        FILE, counted_from="la fin du dernier parcours, le dernier suivi ou la dernière candidature", delay=FILE_KEPT_FOR,
        due=trainees_out_of_touch,
    ),
    follows("trainees.LegalRepresentative", "trainee", basis=FILE),
    Rule(
        "trainees.SensitiveFlag", Fate.DELETED, "Supprimée quand le dernier parcours est fini et ne peut plus être rouvert.",
        "Donnée de santé (RGPD, art. 9-2-b et 9-2-g) : le temps de la formation.", follows=("trainee",),
        counted_from="la fin du dernier parcours", delay=timedelta(0), due=flags_over,
    ),
    follows("trainees.Referral", "trainee", basis=FILE, rule="Avec le dossier ; sans parcours, deux ans après la candidature."),
    follows("trainees.TraineeTransfer", "trainee", basis=FILE),
    *following(FILE, trainees__LikelyDouble="here there", trainees__AbsenceProof="trainee"),
    kept("trainees.DoublesSearch", "Une seule ligne, récrite à chaque recherche.", "Aucune donnée de personne."),
    kept("trainees.Prescriber", "Conservé.", "Données publiques d’une personne morale."),
)  # fmt: skip
PATHWAYS = (
    follows("trainees.Pathway", "trainee", basis=FILE, rule="Avec le dossier ; les effectifs par école et par année restent."),
    *following(
        FILE, trainees__PathwayMove="pathway", trainees__EntryProfile="pathway", trainees__AgeDerogation="pathway",
        trainees__PathwayPhase="pathway", trainees__TrainingContract="pathway", trainees__Suspension="pathway",
        trainees__Exit="pathway", trainees__FollowUp="pathway", trainees__AttendanceHalfDay="pathway",
        trainees__SkillValidation="pathway", trainees__Evidence="pathway", trainees__SkillsCertificate="pathway",
        trainees__SkillsCredential="certificate",
    ),
    kept("trainees.SchoolDay", "Récrits dès que l’école a des nouvelles.", "Des nombres par école : aucune donnée de personne."),
    kept("trainees.SchoolNews", "Repliées en une seule dès qu’une école en a cent.", "Une marque technique : aucune donnée de personne."),
    kept("trainees.SkillTally", "Conservé : des nombres par école, année et compétence.", "Statistiques (RGPD, art. 89)."),
    Rule(
        STATEMENT, Fate.DELETED, "Conservé tant que le financeur peut le demander.", REPORTED, counted_from="le gel du mois",
        to_be_set=True, due=statements_over,
    ),
    follows("trainees.StatementMove", "statement", basis=REPORTED),
    Rule(
        ACCIDENT, Fate.DELETED, "Conservée le temps que la loi garde la déclaration.",
        "Déclaration d’accident (code de la sécurité sociale, R412-5 et R441-3). " + TO_FIX, counted_from="l’accident",
        follows=("trainee",), to_be_set=True, due=accidents_over, files=("proof",),
    ),
    Rule(
        "trainees.TraineeImportLine", Fate.DELETED, "Supprimée trente jours après le dépôt du tableau.", "Minimisation (RGPD, art. 5-1-e).",
        follows=("owner", "trainee"), counted_from="le dépôt du tableau", delay=LINES_KEPT_FOR, due=import_lines_over,
        purge=lambda held: import_retention.purge(), mentions=("cells", "name", "key", "reason", "told", "changes"),
    ),
    kept("trainees.TraineeImport", "L’en-tête est conservé : qui a créé des fiches, d’après quel fichier.", FILE),
    kept("trainees.RememberedColumn", "Conservée.", "Aucune donnée de personne."),
)  # fmt: skip
INTERNSHIPS = (
    follows("trainees.Internship", "trainee", basis=AGREEMENT, rule="Cinq ans après la signature de sa convention, avec le dossier."),
    *following(
        AGREEMENT, trainees__InternshipMove="internship", trainees__ScheduleDay="internship",
        trainees__InternshipAgreement="internship", trainees__AgreementMove="agreement", trainees__AgreementAmendment="agreement",
        trainees__AgreementAmendmentMove="amendment", trainees__PlannedSkill="internship", trainees__CompanyAssessment="internship",
        trainees__AssessedSkill="assessment", trainees__TraineeAnswer="assessment", trainees__SkillDisagreement="answer",
        trainees__OfferUse="internship", trainees__TutorVisit="internship", trainees__TutorReport="internship",
    ),
    Rule(
        "trainees.Approach", Fate.DELETED, "Supprimée deux ans après, ou avec le dossier du stagiaire qu’elle nomme.", FILE,
        follows=("trainee",), counted_from="la démarche", delay=FILE_KEPT_FOR, due=approaches_over,
    ),
    kept("trainees.DangerousWorkDerogation", "Conservée cinq ans après son terme au moins.", "Code du travail, R4153-39 et suivants."),
    kept("trainees.HostProfile", "Avec l’établissement.", HOST),
    kept("trainees.InternshipOffer", "Avec l’établissement.", HOST),
)  # fmt: skip
REFERENCES = tuple(
    kept(f"trainees.{name}", "Conservé.", LAW)
    for name in (
        "LegalParameter", "ReferenceDataset", "Trade", "TradeTitle", "Commune", "SkillFramework", "SkillLevel", "SkillDomain",
        "Skill", "SkillLevelWords", "SchoolClosure", "SchoolWeek", "SchoolWeekDay",
    )
)  # fmt: skip
RULES = (*PEOPLE, *PATHWAYS, *INTERNSHIPS, *REFERENCES)
