"""How dates are written in English, beside what Django knows."""

DATE_FORMAT = "F j, Y"
SHORT_DATE_FORMAT = "M j, Y"
MONTH_DAY_FORMAT = "F j"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "F j, Y, H:i"
