"""Facts, rules, conclusions and the legal report."""
