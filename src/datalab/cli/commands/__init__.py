"""One group of commands a file: each reads its arguments, calls the client or the host, prints what came.

Refuses imports of anything heavy at the top: ``datalab --help`` must not wait for what it doesn't use.
"""
