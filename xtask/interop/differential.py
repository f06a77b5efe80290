"""Our credentials and Python's azure-identity in the same surroundings: what both ask for, and what comes of it.

Its arguments are the example `get_token` of aad-identity and the list of known differences. Each case is run twice, by
two programs that know nothing of each other, against a server that answers both alike and records. Requests, command
lines and outcomes are compared. A difference must be in the list with its reason, and what is in the list must differ.

It runs in namespaces of its own (`unshare --map-root-user --net --mount`): the address of the metadata service is one
of the loopback device's there and nothing reaches the network, and the folder of Azure Arc's keys, which cannot be
chosen for Python, is nowhere else.
"""

import base64
import collections
import concurrent.futures
import contextlib
import functools
import itertools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib

import cases_of_chains  # It has the hosts, tools and environments with it.
import cases_of_people
from cases import CASES
from certificate import Certificate
from recorder import LIFE, METADATA_ADDRESS, Recorder, timed

ARC_KEYS = pathlib.Path("/var/opt")
# Sources of their default chain that need a broker of the desktop; `explain()` names them and what does instead.
LACKING = {"VisualStudioCodeCredential", "SharedTokenCacheCredential", "BrokerCredential", "InteractiveBrowserCredential"}


class World:
    """What all cases have in common."""

    def __init__(self, example, folder):
        self.programs = {"ours": [example], "theirs": [sys.executable, "-B", sibling("get_token.py")]}
        self.folder = pathlib.Path(folder)
        self.server, self.node, self.application = Certificate("localhost"), Certificate("node"), Certificate()
        self.node_file = self.write("node.pem", self.node.key_pem() + self.node.pem)
        self.node_certificate = self.write("node.crt", self.node.pem)
        self.server_file = self.write("server.pem", self.server.key_pem() + self.server.pem)
        self.authorities = self.write("authorities.pem", self.server.pem)
        self.certificate = self.write("application.pem", self.application.key_pem() + self.application.pem)
        self.pfx = self.folder / "application.pfx"
        self.pfx.write_bytes(self.application.pfx(b"protected"))

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


def sibling(name):
    return os.path.join(os.path.dirname(__file__), name)


def run(world, case, side):
    """What this side asks for in this case, and its outcome."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Recorder(world.server_file, world.node_file, answering(case), case.has_fixed_addresses))
        commands = put_programs(folder, case.programs)
        put_files(folder, case.files)
        values = {
            "http": server.http,
            "https": server.https,
            "folder": folder,
            "certificate": world.certificate,
            "pfx": world.pfx,
            "node": server.node,
            "node_file": world.node_certificate,
            "node_text": world.node.pem,
            "thumbprint": world.node.thumbprint,
            "other_thumbprint": world.server.thumbprint,
        }
        environment = {name: value.format(**values) for name, value in case.variables.items()} | {
            "PATH": f"{folder}/bin:/usr/bin:/bin",
            "HOME": str(folder),
            # As of most people, the local time is not UTC.
            "TZ": "America/New_York",
            "SSL_CERT_FILE": str(world.authorities),
            "REQUESTS_CA_BUNDLE": str(world.authorities),
        }
        said = answer([*world.programs[side], case.credential, *case.arguments], folder, environment, case.patience)
        requests = [request.normalised() for request in server.requests if not request.is_discovery]
        return without_repetitions(requests) + seen(commands) + [said]


def answering(case):
    return case.new_answer() if case.new_answer else case.answer


def without_repetitions(requests):
    """How often each library tries is its own; that it tries again is not."""
    return [one + "\n    again" * (len(list(same)) > 1) for one, same in itertools.groupby(requests)]


def answer(words, folder, environment, patience):
    try:
        ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return f"no answer within {patience} s"
    assert ended.stdout.startswith("{"), f"{words} ended with {ended.returncode}: {ended.stderr[-500:]}"
    if os.environ.get("DEBUG"): print("MSG", words[0][-10:], ended.stdout, flush=True)
    return outcome(json.loads(ended.stdout))


def put_programs(folder, programs):
    """Gives the file in which they write down how they were called."""
    (folder / "bin").mkdir()
    commands = folder / "commands"
    for name, program in programs.items():
        for what in ["stdout", "stderr"]:
            (folder / f"{name}.{what}").write_text(timed(getattr(program, what)), encoding="utf-8")
        local = f'$(date -d @{int(time.time()) + LIFE} "+%Y-%m-%d %H:%M:%S.000000")'
        path = folder / "bin" / name
        path.write_text(
            "#!/bin/sh\n"
            f'printf "%s\\0" {name} "$@" >> {commands}; pwd >> {commands}\n'
            f"sleep {program.sleeps}\n"
            f'sed "s/@local@/{local}/" {folder}/{name}.stdout\n'
            f"cat {folder}/{name}.stderr >&2\n"
            f"exit {program.code}\n",
            encoding="utf-8",
        )
        path.chmod(0o755)
    return commands


def put_files(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def seen(commands):
    if not commands.exists():
        return []
    lines = commands.read_text(encoding="utf-8").splitlines()
    return [command(*line.split("\0")) for line in lines]


def command(*words):
    *words, folder = words
    if words[-2] == "-EncodedCommand":
        words[-1] = script(base64.b64decode(words[-1]).decode("utf-16-le"))
    return f"{shlex.join(words)} (in {folder})"


def script(text):
    """What a script for PowerShell asks for. Its words are each library's own."""
    resource = re.search(r"'?ResourceUrl'? *= *'([^']*)'", text).group(1)
    tenant = re.search(r"(?:\$tenantId|TenantId) *= *'([^']*)'", text)
    versions = sorted(set(re.findall(r"'?(\d+\.\d+\.\d+)'?", text)))
    return f"resource {resource} tenant {tenant.group(1) if tenant else ''} versions {' '.join(versions)}"


