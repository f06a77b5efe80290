"""A token cache file that msal with msal-extensions and the example `token_cache` of aad-identity share.

Its argument is the example. The authority is a few lines long: what is judged is the file between the two. msal speaks
https only, so its requests are brought to the authority by a client that knows no TLS.
"""

import concurrent.futures
import itertools
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import time
import unittest.mock

import msal
import msal_extensions
import msal_extensions.cache_lock
import msal_extensions.filelock
import msal_extensions.token_cache
import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ClientSecretCredential, TokenCachePersistenceOptions

from authority import ANNA, LAKE, Authority
from flows import flow, score

VAULT = "https://vault.azure.net/.default"
TIMES = {"cached_at", "expires_on", "extended_expires_on", "refresh_on", "last_modification_time"}


class Plain:
    """Brings what is meant for https://127.0.0.1 to the authority."""

    def __init__(self, address):
        self.address, self.session = address, requests.Session()

    def get(self, url, params=None, headers=None, **_):
        return self.session.get(url.replace("https://127.0.0.1", self.address), params=params, headers=headers)

    def post(self, url, params=None, data=None, headers=None, **_):
        url = url.replace("https://127.0.0.1", self.address)
        return self.session.post(url, params=params, data=data, headers=headers)

    def close(self):
        pass


class PlainSession(requests.Session):
    """The same for azure-identity."""

    def __init__(self, address):
        super().__init__()
        self._address = address

    def request(self, method, url, **options):
        return super().request(method, url.replace("https://127.0.0.1", self._address), **options)


class Careful(msal_extensions.PersistedTokenCache):
    """Notes when it looked before it looks, not after.

    As they are, the processes of msal-extensions 1.3.1 undo each other's changes now and then: what is written between
    its look and its note is never looked at (here in one of forty runs). That is not what is judged.
    """

    def _reload_if_necessary(self):
        before = time.time()
        super()._reload_if_necessary()
        self._last_sync = min(before, self._last_sync)


