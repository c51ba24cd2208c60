"""`make run`: see `ops.service`, which is loaded with care."""

import signal
import sys


def main() -> int:
    """Serve until stopped."""
    # A Ctrl-C while the rest is being loaded ends us without a traceback; one that came even before was held back.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    from ops.service import serve

    return serve()


if __name__ == "__main__":
    sys.exit(main())
