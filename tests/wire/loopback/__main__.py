"""Start the loopback: `python -m tests.wire.loopback --port 0`."""

import argparse
import asyncio
import json
import signal
import sys

from .server import API, Loopback


async def serve(port: int, *, tied_to_stdin: bool) -> None:
    """Listen until a signal, or the end of standard input, says stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if tied_to_stdin:
        loop.add_reader(sys.stdin.fileno(), stop.set)
    runner, found = await Loopback().listen(port)
    root = f"http://127.0.0.1:{found}"
    print(json.dumps({"port": found, "api": root + API, "control": root + "/control"}), flush=True)
    await stop.wait()
    await runner.cleanup()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="tests.wire.loopback", description="A Discord on 127.0.0.1, for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end together with the parent")
    given = parser.parse_args()
    asyncio.run(serve(given.port, tied_to_stdin=given.until_stdin_closes))


if __name__ == "__main__":
    main()
