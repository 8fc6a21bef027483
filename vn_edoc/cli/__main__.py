"""``python -m vn_edoc.cli``."""

import sys

from vn_edoc.cli import main

sys.exit(main())
