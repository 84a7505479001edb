"""How dates and numbers read on French pages: "12 décembre 2014", tied by no-break spaces, and what may be typed."""

NO_BREAK = "\N{NO-BREAK SPACE}"

DATE_FORMAT = f"j{NO_BREAK}F{NO_BREAK}Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = f"{DATE_FORMAT} à{NO_BREAK}H:i"
YEAR_MONTH_FORMAT = f"F{NO_BREAK}Y"
MONTH_DAY_FORMAT = f"j{NO_BREAK}F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 1

# Only years of four digits: "06" meant 2006 for some and 1906 for others.
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
NUMBER_GROUPING = 3
