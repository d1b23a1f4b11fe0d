"""Sources: who says so. Documents, quotes and citations, and all that is done with the texts of documents."""
