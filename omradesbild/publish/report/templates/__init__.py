"""What each kind of meeting document consists of: a file a template, with ``document(statements, order, house)``."""
