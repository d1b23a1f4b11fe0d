"""How alike two entities are: their names across scripts and spellings, and what else speaks for and against."""
