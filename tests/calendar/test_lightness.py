"""What the calendar must not load, and that its answers travel between processes."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import datetime

from tests.conftest import ROOT
from vn_edoc.calendar import OfficeHours, deadline
from vn_edoc.findings import VIETNAM


def test_an_answer_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from datetime import datetime\n"
        "from vn_edoc.calendar import WorkCalendar, OfficeHours, deadline\n"
        "from vn_edoc.findings import VIETNAM\n"
        "due = deadline('qd28.send', datetime(2026, 2, 13, 16, tzinfo=VIETNAM), hours=OfficeHours())\n"
        "assert due.day.day == 23, due\n"
        "heavy = {'lxml', 'pyhanko', 'pydantic', 'asn1crypto', 'cryptography', 'numpy', 'pandas', 'dateutil'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_importing_the_package_resolves_no_name() -> None:
    code = (
        "import sys, vn_edoc.calendar\n"
        "print([m for m in sys.modules if m.startswith('vn_edoc.')], 'typing' in sys.modules)\n"
    )
    out = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "['vn_edoc._lazy', 'vn_edoc.calendar'] False"


def test_a_deadline_is_a_value() -> None:
    start = datetime(2026, 2, 13, 16, tzinfo=VIETNAM)
    due = deadline("qd28.send", start, hours=OfficeHours.preset("two-seasons"))
    assert pickle.loads(pickle.dumps(due)) == due
    assert hash(due) == hash(deadline("qd28.send", start, hours=OfficeHours.preset("two-seasons")))
