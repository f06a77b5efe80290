"""A plugin of pytest: the surroundings that the tests of azure-datalake-store want, which its sdist lacks, and one line a test.

They were recorded with `vcr` against accounts of their authors. Here nothing is recorded or replayed: the settings name the
lake, and whatever goes over the network goes to it.
"""

import json
import os
import sys
import types
import uuid

from azure.identity import ClientSecretCredential


class NoRecorder:
    """What the tests use of `vcr.VCR`."""

    def __init__(self, **_options):
        pass

    def use_cassette(self, test):
        return test

    @staticmethod
    def ensure_suffix(_suffix):
        return None


def settings():
    with open(os.environ["LAKE_ENDPOINTS"], encoding="utf-8") as file:
        endpoints = json.load(file)
    tenant, client_id = endpoints["tenant"], endpoints["client_id"]
    return dict(
        STORE_NAME=endpoints["store_account"],
        TENANT_ID=tenant,
        CLIENT_ID=client_id,
        SUBSCRIPTION_ID=str(uuid.uuid4()),
        RESOURCE_GROUP_NAME="none",
        RECORD_MODE="all",
        ROOT_DIR="suite-" + uuid.uuid4().hex,
        AZURE_ACL_TEST_APPID=str(uuid.uuid4()),
        # Spelled as the tests spell it.
        TOKEN_CREDEDENTIAL=ClientSecretCredential(tenant, client_id, endpoints["client_secret"]),
    )


def module(name, content):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(content)
    return sys.modules[name]


def pytest_configure(config):
    import tests

    module("vcr", {"VCR": NoRecorder})
    tests.settings = tests.fake_settings = module("tests.settings", settings())
    sys.modules["tests.fake_settings"] = tests.settings


def pytest_runtest_logreport(report):
    name = report.nodeid.rpartition("tests/")[2].replace(".py::", ".")
    if report.failed:
        why = getattr(report.longrepr, "reprcrash", None)
        say("FAIL", name, why.message if why else str(report.longrepr))
    elif report.skipped:
        reason = getattr(report, "wasxfail", None) or report.longrepr[-1]
        say("SKIP", name, reason)
    elif report.when == "call":
        say("PASS", name, "")


def say(outcome, name, why):
    line = why.splitlines()[0] if why else ""
    print(f"\n{outcome} {name}{': ' if line else ''}{line}", flush=True)
