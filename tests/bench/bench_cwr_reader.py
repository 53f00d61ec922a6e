"""Speed of the CWR reader beside a loop that only slices; the same as ``hub bench cwr``."""

from hub.cli.bench_cwr import cwr_command

if __name__ == "__main__":
    cwr_command()
