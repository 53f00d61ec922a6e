"""Measures the recording matcher on the data beside the repository: ``hub bench matching`` as a script."""

import sys

from hub.cli import main

if __name__ == "__main__":
    sys.argv[1:] = ["bench", "matching", *sys.argv[1:]]
    main()
