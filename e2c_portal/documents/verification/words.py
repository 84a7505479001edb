"""The French words of the answers. They are read by strangers: no jargon, and always what to do next."""

HEADLINES = {
    "authentic": "Document authentique",
    "registered": "Document connu du registre",
    "altered": "Document modifié après son scellement",
    "in_signature": "Document en cours de signature, pas encore scellé",
    "earlier_copy": "Copie prise avant le cachet",
    "withdrawn": "Version abandonnée pendant sa signature",
    "unregistered": "Cachet intact, mais document absent du registre",
    "foreign_seal": "Ce document n’a pas été scellé par le portail",
    "unsealed": "Ce PDF ne porte aucun cachet",
    "unknown_code": "Aucun document ne porte ce code",
    "not_a_pdf": "Ce fichier n’est pas un PDF",
    "unreadable": "Ce fichier ne peut pas être vérifié",
}
EXPLANATIONS = {
    "authentic": "Le fichier donné est exactement celui qui a été scellé : rien n’y a été changé, ajouté ni retiré.",
    "registered": (
        "Un document scellé porte ce code. Le code seul ne dit pas si l’exemplaire que vous avez en main est fidèle."
    ),
    "altered": (
        "Ce fichier a porté un cachet électronique, mais son contenu n’est plus celui qui a été scellé : "
        "quelque chose y a été changé ou ajouté."
    ),
    "in_signature": (
        "Le portail connaît ce document, mais toutes les signatures ne sont pas encore réunies : il n’engage encore personne."
    ),
    "earlier_copy": (
        "Cette copie a été prise pendant que le document se signait. Il a été scellé depuis : seul l’exemplaire scellé, qui "
        "réunit toutes les signatures, fait foi."
    ),
    "withdrawn": (
        "Le portail connaît ce document, mais sa signature a été arrêtée avant le cachet : cette version ne vaut rien, "
        "même si des personnes l’avaient déjà signée."
    ),
    "unregistered": (
        "Le cachet est bien celui de la Région et le contenu n’a pas changé, mais le registre du portail "
        "ne connaît pas ce fichier."
    ),
    "foreign_seal": "Ce PDF est signé ou scellé, mais pas par le cachet de la Région.",
    "unsealed": (
        "C’est un PDF ordinaire. Un document imprimé puis numérisé, ou enregistré de nouveau par un logiciel, "
        "perd son cachet : cela ne prouve pas qu’il est faux."
    ),
    "unknown_code": (
        "Aucun document scellé ne porte ce code. Relisez-le : il compte dix lettres et chiffres, imprimés en bas de "
        "chaque page, sans la lettre O ni le chiffre 0, sans les lettres I et L ni le chiffre 1."
    ),
    "not_a_pdf": "Le contenu de ce fichier n’est pas celui d’un PDF, quel que soit son nom.",
    "unreadable": "Ce fichier ne se laisse pas lire en entier.",
}
STEPS = {
    "authentic": "Conservez le fichier PDF : un tirage sur papier ne porte pas le cachet.",
    "registered": (
        "Comparez votre exemplaire aux informations ci-dessous. Pour une réponse certaine, déposez le fichier PDF."
    ),
    "altered": (
        "Ne vous y fiez pas. Demandez le fichier d’origine à la personne qui vous l’a remis, "
        "ou tapez le code imprimé en bas de page pour savoir ce que dit le registre."
    ),
    "in_signature": "Attendez la version scellée, envoyée à chaque signataire une fois le document complet.",
    "earlier_copy": "Demandez l’exemplaire scellé, ou tapez le code imprimé en bas de page pour connaître sa situation.",
    "withdrawn": "Ne vous en servez pas : demandez la version actuelle à la personne qui vous l’a remise.",
    "unregistered": "Ne vous y fiez pas encore : demandez à la Région de confirmer ce document, en citant sa référence.",
    "foreign_seal": "Si ce document vient du portail, demandez le fichier d’origine ; sinon, adressez-vous à son auteur.",
    "unsealed": (
        "Demandez le fichier d’origine à la personne qui vous l’a remis, ou tapez le code imprimé en bas de page, "
        "s’il y en a un."
    ),
    "unknown_code": "Vérifiez votre saisie. Si le code est juste, ne vous fiez pas à ce document et prévenez la Région.",
    "not_a_pdf": "Choisissez le fichier PDF tel que vous l’avez reçu, sans le convertir ni le photographier.",
    "unreadable": "Téléchargez ou demandez de nouveau le fichier d’origine, puis déposez-le sans l’ouvrir ni l’enregistrer.",
}
TONES = {
    "authentic": "success",
    "registered": "success",
    "altered": "danger",
    "in_signature": "info",
    "earlier_copy": "info",
    "withdrawn": "warning",
    "unregistered": "warning",
    "foreign_seal": "warning",
    "unsealed": "warning",
    "unknown_code": "warning",
    "not_a_pdf": "warning",
    "unreadable": "warning",
}
ICONS = {
    "authentic": "badge-check",
    "registered": "badge-check",
    "altered": "shield-x",
    "in_signature": "pen-line",
    "earlier_copy": "history",
    "withdrawn": "file-x",
    "unregistered": "shield-question-mark",
    "foreign_seal": "shield-alert",
    "unsealed": "shield-off",
    "unknown_code": "search-x",
    "not_a_pdf": "file-x",
    "unreadable": "file-question-mark",
}

STANDING_TAILS = {
    "in_force": ", en vigueur",
    "future": ", pas encore en vigueur",
    "superseded": ", remplacé depuis",
    "ended": ", qui n’est pas en vigueur aujourd’hui",
}
STANDING_TONES = {
    "in_force": "success",
    "future": "info",
    "superseded": "warning",
    "ended": "warning",
    "unknown": "info",
    "record": "success",
}
STANDING_ICONS = {
    "in_force": "badge-check",
    "future": "calendar-clock",
    "superseded": "history",
    "ended": "calendar-off",
    "unknown": "badge-info",
    "record": "badge-check",
}
STANDING_STEPS = {
    "superseded": "Ne vous servez plus de cette version : demandez l’actuelle à la personne qui vous l’a remise, ou à la Région.",
    "ended": "Ce document garde sa valeur de preuve pour le passé. Pour la situation d’aujourd’hui, adressez-vous à la Région.",
    "future": "Attendez qu’il prenne effet avant de vous en prévaloir.",
}

# PAdES levels (ETSI EN 319 142-1), said for people who will never read the norm.
LEVELS = {
    "B-B": "Sans horodatage qualifié : la date est celle du portail.",
    "B-T": "Date prouvée par un service d’horodatage indépendant.",
    "B-LT": "Date prouvée par un service d’horodatage indépendant ; les preuves de validité du certificat sont dans le fichier.",
    "B-LTA": (
        "Date prouvée par un service d’horodatage indépendant ; le fichier porte ses preuves "
        "et reste vérifiable après l’expiration des certificats."
    ),
}
TOO_BUSY = "Trop de fichiers sont en cours de vérification. Réessayez dans une minute : rien n’a été perdu."
UNKNOWN_STANDING = "Le portail ne peut plus dire ce que vaut ce document aujourd’hui : adressez-vous à la Région."
KNOWN_BUT_NOT_OURS = "Ce PDF est scellé par un organisme reconnu, {holder}, mais pas par le cachet de la Région."
