"""The reconciliation service: tells OpenRefine and its like which entities of the register the names in a table mean.

It speaks version 0.2 and the draft of 1.0 of the Reconciliation Service API, each under a root of its own. Live editions
alone are read. Here only, unknown parameters are ignored, since clients of the protocol send some of their own.
"""
