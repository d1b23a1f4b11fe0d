"""Reconciliation service, with which OpenRefine and similar tools match the names in a table with entities of the register.

It implements version 0.2 and the draft of 1.0 of the Reconciliation Service API, each under a root of its own, over live
editions. Unlike elsewhere in the API, unknown parameters are ignored, since clients of the protocol send their own.
"""
