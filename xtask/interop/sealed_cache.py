"""The example `token_cache` of aad-identity with a cache that is sealed with a key in gnome-keyring.

Its argument is the example. It runs on a session bus of its own (`dbus-run-session`), with a home of its own, so that
the keyring is nobody's.
"""

import concurrent.futures
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile

from authority import ANNA, LAKE, Authority
from flows import flow, score


class World:
    def __init__(self, example):
        self.example, self.authority, self.files = example, Authority(), itertools.count()
        self.folder = pathlib.Path(tempfile.mkdtemp())
        (self.folder / "run").mkdir(mode=0o700)
        home = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder / "run")}
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "XDG_"))}
        self.environment = mine | home | {"AZURE_AUTHORITY_HOST": self.authority.address}
        daemon = ["gnome-keyring-daemon", "--unlock", "--components=secrets"]
        subprocess.run(daemon, input=b"password", env=self.environment, check=True, capture_output=True)

    def new_file(self):
        return self.folder / f"data {next(self.files)}" / "tokens"

    def run(self, file, *arguments, **variables):
        """What the example says, and whether it failed."""
        done = subprocess.run(
            [self.example, f"keyring:{file}", *arguments],
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout + done.stderr, done.returncode != 0

    def says(self, file, *arguments, **variables):
        said, failed = self.run(file, *arguments, **variables)
        assert not failed, said
        return said


NO_NETWORK = {"AZURE_AUTHORITY_HOST": "http://127.0.0.1:1"}
NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nobody"}


def application(name):
    return ["application", "contoso.com", name, "secret", LAKE]


@flow
def a_person_signs_in_once_for_all_programs(world):
    file = world.new_file()
    world.says(file, "sign-in", "organizations", "app", LAKE)
    assert world.says(file, "list").startswith(ANNA)
    world.says(file, "token", "organizations", "app", ANNA, LAKE, **NO_NETWORK)
    world.says(file, "remove", ANNA)
    assert world.says(file, "list") == ""


@flow
def the_file_tells_nothing(world):
    file = world.new_file()
    world.says(file, *application("telltale"))
    content = file.read_text()
    assert content.startswith("aad-identity token cache 1\n") and "telltale" not in content
    assert file.stat().st_mode & 0o777 == 0o600


@flow
def programs_that_begin_at_once_make_one_key(world):
    file = world.new_file()
    names = [f"app-{number}" for number in range(8)]
    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda name: world.says(file, *application(name)), names))
    for name in names:
        world.says(file, *application(name), **NO_NETWORK)


@flow
def whoever_has_no_keyring_signs_in_all_the_same_and_changes_nothing(world):
    file = world.new_file()
    world.says(file, *application("app"))
    before = file.read_text()
    world.says(file, *application("app"), **NO_BUS)
    assert file.read_text() == before
    said, failed = world.run(file, "list", **NO_BUS)
    assert failed and "the keyring of the system cannot be used" in said, said


@flow
def the_key_of_one_file_does_not_open_another(world):
    one, other = world.new_file(), world.new_file()
    world.says(one, *application("app"))
    world.says(other, *application("app"))
    other.write_text(one.read_text())
    said, failed = world.run(other, "list")
    assert failed and "is not sealed with the key in the keyring" in said, said


if __name__ == "__main__":
    sys.exit(score("tokens sealed with gnome-keyring", World(sys.argv[1])))
