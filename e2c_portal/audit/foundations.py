"""What the foundations do not keep the changes of, one reason a table: they are themselves journals, queues or sealed things."""

from e2c_portal.audit.tracking import Exceptions

JOURNAL = "Journal : chaque ligne est elle-même la trace."
QUEUE = "File de travail : ses états et ses dates sont dans la ligne, supprimée à son terme."
SEALED = "Contenu figé ; les états, les dates et les empreintes sont dans la ligne, et les versions dans leur table."
CHAIN = "Tout acte est dans la chaîne des preuves, qui ne se réécrit pas."
SECRETS = "Empreintes de secrets et visites : jamais copiées ; ouverture, renvoi et retrait sont datés dans la ligne."

FOUNDATIONS = Exceptions(
    left_out={
        "kernel.Job": QUEUE,
        "kernel.TaskFailure": QUEUE,
        "kernel.Submission": QUEUE,
        "kernel.Removal": JOURNAL,
        "audit.Entry": JOURNAL,
        "audit.Change": JOURNAL,
        "documents.Document": SEALED,
        "documents.Batch": QUEUE,
        "documents.BatchItem": QUEUE,
        "documents.FailedLookup": QUEUE,
        "mailing.Mail": QUEUE,
        "mailing.Sms": QUEUE,
        "mailing.Preference": "Une ligne dit seule le choix et sa date ; l’adresse n’y est qu’une empreinte.",
        "links.PersonalLink": SECRETS,
        "links.LinkToken": SECRETS,
        "links.LinkVisit": SECRETS,
        "links.Attempt": QUEUE,
        "links.LostLinkRequest": QUEUE,
        "signing.Envelope": CHAIN,
        "signing.Signatory": CHAIN,
        "signing.Code": CHAIN,
        "signing.Exhibit": CHAIN,
        "signing.OnSiteSession": CHAIN,
        "signing.ChainRoot": JOURNAL,
        "privacy.ErasureNotice": JOURNAL,
        "privacy.AccessFile": QUEUE,
    }
)
