"""People sign in at the lake with Chromium, without a screen but otherwise as it is.

Its arguments are the file of the lake's endpoints, the example `sign_in` of aad-identity, and `adl`. The environment (`adl env`)
says where the names of Azure AD lead and whom to trust: Chromium goes through the lake's proxy, and the lake's
authority is in a certificate database (NSS) of a home of its own. So all of it is https, and Chromium checks it.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import warnings
import webbrowser

import adal
from azure.identity import InteractiveBrowserCredential
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from flows import flow, score
from lake import AZURE_CLI, RESOURCE, SCOPE, Lake, must_be_refused, token_of
from sign_in import finish, must_have_renewed_by_refresh_token

# Azure Databricks, whose documentation the program of 2020 is from.
DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
HOST = "AZURE_AUTHORITY_HOST"
DEVICE_CODE = re.compile(r"open the page (\S+) and enter the code (\S+) ")
PATIENCE = 30


class World:
    def __init__(self, lake, example, adl, home):
        self.lake, self.example, self.adl, self.home = lake, example, adl, home

    def browser(self):
        """A new Chromium: nobody is signed in in it."""
        options = webdriver.ChromeOptions()
        options.add_argument("--headless=new")
        options.add_argument("--no-sandbox")
        options.add_argument("--disable-dev-shm-usage")
        options.add_argument("--proxy-server=" + os.environ["HTTPS_PROXY"])
        options.add_argument(f"--user-data-dir={tempfile.mkdtemp(dir=self.home)}")
        service = webdriver.ChromeService("/usr/bin/chromedriver", env=os.environ | {"HOME": self.home})
        return webdriver.Chrome(options, service)

    def program(self, *words):
        return subprocess.Popen(
            [self.example, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def must_accept(self, token):
        self.lake.must_accept(token)


def wait_until(browser, condition):
    return WebDriverWait(browser, PATIENCE).until(condition)


def type_into(browser, name, text):
    field = wait_until(browser, lambda _: browser.find_element(By.NAME, name))
    field.clear()
    field.send_keys(text)


def press(browser, label):
    browser.find_element(By.XPATH, f"//button[normalize-space()='{label}']").click()


def sign_in(browser, name, password, label="Sign in and accept"):
    type_into(browser, "username", name)
    type_into(browser, "password", password)
    press(browser, label)


def title(browser):
    return browser.find_element(By.TAG_NAME, "h1").text


def enter_device_code(world, address, code, label="Sign in and accept"):
    """What the page says in the end."""
    with world.browser() as browser:
        browser.get(address)
        type_into(browser, "otc", code)
        press(browser, "Next")
        sign_in(browser, world.lake.person.name, world.lake.password, label)
        return wait_until(browser, lambda _: browser.find_elements(By.NAME, "password") == [] and title(browser))


@flow
def the_authorization_code_of_the_databricks_documentation_of_2020_is_obtained_exchanged_and_refreshed(world):
    lake = world.lake
    redirect_uri = "http://localhost"
    authorization_url = (
        f"https://login.windows.net/{lake.tenant}/oauth2/authorize?response_type=code&client_id={lake.client_id}"
        f"&redirect_uri={redirect_uri}&state=12345&resource={DATABRICKS}"
    )
    with world.browser() as browser:
        browser.get(authorization_url)
        sign_in(browser, lake.person.name, lake.password)
        # Nothing listens there; the program reads the address.
        wait_until(browser, lambda _: browser.current_url.startswith(redirect_uri))
        query = urllib.parse.parse_qs(urllib.parse.urlparse(browser.current_url).query)
    assert query["state"] == ["12345"], "state does not match"
    context = adal.AuthenticationContext("https://login.microsoftonline.com/" + lake.tenant)
    first = context.acquire_token_with_authorization_code(
        query["code"][0], redirect_uri, DATABRICKS, lake.client_id, lake.client_secret
    )
    assert first["userId"] == lake.person.name, "the token is of somebody else"
    again = context.acquire_token_with_refresh_token(
        first["refreshToken"], lake.client_id, DATABRICKS, lake.client_secret
    )
    assert again["accessToken"] != first["accessToken"], "the first token came again"
    other = context.acquire_token_with_refresh_token(
        again["refreshToken"], lake.client_id, RESOURCE, lake.client_secret
    )
    world.must_accept(other["accessToken"])


@flow
def the_device_code_of_the_data_lake_samples_is_completed(world):
    context = adal.AuthenticationContext("https://login.microsoftonline.com/" + world.lake.tenant, api_version=None)
    code = context.acquire_user_code(RESOURCE, AZURE_CLI)
    said = enter_device_code(world, code["verification_url"], code["user_code"])
    assert said == "Signed in", said
    token = context.acquire_token_with_device_code(RESOURCE, code, AZURE_CLI)
    world.must_accept(token["accessToken"])


@flow
def a_device_code_that_the_person_cancels_gives_no_token(world):
    app = world.lake.public()
    started = app.initiate_device_flow(scopes=[SCOPE])
    said = enter_device_code(world, started["verification_uri"], started["user_code"], "Cancel")
    assert said == "Declined", said
    result = app.acquire_token_by_device_flow(started)
    assert result["error"] in ("authorization_declined", "access_denied"), result


@flow
def a_wrong_password_is_told_and_the_right_one_works_after_it(world):
    app = world.lake.public()
    started = app.initiate_auth_code_flow([SCOPE], redirect_uri="http://localhost")
    with world.browser() as browser:
        browser.get(started["auth_uri"])
        sign_in(browser, world.lake.person.name, "wrong")
        error = wait_until(browser, lambda _: browser.find_element(By.CLASS_NAME, "error"))
        assert error.text and "wrong" not in browser.current_url, "the page does not say what is wrong"
        sign_in(browser, world.lake.person.name, world.lake.password)
        wait_until(browser, lambda _: browser.current_url.startswith("http://localhost"))
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(browser.current_url).query))
    world.must_accept(token_of(app.acquire_token_by_auth_code_flow(started, answer)))
    must_be_refused(54005, app.acquire_token_by_auth_code_flow(started, answer))


class Chromium(webbrowser.BaseBrowser):
    """The browser that libraries open: somebody sits before it and signs in."""

    def __init__(self, world):
        super().__init__("chromium")
        self._world = world

    def open(self, url, new=0, autoraise=True):
        threading.Thread(target=visit, args=[self._world, url], daemon=True).start()
        return True


def visit(world, url):
    """Signs in at this address. Gives what the page says to which the program sends the browser in the end."""
    with world.browser() as browser:
        browser.get(url)
        sign_in(browser, world.lake.person.name, world.lake.password)
        wait_until(browser, lambda _: urllib.parse.urlparse(browser.current_url).hostname == "localhost")
        return wait_until(browser, lambda _: browser.find_element(By.TAG_NAME, "body").text)


@flow
def msal_interactive(world):
    world.must_accept(token_of(world.lake.public().acquire_token_interactive([SCOPE], timeout=90)))


@flow
def azure_identity_interactive(world):
    world.must_accept(InteractiveBrowserCredential(client_id=AZURE_CLI, timeout=90).get_token(SCOPE).token)


def our_browser(world, way):
    """Ours listens on a port of its own; the page of the lake sends the browser there."""
    with world.program(way, world.lake.tenant) as program:
        try:
            address = program.stdout.readline().removeprefix("open ").strip()
            said = visit(world, address)
            assert "signed in" in said.lower(), f"the page at the end says {said!r}"
            must_have_renewed_by_refresh_token(finish(program))
        finally:
            program.kill()


@flow
def our_interactive_browser_credential_by_form_post(world):
    our_browser(world, "interactive-form")


@flow
def our_interactive_browser_credential_by_query(world):
    our_browser(world, "interactive")


@flow
def our_device_code_credential(world):
    with world.program("device", world.lake.tenant) as program:
        try:
            prompt = program.stdout.readline()
            page, code = DEVICE_CODE.search(prompt).groups()
            assert enter_device_code(world, page, code) == "Signed in"
            must_have_renewed_by_refresh_token(finish(program))
        finally:
            program.kill()


@flow
def our_authorization_code_credential(world):
    with world.program("browser", world.lake.tenant) as program:
        try:
            address = program.stdout.readline().removeprefix("open ").strip()
            with world.browser() as browser:
                browser.get(address)
                sign_in(browser, world.lake.person.name, world.lake.password)
                wait_until(browser, lambda _: browser.current_url.startswith("http://localhost"))
                landed = browser.current_url
            must_have_renewed_by_refresh_token(finish(program, landed + "\n"))
        finally:
            program.kill()


class Adl:
    """`adl` with a folder of its own, in which nobody is signed in. The application of `adl env` is nobody here."""

    def __init__(self, world, folder):
        self._adl, self.folder = world.adl, folder
        self.address_file = os.path.join(folder, "address")
        opener = os.path.join(folder, "xdg-open")
        with open(opener, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nprintf %s "$1" > {self.address_file}.new\n')
            file.write(f"mv {self.address_file}.new {self.address_file}\n")
        os.chmod(opener, 0o755)

    def start(self, *words, **variables):
        nobody = {name: value for name, value in os.environ.items() if name == HOST or not name.startswith("AZURE_")}
        places = {"ADL_CONFIG_DIR": os.path.join(self.folder, "adl"), "PATH": f"{self.folder}:/usr/bin:/bin"}
        return subprocess.Popen(
            [self._adl, *words],
            env=nobody | places | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self, *words):
        """What it says, and with which code it ends."""
        program = self.start(*words)
        said, complaint = program.communicate(timeout=PATIENCE)
        return said or complaint, program.returncode


@contextlib.contextmanager
def new_adl(world):
    with tempfile.TemporaryDirectory() as folder:
        yield Adl(world, folder)


def must_have_signed_in(world, adl, login):
    said, complaint = login.communicate(timeout=PATIENCE)
    assert login.returncode == 0 and world.lake.person.name in said, said + complaint
    for resource in [RESOURCE, "https://management.azure.com/"]:
        token, code = adl.says("account", "get-access-token", "--resource", resource, "--output", "json")
        assert code == 0, token
        if resource == RESOURCE:
            world.must_accept(json.loads(token)["accessToken"])


@flow
def adl_login_opens_the_browser_and_adl_logout_forgets_the_person(world):
    with new_adl(world) as adl:
        login = adl.start("login", BROWSER="chromium")
        wait_until(None, lambda _: os.path.exists(adl.address_file))
        with open(adl.address_file, encoding="utf-8") as file:
            address = file.read()
        assert address.startswith("https://login.microsoftonline.com/"), address
        visit(world, address)
        must_have_signed_in(world, adl, login)
        said, code = adl.says("logout")
        assert code == 0, said
        said, code = adl.says("account", "get-access-token", "--resource", RESOURCE)
        assert code == 4, f"{code}: {said}"


@flow
def adl_login_shows_the_address_where_no_browser_can_be_opened(world):
    with new_adl(world) as adl:
        os.remove(os.path.join(adl.folder, "xdg-open"))
        login = adl.start("login")
        address = next(line for line in login.stderr if line.startswith("https://")).strip()
        visit(world, address)
        must_have_signed_in(world, adl, login)


@flow
def adl_login_with_a_device_code(world):
    with new_adl(world) as adl:
        login = adl.start("login", "--use-device-code")
        page, code = next(filter(None, map(DEVICE_CODE.search, login.stderr))).groups()
        assert enter_device_code(world, page, code) == "Signed in"
        must_have_signed_in(world, adl, login)


def trust(home, authority):
    """Makes the lake's authority one of the home's."""
    database = os.path.join(home, ".pki/nssdb")
    os.makedirs(database)
    for words in [["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "the lake", "-i", authority]]:
        subprocess.run(["certutil", "-d", "sql:" + database, *words], check=True)


def main(endpoints, example, adl):
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        trust(home, os.environ["SSL_CERT_FILE"])
        lake = Lake(endpoints)
        lake.let_everybody_list_the_root()
        world = World(lake, example, adl, home)
        webbrowser.register("chromium", None, Chromium(world), preferred=True)
        return score("BROWSER", world)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
