"""Mirror: a copy of another register's public side, kept in step over its API alone."""
