"""Ctrl-C while a command is still being imported ends it without a traceback, as the shell expects of any program.

Imported before anything that takes time; from ``handle`` on Ctrl-C is KeyboardInterrupt again, which the command line turns into a line.
"""

import signal
import threading

# A handler of somebody else's (nohup, a test) is left alone; only the main thread may set one.
_replaced = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _replaced:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def handle() -> None:
    """The imports are done."""
    if _replaced:
        signal.signal(signal.SIGINT, signal.default_int_handler)
