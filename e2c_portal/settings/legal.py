"""What the Région must say of itself: on paper these are decisions of people, so no value is invented for production."""

import environ

env = environ.Env()

# Each is a sentence as it will be read: name, address, telephone.
LEGAL_PUBLISHER = env("LEGAL_PUBLISHER", default="")
LEGAL_DIRECTOR = env("LEGAL_DIRECTOR", default="")
LEGAL_HOST = env("LEGAL_HOST", default="")
# Where people write about their data (the data officer) and about what they cannot use: an address or a page.
LEGAL_DATA_CONTACT = env("LEGAL_DATA_CONTACT", default="")
LEGAL_ACCESSIBILITY_CONTACT = env("LEGAL_ACCESSIBILITY_CONTACT", default="")
# "non", "partielle" or "totale", with what the audit found: « audit du … par …, 92 % des critères respectés ».
LEGAL_ACCESSIBILITY_STATE = env("LEGAL_ACCESSIBILITY_STATE", default="non")
LEGAL_ACCESSIBILITY_AUDIT = env("LEGAL_ACCESSIBILITY_AUDIT", default="")
# Address of the multi-year accessibility scheme that the Région publishes.
LEGAL_ACCESSIBILITY_PLAN = env("LEGAL_ACCESSIBILITY_PLAN", default="")
