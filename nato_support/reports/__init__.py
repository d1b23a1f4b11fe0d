"""What readers report about published facts, privately, to the editors. Nothing of it is ever published."""
