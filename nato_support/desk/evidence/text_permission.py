"""Who may read the texts of documents, which belong to their publishers."""


def may_read_texts(user) -> bool:
    """Return whether `user` may read the texts of documents: as whoever may change documents."""
    return user.has_perm("sources.change_sourcedocument")
