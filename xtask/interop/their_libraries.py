"""Unmodified adal, msal and azure-identity sign in at the lake in the ways that people and applications do.

The libraries know nothing of the lake: they talk to login.microsoftonline.com, and the environment (`adl env`) decides
where that name leads. A flow has passed when the lake's file system accepts the token that came of it, or when a
refusal carries the code that Azure AD documents for it. The file of the lake's endpoints is the only argument.
"""

import logging
import os
import sys
import tempfile
import unittest.mock
import urllib.parse
import warnings
import webbrowser

import adal
import msal
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AuthorizationCodeCredential,
    AzurePipelinesCredential,
    CertificateCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
    ManagedIdentityCredential,
    OnBehalfOfCredential,
    UsernamePasswordCredential,
    WorkloadIdentityCredential,
)

from certificate import Certificate
from flows import flow, score
from lake import AZURE_CLI, OTHER_SCOPE, RESOURCE, SCOPE, Lake, must_be_refused, token_of
from person import Browser

REDIRECT = "http://localhost:8400"


# An application with a secret.


@flow
def adal_client_secret(lake):
    token = lake.adal().acquire_token_with_client_credentials(RESOURCE, lake.client_id, lake.client_secret)
    lake.must_accept(token["accessToken"])


@flow
def msal_client_secret(lake):
    lake.must_accept(token_of(lake.confidential().acquire_token_for_client([SCOPE])))


@flow
def azure_identity_client_secret(lake):
    credential = ClientSecretCredential(lake.tenant, lake.client_id, lake.client_secret)
    lake.must_accept(credential.get_token(SCOPE).token)


@flow
def azure_identity_default_credential_from_the_environment(lake):
    lake.must_accept(DefaultAzureCredential().get_token(SCOPE).token)


@flow
def adal_wrong_secret_is_refused_as_aadsts7000215(lake):
    try:
        lake.adal().acquire_token_with_client_credentials(RESOURCE, lake.client_id, "wrong")
    except adal.AdalError as error:
        must_be_refused(7000215, error.error_response)
    else:
        raise AssertionError("a token was given")


@flow
def msal_wrong_secret_is_refused_as_aadsts7000215(lake):
    must_be_refused(7000215, lake.confidential("wrong").acquire_token_for_client([SCOPE]))


@flow
def azure_identity_wrong_secret_is_refused_as_aadsts7000215(lake):
    try:
        ClientSecretCredential(lake.tenant, lake.client_id, "wrong").get_token(SCOPE)
    except ClientAuthenticationError as error:
        assert "AADSTS7000215:" in error.message, "another code than AADSTS7000215"
    else:
        raise AssertionError("a token was given")


# An application with a certificate.


def registered_certificate(lake):
    """A new certificate that the lake's administrator allows the application to sign in with."""
    certificate = Certificate()
    lake.register(certificate)
    return certificate


@flow
def adal_certificate_signs_rs256(lake):
    certificate = registered_certificate(lake)
    token = lake.adal().acquire_token_with_client_certificate(
        RESOURCE, lake.client_id, certificate.key_pem(), certificate.thumbprint
    )
    lake.must_accept(token["accessToken"])


@flow
def adal_certificate_that_nobody_registered_is_refused_as_aadsts700027(lake):
    stranger = Certificate()
    try:
        lake.adal().acquire_token_with_client_certificate(
            RESOURCE, lake.client_id, stranger.key_pem(), stranger.thumbprint
        )
    except adal.AdalError as error:
        must_be_refused(700027, error.error_response)
    else:
        raise AssertionError("a token was given")


@flow
def msal_certificate_signs_ps256_and_sends_its_chain(lake):
    certificate = registered_certificate(lake)
    app = lake.confidential({"private_key": certificate.key_pem(), "public_certificate": certificate.pem})
    lake.must_accept(token_of(app.acquire_token_for_client([SCOPE])))


@flow
def azure_identity_certificate_in_encrypted_pem(lake):
    certificate = registered_certificate(lake)
    data = (certificate.key_pem(b"protected") + certificate.pem).encode()
    credential = CertificateCredential(
        lake.tenant, lake.client_id, certificate_data=data, password=b"protected", send_certificate_chain=True
    )
    lake.must_accept(credential.get_token(SCOPE).token)


