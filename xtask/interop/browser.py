"""People sign in at the lake with Chromium, without a screen but otherwise as it is.

Its arguments are the file of the lake's endpoints and the example `sign_in` of aad-identity. The environment (`adl env`)
says where the names of Azure AD lead and whom to trust: Chromium goes through the lake's proxy, and the lake's
authority is in a certificate database (NSS) of a home of its own. So all of it is https, and Chromium checks it.
"""

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
PATIENCE = 30


class World:
    def __init__(self, lake, example, home):
        self.lake, self.example, self.home = lake, example, home

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
            page, code = re.search(r"open the page (\S+) and enter the code (\S+) ", prompt).groups()
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


def trust(home, authority):
    """Makes the lake's authority one of the home's."""
    database = os.path.join(home, ".pki/nssdb")
    os.makedirs(database)
    for words in [["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "the lake", "-i", authority]]:
        subprocess.run(["certutil", "-d", "sql:" + database, *words], check=True)


def main(endpoints, example):
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        trust(home, os.environ["SSL_CERT_FILE"])
        lake = Lake(endpoints)
        lake.let_everybody_list_the_root()
        world = World(lake, example, home)
        webbrowser.register("chromium", None, Chromium(world), preferred=True)
        return score("BROWSER", world)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
