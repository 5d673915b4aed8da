"""A server of the Language Server Protocol: shapes and mistakes beside the lines of a file.

`document` is what is known of one file at one version. `hints`, `hover` and their like are
functions of it and of a place that know nothing of the protocol; `protocol` and `answers` alone do,
and need the extra.
"""
