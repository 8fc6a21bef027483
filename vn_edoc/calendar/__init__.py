"""Working days, office hours, periods and deadlines of Vietnamese state agencies."""
