"""Insee's codes that the portal keeps or prints: headcounts, usual legal categories, activity nomenclatures, kinds of streets.

Headcounts: variable trancheEffectifsEtablissement of Sirene. Legal categories: Insee's list, level III; a code that is not
here is kept without words. Nomenclatures: NAF rév. 2 until 31 December 2026, NAF 2025 from 1 January 2027.
"""

HEADCOUNT_RANGES = [
    ("NN", "Sans salarié ou non connu"),
    ("00", "0 salarié au 31 décembre"),
    ("01", "1 ou 2 salariés"),
    ("02", "3 à 5 salariés"),
    ("03", "6 à 9 salariés"),
    ("11", "10 à 19 salariés"),
    ("12", "20 à 49 salariés"),
    ("21", "50 à 99 salariés"),
    ("22", "100 à 199 salariés"),
    ("31", "200 à 249 salariés"),
    ("32", "250 à 499 salariés"),
    ("41", "500 à 999 salariés"),
    ("42", "1\u202f000 à 1\u202f999 salariés"),
    ("51", "2\u202f000 à 4\u202f999 salariés"),
    ("52", "5\u202f000 à 9\u202f999 salariés"),
    ("53", "10\u202f000 salariés et plus"),
]
RANGE_CODES = [code for code, _ in HEADCOUNT_RANGES]
LEGAL_CATEGORIES = {
    "1000": "Entrepreneur individuel",
    "4110": "Établissement public industriel ou commercial",
    "5202": "Société en nom collectif",
    "5410": "SARL nationale",
    "5415": "SARL d’économie mixte",
    "5458": "SARL coopérative de production (SCOP)",
    "5485": "Société d’exercice libéral à responsabilité limitée",
    "5498": "SARL unipersonnelle",
    "5499": "Société à responsabilité limitée (SARL)",
    "5510": "SA nationale à conseil d’administration",
    "5515": "SA d’économie mixte à conseil d’administration",
    "5599": "SA à conseil d’administration",
    "5699": "SA à directoire",
    "5710": "Société par actions simplifiée (SAS)",
    "5720": "Société par actions simplifiée unipersonnelle (SASU)",
    "5800": "Société européenne",
    "6220": "Groupement d’intérêt économique (GIE)",
    "6317": "Société coopérative agricole",
    "6540": "Société civile immobilière",
    "6598": "Exploitation agricole à responsabilité limitée (EARL)",
    "7210": "Commune",
    "7220": "Département",
    "7230": "Région",
    "7331": "Établissement public local d’enseignement",
    "7344": "Métropole",
    "7346": "Communauté de communes",
    "7348": "Communauté d’agglomération",
    "9220": "Association déclarée",
    "9300": "Fondation",
}
NAF_VERSIONS = {"NAFRev2": "rév. 2", "NAF2025": "NAF 2025"}
# Abbreviations that read themselves; any other kind of street stays as the file writes it.
STREETS = {
    "ALL": "allée", "AV": "avenue", "BD": "boulevard", "CHE": "chemin", "IMP": "impasse", "PL": "place", "QUAI": "quai",
    "RTE": "route", "RUE": "rue", "SQ": "square",
}  # fmt: skip