def outcome(said):
    """What came of it. Azure's library knows two kinds of failure, and a misuse."""
    if said["kind"] == "Token":
        minutes = round((said["expires_on"] - time.time()) / 60)
        return f"token {said['token']!r} for {minutes} minutes"
    codes = "".join(f" {code}" for code in dict.fromkeys(re.findall(r"AADSTS\d+", said["message"])))
    if said.get("attempts"):
        names = [name for name, _ in said["attempts"] if name not in LACKING]
        return f"no token of {', '.join(names)}{codes}"
    kinds = {"Unavailable": "unavailable", "Request": "misuse", "Credentials": "failed"}
    # Ours tell apart whether to try again; to theirs it is all one.
    finer = {"Transient": "failed", "Throttled": "failed", "Protocol": "failed", "Forbidden": "failed"}
    return (kinds | finer).get(said["kind"], said["kind"]) + codes


def compared(world, case):
    """What is wrong with the case, both sides."""
    return [run(world, case, side) for side in ["ours", "theirs"]]


def isolate():
    """Makes the address of the metadata service ours, in this namespace, and hides what is below /var/opt."""
    for command in [
        ["ip", "link", "set", "lo", "up"],
        ["ip", "address", "add", f"{METADATA_ADDRESS[0]}/32", "dev", "lo"],
        ["mount", "-t", "tmpfs", "tmpfs", str(ARC_KEYS)],
    ]:
        subprocess.run(command, check=True)
    with open("/proc/net/route", encoding="utf-8") as routes:
        assert len(routes.readlines()) == 1, "this is not a network namespace of its own"


def outcomes(world):
    """Both sides of all cases. Those that need an address or a folder that there is only once come first."""
    alone = [case for case in CASES if case.has_fixed_addresses or any(path.startswith("/") for path in case.files)]
    for case in alone:
        for path in ARC_KEYS.glob("**/*.key*"):
            path.unlink()
        yield case, compared(world, case)
    others = [case for case in CASES if case not in alone]
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as workers:
        yield from zip(others, workers.map(functools.partial(compared, world), others))


def complaint(ours, theirs, known):
    """What is wrong with an outcome, if anything is."""
    if ours == theirs:
        return known and "it is in the list and does not differ"
    if not known:
        return "it differs"
    for side, lines in [("ours", ours), ("theirs", theirs)]:
        if known.get(side, lines[-1]) != lines[-1]:
            return f"the list has another outcome of {side}"
    return None


def main(example, known_file):
    isolate()
    with open(known_file, "rb") as file:
        known = {name: one for one in tomllib.load(file)["difference"] for name in one["cases"]}
    equal, differing, wrong = collections.Counter(), collections.Counter(), 0
    unknown = set(known) - {case.name for case in CASES}
    for name in sorted(unknown):
        print(f"FAIL  {name}: it is in the list and no case")
    with tempfile.TemporaryDirectory() as folder:
        for case, (ours, theirs) in outcomes(World(example, folder)):
            (equal if ours == theirs else differing)[case.credential] += 1
            if what := complaint(ours, theirs, known.get(case.name)):
                wrong += 1
                print(f"FAIL  {case.name}: {what}")
                for side, lines in [("ours", ours), ("theirs", theirs)]:
                    print(*(line.replace("\n", "\n          ") for line in [f"      {side}:", *lines]), sep="\n        ")
                sys.stdout.flush()
    for credential in dict.fromkeys(case.credential for case in CASES):
        print(f"{credential}: {equal[credential]} cases are equal, {differing[credential]} differ")
    print(f"DIFFERENTIAL: of {len(CASES)} cases {equal.total()} are equal, {differing.total()} differ; {wrong} are not as listed")
    return 1 if wrong or unknown else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
