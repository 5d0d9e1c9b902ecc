"""`python -m ckanext.mainz.runtime`: what `./portal` calls once its environment stands."""

import sys

from ckanext.mainz.runtime.cli import main

sys.exit(main())
