from sources.admin import citation, desk_records, document, evidence, quote, resolution

__all__ = ["citation", "desk_records", "document", "evidence", "quote", "resolution"]
