"""The tasks of the portal and the usual faults, in the words of whoever operates it. A task without words fails a test."""

WORDS = {
    "accounts.send_password_link": "Envoi d’un lien de mot de passe",
    "assises.let_offers_lapse": "Assises : places offertes et non prises",
    "assises.renew_attestations": "Assises : attestations à refaire",
    "assises.send_due_mails": "Assises : messages prévus",
    "assises.send_outbox": "Assises : envoi d’un message aux inscrits",
    "assises.send_registration_link": "Assises : lien d’inscription",
    "assises.shuffle_survey": "Assises : mélange des réponses au questionnaire",
    "assises.tell_of_cancelling": "Assises : annonce d’une annulation",
    "assises.tell_of_changes": "Assises : annonce d’un changement",
    "documents.build": "Fabrication d’un document",
    "documents.close": "Cachet final d’un document signé",
    "documents.delete_orphan_files": "Ménage des fichiers sans document",
    "kernel.sweep_worker_rooms": "Ménage des fichiers temporaires",
    "links.recover": "Envoi d’un lien perdu",
    "mailing.group_digests": "Regroupement des messages du jour",
    "mailing.send_mail": "Envoi d’un courriel",
    "mailing.send_sms": "Envoi d’un SMS",
    "partnerships.apply_sirene": "Application d’un extrait Sirene",
    "partnerships.read_sirene": "Lecture d’un extrait Sirene",
    "partnerships.remind": "Rappels des conventions de partenariat",
    "privacy.build_access_file": "Dossier d’accès aux données d’une personne",
    "privacy.hourly_retention": "Durées de conservation courtes",
    "privacy.retention": "Durées de conservation",
    "signing.apply": "Écriture d’une signature dans un document",
    "signing.check_roots": "Contrôle des horodatages de la chaîne de preuve",
    "signing.note_root": "Racine du jour de la chaîne de preuve",
    "signing.remind": "Rappels aux signataires",
    "figures.count_daily": "Chiffres du jour",
    "upkeep.check_consistency": "Contrôles de la nuit",
    "upkeep.consistency_turn": "Contrôles : une partie",
    "upkeep.look_at_clock": "Comparer les horloges",
    "trainees.apply_import": "Application d’un import de stagiaires",
    "trainees.check_import": "Vérification d’un import de stagiaires",
    "trainees.find_doubles": "Recherche de doublons",
    "trainees.plan_assessments": "Évaluations à demander",
    "trainees.remind_of_accidents": "Rappels des accidents à déclarer",
    "trainees.remind_to_answer": "Rappels aux stagiaires",
    "trainees.undo_import": "Annulation d’un import de stagiaires",
}
UNEXPECTED = "Une erreur imprévue l’a arrêté. Relancez ; si cela revient, donnez le numéro de requête à qui maintient le portail."
FAULTS = {
    "OperationalError": "La base de données ne répondait pas. Relancez une fois qu’elle répond.",
    "InterfaceError": "La base de données ne répondait pas. Relancez une fois qu’elle répond.",
    "SoftTimeLimitExceeded": "Il a duré trop longtemps et a été arrêté. Relancez à une heure plus calme.",
    "TimeLimitExceeded": "Il a duré trop longtemps et a été arrêté. Relancez à une heure plus calme.",
    "StorageFault": "L’espace des documents ne répondait pas ou était plein. Vérifiez la place, puis relancez.",
    "ConnectionError": "Un service dont il a besoin ne répondait pas. Relancez une fois qu’il répond.",
    "TimeoutError": "Un service dont il a besoin ne répondait pas. Relancez une fois qu’il répond.",
    "IntegrityError": "La base a refusé l’écriture : l’erreur est dans le portail. Donnez le numéro de requête à qui le maintient.",
    "ProcessDied": "Le processus qui le faisait a été arrêté plusieurs fois de suite : mémoire insuffisante, le plus souvent. Donnez-en à la "
    "machine, ou moins de processus aux ouvriers, puis relancez.",
    "MemoryError": "La mémoire de la machine était pleine. Libérez-en, puis relancez.",
    "NotRegistered": "Ce travail n’existe plus dans cette version du portail : abandonnez-le.",
}


def task_label(name: str) -> str:
    """Return what a task does, in French; its own name when the portal no longer knows it."""
    return WORDS.get(name, name)


def fault_sentence(error: str) -> str:
    """Return what happened and what to do, from the class of a fault ("module.Class")."""
    return FAULTS.get(error.rpartition(".")[2], UNEXPECTED)
