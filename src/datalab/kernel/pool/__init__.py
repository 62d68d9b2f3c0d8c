"""One supervised pool of exec'd, confined, killable worker processes.

Everything heavy or dangerous (user SQL, ingest, encoding, rendering, training) runs in its children, never in a service's
event loop. The pool owns starting, feeding, killing and reaping them. It refuses to know what they compute: a task is an
entry ``package.module:function`` and JSON. Modules which run in children (``child``, ``channel``, ``confine`` and what they
import) import nothing heavy, so that a standby costs little memory.
"""
