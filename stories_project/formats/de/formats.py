"""How dates are written in German, beside what Django knows."""

DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "j. M Y"
MONTH_DAY_FORMAT = "j. F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j. F Y, H:i"