@flow
def azure_identity_certificate_in_pkcs12(lake):
    data = registered_certificate(lake).pfx(b"protected")
    credential = CertificateCredential(lake.tenant, lake.client_id, certificate_data=data, password=b"protected")
    lake.must_accept(credential.get_token(SCOPE).token)


# A person with a code for a device.


@flow
def adal_device_code_then_a_token_for_another_resource(lake):
    # None is what adal itself advises; its default is deprecated.
    context = lake.adal(api_version=None)
    code = context.acquire_user_code(RESOURCE, AZURE_CLI)
    lake.person.enter_device_code(code["verification_url"], code["user_code"])
    token = context.acquire_token_with_device_code(RESOURCE, code, AZURE_CLI)
    assert token["userId"] == lake.person.name, "the token is of somebody else"
    lake.must_accept(token["accessToken"])
    other = context.acquire_token("https://management.core.windows.net/", lake.person.name, AZURE_CLI)
    assert other["accessToken"] != token["accessToken"], "the same token for another resource"


@flow
def msal_device_code_then_a_silent_token_for_another_resource(lake):
    app = lake.public()
    started = app.initiate_device_flow(scopes=[SCOPE])
    lake.person.enter_device_code(started["verification_uri"], started["user_code"])
    result = app.acquire_token_by_device_flow(started)
    lake.must_accept(token_of(result))
    assert result["id_token_claims"]["preferred_username"] == lake.person.name, "an id token of somebody else"
    [account] = app.get_accounts()
    token_of(app.acquire_token_silent([OTHER_SCOPE], account))


@flow
def azure_identity_device_code_then_a_silent_token_for_another_resource(lake):
    prompts = []

    def prompt(address, code, _expires_on):
        prompts.append(address)
        lake.person.enter_device_code(address, code)

    credential = DeviceCodeCredential(AZURE_CLI, prompt_callback=prompt)
    lake.must_accept(credential.get_token(SCOPE).token)
    assert credential.get_token(OTHER_SCOPE).token
    assert len(prompts) == 1, f"the person was asked {len(prompts)} times"


# A person with a browser.


def msal_authorization_code(lake, response_mode):
    app = lake.public()
    started = app.initiate_auth_code_flow([SCOPE], redirect_uri=REDIRECT, response_mode=response_mode)
    answer = lake.person.answer(started["auth_uri"])
    lake.must_accept(token_of(app.acquire_token_by_auth_code_flow(started, answer)))
    must_be_refused(54005, app.acquire_token_by_auth_code_flow(started, answer))


@flow
def msal_authorization_code_with_pkce_by_query_and_its_replay_is_refused_as_aadsts54005(lake):
    msal_authorization_code(lake, "query")


@flow
def msal_authorization_code_with_pkce_by_form_post_and_its_replay_is_refused_as_aadsts54005(lake):
    msal_authorization_code(lake, "form_post")


@flow
def msal_wrong_verifier_is_refused_as_aadsts501481(lake):
    app = lake.public()
    started = app.initiate_auth_code_flow([SCOPE], redirect_uri=REDIRECT)
    answer = lake.person.answer(started["auth_uri"])
    must_be_refused(501481, app.acquire_token_by_auth_code_flow(started | {"code_verifier": "x" * 43}, answer))


@flow
def msal_authorization_code_of_an_application_with_a_secret(lake):
    app = lake.confidential()
    started = app.initiate_auth_code_flow([SCOPE], redirect_uri=REDIRECT)
    answer = lake.person.answer(started["auth_uri"])
    lake.must_accept(token_of(app.acquire_token_by_auth_code_flow(started, answer)))


@flow
def msal_interactive_with_a_browser(lake):
    lake.must_accept(token_of(lake.public().acquire_token_interactive([SCOPE], timeout=30)))


@flow
def azure_identity_interactive_with_a_browser(lake):
    credential = InteractiveBrowserCredential(client_id=AZURE_CLI, timeout=30)
    lake.must_accept(credential.get_token(SCOPE).token)


