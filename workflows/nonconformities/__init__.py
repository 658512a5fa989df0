"""Nonconformities room: from a finding to proven effect (ISO 9001 and ISO/IEC 27001, cl. 10.2).

A minor or major is raised as a draft, issued with a signed grade, answered by its owner, and closed only when
somebody independent has seen that the corrective action was done and, later, that it worked. The room reads in
the order of every room: `rules` (with `independence`), `commands`, `questions`.
"""