class World:
    def __init__(self, example):
        self.example, self.authority = example, Authority()
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.files = itertools.count()
        self.cache = msal_extensions.PersistedTokenCache

    def new_file(self):
        return self.folder / f"new folder {next(self.files)}" / "msal.cache"

    def host(self):
        """What App Service would set: the address of a managed identity's host."""
        return {"IDENTITY_ENDPOINT": f"{self.authority.address}/msi/token", "IDENTITY_HEADER": "header"}

    def ours(self, file, *arguments, offline=False):
        """What the example says."""
        address = "http://127.0.0.1:1" if offline else self.authority.address
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AZURE_")}
        done = subprocess.run(
            [self.example, file, *arguments],
            env=environment | self.host() | {"AZURE_AUTHORITY_HOST": address},
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def theirs(self, file, client_id="app", kind=msal.PublicClientApplication, tenant="organizations", **options):
        cache = self.cache(msal_extensions.FilePersistence(str(file)))
        return kind(
            client_id,
            authority=f"https://127.0.0.1/{tenant}",
            token_cache=cache,
            http_client=Plain(self.authority.address),
            instance_discovery=False,
            **options,
        )

    def their_sign_in(self, file, client_id="app"):
        application = self.theirs(file, client_id)
        granted = application.acquire_token_by_device_flow(application.initiate_device_flow([LAKE]))
        return granted["access_token"]

    def their_application(self, file, client_id):
        kind, tenant = msal.ConfidentialClientApplication, "contoso.com"
        application = self.theirs(file, client_id, kind, tenant, client_credential="secret")
        return application.acquire_token_for_client([LAKE])["access_token"]

    def our_application(self, file, client_id, **options):
        return self.ours(file, "application", "contoso.com", client_id, "secret", LAKE, **options)


def rows(file):
    return json.loads(file.read_text())


def without_times(file):
    """The rows, but for when and with which number they were granted."""
    everything = rows(file)
    for section in everything.values():
        for row in section.values():
            for name in TIMES & row.keys():
                assert row[name].isdecimal(), (name, row[name])
                row[name] = "a time"
            if row.get("credential_type") in ("AccessToken", "RefreshToken"):
                row["secret"] = row["secret"][:-4]
    return everything


@flow
def the_rows_of_a_person_are_those_of_msal(world):
    ours, theirs = world.new_file(), world.new_file()
    world.ours(ours, "sign-in", "organizations", "app", LAKE)
    world.their_sign_in(theirs)
    assert without_times(ours) == without_times(theirs), (without_times(ours), without_times(theirs))
    assert stat.S_IMODE(ours.stat().st_mode) == 0o600


@flow
def the_rows_of_an_application_are_those_of_msal(world):
    ours, theirs = world.new_file(), world.new_file()
    world.our_application(ours, "App")
    world.their_application(theirs, "App")
    assert without_times(ours) == without_times(theirs), (without_times(ours), without_times(theirs))


@flow
def a_person_who_signed_in_with_msal_gets_tokens_here(world):
    file = world.new_file()
    granted = world.their_sign_in(file)
    assert world.ours(file, "list") == f"{ANNA} Anna.Ä@contoso.com\n"
    said = world.ours(file, "token", "organizations", "app", ANNA, LAKE, offline=True)
    assert said.startswith(f"...{granted[-8:]} until "), said
    world.ours(file, "token", "organizations", "app", ANNA, VAULT)
    assert world.authority.forms[-1]["refresh_token"].startswith("refresh-token-")


@flow
def a_person_who_signed_in_here_gets_tokens_with_msal(world):
    file = world.new_file()
    said = world.ours(file, "sign-in", "organizations", "app", LAKE)
    application = world.theirs(file)
    [account] = application.get_accounts("anna.ä@contoso.com")
    sent = len(world.authority.forms)
    granted = application.acquire_token_silent([LAKE], account)["access_token"]
    assert f"...{granted[-8:]} until " in said and len(world.authority.forms) == sent
    # Scopes of another resource: msal takes our refresh token, and we take the one that msal got.
    assert "access_token" in application.acquire_token_silent([VAULT], account)
    newest = [row["secret"] for row in rows(file)["RefreshToken"].values()]
    world.ours(file, "token", "organizations", "app", ANNA, "https://graph.example/.default")
    assert [world.authority.forms[-1]["refresh_token"]] == newest
    assert len(rows(file)["RefreshToken"]) == 1


@flow
def an_applications_token_is_got_once(world):
    file = world.new_file()
    said = world.our_application(file, "App")
    assert world.their_application(file, "App")[-8:] in said
    other = world.their_application(file, "Other")
    assert other[-8:] in world.our_application(file, "Other", offline=True)


@flow
def azure_identity_and_ours_share_an_applications_token(world):
    file = world.new_file()
    home = file.parent
    options = TokenCachePersistenceOptions(name="shared", allow_unencrypted_storage=True)
    with unittest.mock.patch.dict(os.environ, {"HOME": str(home)}):
        credential = ClientSecretCredential(
            "contoso.com",
            "App",
            "secret",
            authority="https://127.0.0.1",
            disable_instance_discovery=True,
            cache_persistence_options=options,
            transport=RequestsTransport(session=PlainSession(world.authority.address), session_owner=False),
        )
        theirs = credential.get_token(LAKE).token
        kept = home / ".IdentityService/shared.nocae"
        assert theirs[-8:] in world.our_application(kept, "App", offline=True)
        ours = world.ours(kept, "application", "contoso.com", "App", "secret", VAULT)
        assert credential.get_token(VAULT).token[-8:] in ours


@flow
def a_machines_token_is_got_once(world):
    file, sent = world.new_file(), len(world.authority.forms)
    said = world.ours(file, "machine", "identity", LAKE)
    cache = msal_extensions.PersistedTokenCache(msal_extensions.FilePersistence(str(file)))
    machine = msal.ManagedIdentityClient(
        msal.UserAssignedManagedIdentity(client_id="identity"), http_client=requests.Session(), token_cache=cache
    )
    with unittest.mock.patch.dict(os.environ, world.host()):
        granted = machine.acquire_token_for_client(resource="https://datalake.azure.net/")
        assert f"...{granted['access_token'][-8:]} until " in said
        other = machine.acquire_token_for_client(resource="https://vault.azure.net")["access_token"]
    assert f"...{other[-8:]} until " in world.ours(file, "machine", "identity", VAULT)
    assert len(world.authority.forms) == sent + 2


@flow
def of_many_processes_at_once_one_asks(world):
    file, sent = world.new_file(), len(world.authority.forms)
    world.authority.delay = 1
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        said = set(pool.map(lambda _: world.our_application(file, "App").split()[0], range(12)))
    world.authority.delay = 0
    assert len(said) == 1 and len(world.authority.forms) == sent + 1, (said, len(world.authority.forms) - sent)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@flow
def a_family_shares_its_refresh_token_both_ways(world):
    file = world.new_file()
    world.their_sign_in(file, "one of the family")
    world.ours(file, "token", "organizations", "another", ANNA, LAKE)
    application = world.theirs(file, "a third")
    [account] = application.get_accounts()
    assert "access_token" in application.acquire_token_silent([LAKE], account)


@flow
def whoever_signs_out_there_has_signed_out_here_and_back(world):
    file = world.new_file()
    world.ours(file, "sign-in", "organizations", "app", LAKE)
    application = world.theirs(file)
    application.remove_account(application.get_accounts()[0])
    assert world.ours(file, "list") == ""
    world.their_sign_in(file)
    world.ours(file, "remove", ANNA)
    assert application.get_accounts() == []
    left = rows(file)
    assert not any(left[section] for section in left if section != "AppMetadata"), left


@flow
def fields_and_sections_that_only_one_knows_survive_the_other(world):
    file = world.new_file()
    world.their_sign_in(file)
    content = rows(file)
    content["Future"] = {"a": {"b": ["c"]}}
    next(iter(content["Account"].values()))["given_name"] = "Anna"
    file.write_text(json.dumps(content))
    world.ours(file, "sign-in", "organizations", "app", VAULT)
    content = rows(file)
    assert content["Future"] == {"a": {"b": ["c"]}}
    assert next(iter(content["Account"].values()))["given_name"] == "Anna"


def everybody_writes_at_once(world, lock):
    msal_extensions.token_cache.CrossPlatLock, world.cache = lock, Careful
    file = world.new_file()
    names = [f"{kind}-{number}" for kind in ("ours", "theirs") for number in range(12)]

    def write(name):
        (world.our_application if name.startswith("ours") else world.their_application)(file, name)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(write, names))
    found = {row["client_id"] for row in rows(file)["AccessToken"].values()}
    assert found == set(names), set(names) - found
    left = sorted(path.name for path in file.parent.iterdir())
    assert left == [file.name], left