@flow
def azure_identity_authorization_code_then_its_refresh_token(lake):
    query = {
        "client_id": lake.client_id,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": SCOPE + " offline_access",
        "state": "1",
    }
    answer = lake.person.answer(f"{lake.authority}/oauth2/v2.0/authorize?{urllib.parse.urlencode(query)}")
    credential = AuthorizationCodeCredential(
        lake.tenant, lake.client_id, answer["code"], REDIRECT, client_secret=lake.client_secret
    )
    first = credential.get_token(SCOPE).token
    lake.must_accept(first)
    # A challenge of the resource makes it ask again, with what the code left behind.
    second = credential.get_token(SCOPE, claims='{"access_token":{"nbf":{"essential":true,"value":"1"}}}').token
    assert first != second, "the first token came again"
    lake.must_accept(second)


@flow
def adal_authorization_code_then_its_refresh_token_for_another_resource(lake):
    # As in samples of 2017: another name of the authority, and Azure Databricks by its application's id.
    databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
    query = {
        "response_type": "code",
        "client_id": lake.client_id,
        "redirect_uri": "http://localhost",
        "state": "12345",
        "resource": databricks,
    }
    answer = lake.person.answer(
        f"https://login.windows.net/{lake.tenant}/oauth2/authorize?{urllib.parse.urlencode(query)}"
    )
    assert answer["state"] == "12345", "the state did not come back"
    context = lake.adal()
    token = context.acquire_token_with_authorization_code(
        answer["code"], "http://localhost", databricks, lake.client_id, lake.client_secret
    )
    other = context.acquire_token_with_refresh_token(
        token["refreshToken"], lake.client_id, RESOURCE, lake.client_secret
    )
    lake.must_accept(other["accessToken"])


# A person's name and password, and what a refresh token gives.


@flow
def adal_password(lake):
    token = lake.adal().acquire_token_with_username_password(RESOURCE, lake.person.name, lake.password, AZURE_CLI)
    assert token["userId"] == lake.person.name, "the token is of somebody else"
    lake.must_accept(token["accessToken"])


@flow
def msal_password(lake):
    result = lake.public().acquire_token_by_username_password(lake.person.name, lake.password, [SCOPE])
    lake.must_accept(token_of(result))


@flow
def msal_wrong_password_is_refused_as_aadsts50126(lake):
    must_be_refused(50126, lake.public().acquire_token_by_username_password(lake.person.name, "wrong", [SCOPE]))


@flow
def azure_identity_password(lake):
    credential = UsernamePasswordCredential(AZURE_CLI, lake.person.name, lake.password)
    lake.must_accept(credential.get_token(SCOPE).token)


@flow
def msal_refresh_token_gives_another_that_works_too(lake):
    app = lake.public()
    first = app.acquire_token_by_username_password(lake.person.name, lake.password, [SCOPE])
    token_of(first)
    second = app.acquire_token_by_refresh_token(first["refresh_token"], [SCOPE])
    lake.must_accept(token_of(second))
    assert second["refresh_token"] != first["refresh_token"], "the refresh token is the same"
    third = app.acquire_token_by_refresh_token(second["refresh_token"], [SCOPE])
    lake.must_accept(token_of(third))


# An application on behalf of the person who called it.


def token_for_the_application(lake):
    """What a person's program shows to the application when it calls it."""
    return token_of(
        lake.public().acquire_token_by_username_password(
            lake.person.name, lake.password, [f"api://{lake.client_id}/.default"]
        )
    )


@flow
def msal_on_behalf_of(lake):
    result = lake.confidential().acquire_token_on_behalf_of(token_for_the_application(lake), [SCOPE])
    lake.must_accept(token_of(result))


@flow
def azure_identity_on_behalf_of(lake):
    credential = OnBehalfOfCredential(
        lake.tenant,
        lake.client_id,
        client_secret=lake.client_secret,
        user_assertion=token_for_the_application(lake),
    )
    lake.must_accept(credential.get_token(SCOPE).token)


