"""``python -m lunheng`` is the command ``lunheng``."""

import sys

from lunheng.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
