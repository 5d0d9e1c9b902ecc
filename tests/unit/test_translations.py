"""German is complete: a sentence that is missing, only guessed or not compiled fails here."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "translations"


def test_every_sentence_has_its_german_and_the_compiled_catalogue_is_up_to_date():
    done = subprocess.run([sys.executable, TOOL, "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"\n{done.stderr}\nSee tools/translations, which says how to mend it."