# The machine itself. Azure Arc is missing: its clients on Linux read the key from /var/opt/azcmagent/tokens and from
# nowhere else.


def host(lake, kind):
    return f"{lake.http}/_lake/identity/{kind}"


def machine_key(lake):
    """The secret of the lake's hosts, which Arc's challenge puts in a file for whoever may read it."""
    challenge = requests.get(
        host(lake, "arc"), params={"resource": RESOURCE}, headers={"Metadata": "true"}
    ).headers["WWW-Authenticate"]
    with open(challenge.removeprefix("Basic realm="), encoding="utf-8") as file:
        return file.read()


def must_be_given_by_the_host(lake, environment, libraries):
    """In this environment the machine has a token, by itself and by the client id of its identity."""
    with unittest.mock.patch.dict(os.environ, environment):
        for library in libraries:
            lake.must_accept(library(lake))


def azure_identity_system_assigned(_lake):
    return ManagedIdentityCredential().get_token(SCOPE).token


def azure_identity_user_assigned(lake):
    return ManagedIdentityCredential(client_id=lake.client_id).get_token(SCOPE).token


def msal_system_assigned(_lake):
    client = msal.ManagedIdentityClient(msal.SystemAssignedManagedIdentity(), http_client=requests.Session())
    return token_of(client.acquire_token_for_client(resource=RESOURCE))


EVERY_LIBRARY = [azure_identity_system_assigned, azure_identity_user_assigned, msal_system_assigned]


@flow
def managed_identity_by_instance_metadata(lake):
    environment = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": host(lake, "imds")}
    must_be_given_by_the_host(lake, environment, EVERY_LIBRARY)


@flow
def managed_identity_by_app_service(lake):
    environment = {"IDENTITY_ENDPOINT": host(lake, "app-service"), "IDENTITY_HEADER": machine_key(lake)}
    must_be_given_by_the_host(lake, environment, EVERY_LIBRARY)


@flow
def managed_identity_by_machine_learning(lake):
    environment = {"MSI_ENDPOINT": host(lake, "machine-learning"), "MSI_SECRET": machine_key(lake)}
    must_be_given_by_the_host(lake, environment, EVERY_LIBRARY)


@flow
def managed_identity_by_cloud_shell(lake):
    # It knows one identity only, and msal does not speak to it.
    environment = {"MSI_ENDPOINT": host(lake, "cloud-shell")}
    must_be_given_by_the_host(lake, environment, [azure_identity_system_assigned])


# What runs on a service that the authority trusts.


def pod_token(lake):
    """What Kubernetes mounts into a pod."""
    answer = requests.get(host(lake, "kubernetes"), headers={"Authorization": "Bearer " + machine_key(lake)})
    assert answer.status_code == 200, f"the pod is answered {answer.status_code}"
    return answer.text


@flow
def azure_identity_workload_identity_of_a_pod(lake):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(pod_token(lake))
        file.flush()
        credential = WorkloadIdentityCredential(
            tenant_id=lake.tenant, client_id=lake.client_id, token_file_path=file.name
        )
        lake.must_accept(credential.get_token(SCOPE).token)


@flow
def msal_assertion_of_a_pod(lake):
    lake.must_accept(
        token_of(lake.confidential({"client_assertion": pod_token(lake)}).acquire_token_for_client([SCOPE]))
    )


@flow
def azure_identity_job_of_azure_pipelines(lake):
    with unittest.mock.patch.dict(os.environ, {"SYSTEM_OIDCREQUESTURI": host(lake, "pipelines")}):
        credential = AzurePipelinesCredential(
            tenant_id=lake.tenant,
            client_id=lake.client_id,
            service_connection_id="connection",
            system_access_token=machine_key(lake),
        )
        lake.must_accept(credential.get_token(SCOPE).token)


def main(endpoints):
    # Their libraries warn of what is tried on purpose: old flows and wrong secrets.
    warnings.simplefilter("ignore")
    logging.disable()
    lake = Lake(endpoints)
    lake.let_everybody_list_the_root()
    webbrowser.register("person", None, Browser(lake.person), preferred=True)
    return score("IDENTITY", lake)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