@flow
def all_write_at_once_with_the_lock_that_makes_a_file(world):
    everybody_writes_at_once(world, msal_extensions.filelock.CrossPlatLock)


@flow
def all_write_at_once_with_the_lock_of_portalocker(world):
    everybody_writes_at_once(world, msal_extensions.cache_lock.CrossPlatLock)


def waits(world, lock):
    file = world.new_file()
    world.ours(file, "sign-in", "organizations", "app", LAKE)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with lock(f"{file}.lockfile"):
            removing = pool.submit(world.ours, file, "remove", ANNA)
            time.sleep(2)
            assert not removing.done() and rows(file)["Account"], "it was changed under a lock"
        removing.result(5)
    assert not rows(file)["Account"]


@flow
def we_wait_for_the_lock_that_makes_a_file(world):
    waits(world, msal_extensions.filelock.CrossPlatLock)


@flow
def we_wait_for_the_lock_of_portalocker(world):
    waits(world, msal_extensions.cache_lock.CrossPlatLock)


@flow
def what_a_process_left_that_died_keeps_nobody_out_for_long(world):
    file = world.new_file()
    world.our_application(file, "App")
    lockfile = pathlib.Path(f"{file}.lockfile")
    lockfile.write_text("99999 died")
    os.utime(lockfile, (0, 0))
    world.ours(file, "remove", ANNA)
    assert not lockfile.exists()


if __name__ == "__main__":
    sys.exit(score("one cache, msal's and ours", World(sys.argv[1])))
