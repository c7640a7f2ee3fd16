"""Fetch answers of a medalliance server into files, once a night. One file, Python 3.11 or newer, nothing to install.

    python nightly_pull.py --server http://127.0.0.1:8000 --into pulled \
        members.csv="/api/v1/questions/members-on-date?alliance=org/jl-neonatal-alliance&format=csv" \
        centres.json=@centres.rq

Each argument is FILE=ADDRESS or FILE=@QUERY.rq; a query goes to /sparql, for the format that the file's ending names.
What has not changed is not fetched again (ETag). A file is replaced whole or not at all. When the server is busy
(429, 503) or does not answer, the job waits as long as the server says (Retry-After), or longer each time, but no
longer than --patience seconds in all. A token, where reading needs one, stands in the variable MEDALLIANCE_TOKEN.

Exit code: 0 all files are up to date, 1 some could not be fetched (the old ones stay), 2 wrong usage.
"""

import argparse
import email.utils
import http.client
import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

FORMATS = {
    "json": "json",
    "csv": "csv",
    "tsv": "tsv",
    "xml": "xml",
    "ttl": "ttl",
    "nt": "nt",
    "jsonld": "jsonld",
}
STATE = ".nightly_pull.json"
FIRST_WAIT = 5.0
BUSY = (429, 503)


class Failed(Exception):
    """Something that could not be fetched, as one sentence."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a token must not go to another server."""

    def redirect_request(self, *_):
        """Return no request."""


class Server:
    """A server, and how long this job will still wait for it."""

    def __init__(self, address, token, patience, sleep=time.sleep):
        self.address, self.token, self.patience, self.sleep = address.rstrip("/"), token, patience, sleep
        self.opener = urllib.request.build_opener(NoRedirects)

    def fetch(self, path, etag=""):
        """Return body and ETag of an address; the body is None when the ETag given is still right."""
        wait = FIRST_WAIT
        while True:
            try:
                with self.opener.open(self._request(path, etag), timeout=120) as answer:
                    # Shorter than announced: read() raises, so that no part is ever taken for the whole.
                    return answer.read(), answer.headers.get("ETag", "")
            except urllib.error.HTTPError as fault:
                if fault.code == 304:
                    return None, etag
                if fault.code not in BUSY:
                    raise Failed(f"{fault.code} {told(fault)}") from fault
                self._wait(seconds_of(fault.headers.get("Retry-After"), wait), f"{fault.code}")
            except (OSError, http.client.HTTPException) as fault:
                self._wait(wait, str(fault))
            wait *= 2

    def version(self):
        """Return the version of the graph that the server serves."""
        body, _ = self.fetch("/readyz")
        return json.loads(body)["version"]

    def _request(self, path, etag):
        request = urllib.request.Request(self.address + path)
        if etag:
            request.add_header("If-None-Match", etag)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        return request

    def _wait(self, seconds, why):
        if seconds > self.patience:
            raise Failed(f"{why}; patience is over")
        print(f"waiting {seconds:.0f} s: {why}", flush=True)
        self.patience -= seconds
        self.sleep(seconds)


def seconds_of(retry_after, otherwise):
    """Return what Retry-After says, in seconds: it may be a number or a date."""
    if not retry_after:
        return otherwise
    if retry_after.strip().isdecimal():
        return max(float(retry_after), 1.0)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after).timestamp()
    except (TypeError, ValueError):
        return otherwise
    return max(moment - time.time(), 1.0)


def told(fault):
    """Return what the server says of a failure: its problem document's title and detail."""
    try:
        problem = json.loads(fault.read())
        return f"{problem['title']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError, OSError):
        return str(fault.reason)


def address_of(wanted, file):
    """Return the address that an argument names; a query file becomes a query in it."""
    if not wanted.startswith("@"):
        return wanted
    query = Path(wanted[1:]).read_text(encoding="utf-8")
    form = FORMATS.get(file.suffix.removeprefix("."), "json")
    return "/sparql?" + urllib.parse.urlencode({"query": query, "format": form})


def write_whole(file, data):
    """Write a file so that it is there whole or as it was, even when the machine stops."""
    descriptor, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(data)
            sink.flush()
            os.fsync(sink.fileno())
        Path(part).replace(file)
    except BaseException:
        Path(part).unlink()
        raise


def held_in(folder):
    """Return address and ETag of each file that was fetched before."""
    try:
        return json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def pull(server, folder, wanted):
    """Fetch what has changed; return how many could not be fetched."""
    held, failed = held_in(folder), 0
    for name, address in wanted.items():
        file = folder / name
        known = held.get(name, {})
        etag = known.get("etag", "") if file.exists() and known.get("address") == address else ""
        try:
            body, etag = server.fetch(address, etag)
        except Failed as fault:
            print(f"{name}: {fault}", file=sys.stderr)
            failed += 1
            continue
        if body is None:
            print(f"{name}: unchanged")
            continue
        write_whole(file, body)
        held[name] = {"address": address, "etag": etag}
        write_whole(folder / STATE, json.dumps(held, indent=1).encode())
        print(f"{name}: {len(body)} bytes")
    return failed


def main(arguments=None):
    """Run the job; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    parser.add_argument("--into", type=Path, default=Path("pulled"))
    parser.add_argument("--patience", type=float, default=900.0, help="seconds to wait in all")
    parser.add_argument("wanted", nargs="+", metavar="FILE=ADDRESS")
    given = parser.parse_args(arguments)
    pairs = [one.partition("=") for one in given.wanted]
    if not all(name and Path(name).name == name and address[:1] in ("/", "@") for name, _, address in pairs):
        parser.error("write FILE=/address or FILE=@query.rq")
    try:
        wanted = {name: address_of(address, Path(name)) for name, _, address in pairs}
        given.into.mkdir(parents=True, exist_ok=True)
        server = Server(given.server, os.environ.get("MEDALLIANCE_TOKEN", ""), given.patience)
        print(f"version {server.version()}")
        return 1 if pull(server, given.into, wanted) else 0
    except (Failed, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
