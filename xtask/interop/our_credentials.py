"""Our credentials, as the example `sign_in` of aad-identity uses them, against npm's oidc-provider.

Its arguments are the example and the folder of node_modules. The provider is a certified implementation of OpenID
Connect, and nobody here wrote it: it checks secrets, signatures, verifiers and refresh tokens, and takes each code and
each assertion only once. The example asks for a second token, as if the first had been refused: an application signs
in again, and for a person it takes the refresh token.
"""

import base64
import contextlib
import html
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import urllib.parse

import requests

from certificate import Certificate
from flows import flow, score
from sign_in import finish, must_have_renewed_by_refresh_token, must_have_two_tokens

TENANT = "contoso"
REDIRECT = "http://localhost:8400/"


class World:
    """The authorities, the clients that they know, and the program that signs in."""

    def __init__(self, example, addresses, secret, certificate):
        self.example, self.secret, self.certificate = example, secret, certificate
        self.entra, self.adfs = addresses["entra"], addresses["adfs"]

    def start(self, way, authority, variables=None):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AZURE_")}
        return subprocess.Popen(
            [self.example, way, TENANT, "person"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment | {"AZURE_AUTHORITY_HOST": authority} | (variables or {}),
        )

    def application(self, client_id, authority, tenant=TENANT, **proof):
        """What the example says as an application with this proof, and whether it succeeded."""
        variables = {"AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": client_id}
        return finish(self.start("environment", authority, variables | proof))

    @contextlib.contextmanager
    def browser(self):
        """The example, and the address that it wants opened."""
        with self.start("browser", self.entra) as program:
            try:
                yield program, program.stdout.readline().removeprefix("open ").strip()
            finally:
                program.kill()

    @contextlib.contextmanager
    def device(self):
        """The example, the page for its code, and the code."""
        with self.start("device", self.entra) as program:
            try:
                prompt = program.stdout.readline()
                page, code = re.search(r"open (\S+) and enter the code (\S+)\.", prompt).groups()
                yield program, page, code
            finally:
                program.kill()


def must_be_refused(word, outcome):
    said, succeeded = outcome
    assert not succeeded and word in said and "a token until" not in said, said


class Person:
    """Somebody with a browser, who signs in and agrees to whatever the provider asks."""

    def __init__(self):
        self._browser = requests.Session()

    def sign_in(self, address):
        """Gives the address at which the browser ends, where nothing listens."""
        return self._follow(self._browser.get(address, allow_redirects=False))

    def enter_device_code(self, page, code, answer):
        typed = fields(self._browser.get(page)) | {"user_code": code}
        confirm = self._browser.post(page, data=typed, allow_redirects=False)
        typed = fields(confirm) | {"user_code": code} | answer
        return self._follow(self._browser.post(page, data=typed, allow_redirects=False))

    def _follow(self, page):
        """Goes on until the provider asks for nothing more."""
        while True:
            if page.is_redirect:
                address = urllib.parse.urljoin(page.url, page.headers["location"])
                if address.startswith(REDIRECT):
                    return address
                page = self._browser.get(address, allow_redirects=False)
            elif 'name="prompt"' in page.text:
                typed = fields(page) | ({"login": "anna", "password": "any"} if 'name="login"' in page.text else {})
                action = html.unescape(re.search(r'<form[^>]* action="([^"]*)"', page.text).group(1))
                page = self._browser.post(
                    urllib.parse.urljoin(page.url, action), data=typed, allow_redirects=False
                )
            else:
                return page


def fields(page):
    """The hidden fields of a page."""
    inputs = (dict(re.findall(r'([a-z]+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", page.text))
    return {one["name"]: html.unescape(one["value"]) for one in inputs if one.get("type") == "hidden"}


@flow
def an_application_signs_in_with_its_secret(world):
    must_have_two_tokens(world.application("secret", world.entra, AZURE_CLIENT_SECRET=world.secret))


@flow
def a_wrong_secret_is_refused(world):
    must_be_refused("invalid_client", world.application("secret", world.entra, AZURE_CLIENT_SECRET="wrong"))


def by_certificate(world, certificate, authority, tenant):
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(certificate.key_pem() + certificate.pem)
        file.flush()
        return world.application("certificate", authority, tenant, AZURE_CLIENT_CERTIFICATE_PATH=file.name)


@flow
def an_application_signs_in_with_its_certificate_by_ps256(world):
    must_have_two_tokens(by_certificate(world, world.certificate, world.entra, TENANT))


@flow
def an_application_signs_in_with_its_certificate_by_rs256_at_adfs(world):
    must_have_two_tokens(by_certificate(world, world.certificate, world.adfs, "adfs"))


@flow
def a_certificate_that_nobody_registered_is_refused(world):
    must_be_refused("invalid_client", by_certificate(world, Certificate(), world.entra, TENANT))


@flow
def a_person_signs_in_by_device_code_and_the_refresh_token_gives_another(world):
    with world.device() as (program, page, code):
        Person().enter_device_code(page, code, {"confirm": "yes"})
        must_have_renewed_by_refresh_token(finish(program))


@flow
def a_person_who_declines_the_device_code_is_heard(world):
    with world.device() as (program, page, code):
        Person().enter_device_code(page, code, {"abort": "yes"})
        must_be_refused("access_denied", finish(program))


@flow
def a_person_signs_in_with_a_browser_and_pkce_and_the_refresh_token_gives_another(world):
    with world.browser() as (program, address):
        # OpenID Connect gives offline access where the person was asked for consent; Azure AD does not insist on it.
        answer = Person().sign_in(address + "&prompt=consent")
        must_have_renewed_by_refresh_token(finish(program, answer + "\n"))


@flow
def a_code_of_another_request_has_another_verifier_and_is_refused(world):
    person = Person()
    with world.browser() as (_, address):
        stolen = query(person.sign_in(address))["code"]
    with world.browser() as (program, address):
        own = query(person.sign_in(address))
        must_be_refused("invalid_grant", finish(program, landed(own | {"code": stolen})))


@flow
def an_answer_with_another_state_is_refused(world):
    with world.browser() as (program, address):
        own = query(Person().sign_in(address))
        must_be_refused("state", finish(program, landed(own | {"state": "another"})))


def query(address):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def landed(answer):
    return f"{REDIRECT}?{urllib.parse.urlencode(answer)}\n"


def public_jwk(certificate):
    numbers = certificate.key.public_key().public_numbers()

    def encoded(number):
        data = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    return {"kty": "RSA", "n": encoded(numbers.n), "e": encoded(numbers.e)}


def main(example, node_modules):
    secret, certificate = secrets.token_urlsafe(), Certificate()
    server = os.path.join(os.path.dirname(__file__), "oidc_provider.mjs")
    with subprocess.Popen(
        ["node", server, node_modules],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as provider:
        # It ends when its input does, whatever becomes of us.
        provider.stdin.write(json.dumps({"secret": secret, "key": public_jwk(certificate)}) + "\n")
        provider.stdin.flush()
        addresses = json.loads(provider.stdout.readline())
        return score("OIDC", World(example, addresses, secret, certificate))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
