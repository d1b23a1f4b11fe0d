"""Evidence: the statements that citations make about a field, contested fields, resolutions and coverage."""
