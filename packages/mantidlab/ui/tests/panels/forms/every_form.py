"""Write the forms of all algorithms of the recorded Mantid to the standard output, as JSON, one a line."""

import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[6]
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "packages" / "mantidlab" / "src")]

from support.recorded_mantid import RecordedMantid  # noqa: E402
from support.recordings import recording  # noqa: E402

from mantidlab.docs.extract.mantid import extract_mantid  # noqa: E402
from mantidlab.docs.stubs import extensible_words  # noqa: E402
from mantidlab.forms.algorithms import form_of_algorithm  # noqa: E402

mantid = RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))
catalogue = extract_mantid(mantid, lambda line: None)
words = extensible_words(catalogue)
for algorithm in catalogue.algorithms:
    print(json.dumps(form_of_algorithm(algorithm, words).to_json(), allow_nan=False))
