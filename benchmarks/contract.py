"""10,000 calls that the description of the API allows, or does not: are all answered as it says?

    python -m benchmarks.contract
    python -m tests.services python -m benchmarks.contract     (PostgreSQL)

Schemathesis makes them up and asks the site in this process, over a small world in a database of
the benchmark's own. It stops at the first answer that is not described, error of the server, bad
input that was taken, or way past who may ask. It takes some minutes.
"""

# isort: off
from benchmarks import rows  # sets Django up

# isort: on
import argparse
import time
from collections import Counter

from django.conf import settings
from django.db import transaction

from tests.papers.api import contract
from tests.papers.api.conftest import make_world


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.contract",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--calls", type=int, default=10_000)
    calls = parser.parse_args().calls
    settings.API_PER_MINUTE = settings.API_TOKEN_PER_MINUTE = 10**9
    operations = contract.operations()
    each = calls // (len(operations) * len(contract.WHO))
    started, all_answered = time.monotonic(), Counter[int]()
    with rows.own_database():
        make_world()
        for who, headers in contract.WHO.items():
            shown = headers()
            for name, operation in operations.items():
                with transaction.atomic():  # each finds the world as it was
                    answered = contract.call(operation, shown, each)
                    transaction.set_rollback(True)
                if not answered[contract.expected(name, who)]:
                    raise SystemExit(f"{who} never got {name} as expected: {dict(answered)}")
                print(f"{who:10} {name:32} {dict(sorted(answered.items()))}", flush=True)
                all_answered += answered
    took = time.monotonic() - started
    print(f"{all_answered.total():,} calls in {took:.0f} s: {dict(sorted(all_answered.items()))}")


if __name__ == "__main__":
    main()
