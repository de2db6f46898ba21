"""``python -m omradesbild``."""

import sys

from omradesbild.cli import main

sys.exit(main())
