"""Concerns room: what anybody brings up in a sentence, and what an auditor or lead makes of it.

A nonconformity is followed in a case of its own, an improvement is a task; what is neither is set aside with a reason.
Whoever brought it up hears what became of it (ISO 9001 and ISO/IEC 27001, cl. 7.4, 10.1 and 10.2).
"""
