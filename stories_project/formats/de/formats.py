"""How dates are written in German, beside what Django knows."""

DATE_FORMAT = "j. F Y"
MONTH_DAY_FORMAT = "j. F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j. F Y, H:i"
