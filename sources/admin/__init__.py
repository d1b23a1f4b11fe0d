from sources.admin import citation, document, evidence, quote, resolution

__all__ = ["citation", "document", "evidence", "quote", "resolution"]
