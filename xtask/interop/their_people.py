"""People of every kind sign in at the lake through unmodified adal, msal and azure-identity, or hear why they cannot.

The file of the lake's endpoints is the only argument; the lake has the people and applications of `directory.toml`. The
libraries know nothing of the lake. A federated person's password goes to the federation server that the lake is, too.
"""

import logging
import sys
import warnings

import adal
import msal
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, ClientSecretCredential, UsernamePasswordCredential

from certificate import Certificate
from flows import flow, score
from lake import AZURE_CLI, RESOURCE, SCOPE, Lake, token_of
from person import AUTHORITY, Person

ADFS = AUTHORITY + "/adfs"
FEDERATED = "federated@adatum.example", "only the federation server knows"
MFA = "mfa@contoso.example", "and a code"
ANOTHER_FACTOR, BLOCKED, ADMINISTRATORS, PERSONAL = (f"3d3c1f0e-5d64-4b57-9f0e-0a1f6c2b7d0{i}" for i in range(1, 5))


def by_adal(lake, name, password, client_id=AZURE_CLI):
    try:
        return lake.adal().acquire_token_with_username_password(RESOURCE, name, password, client_id)
    except adal.AdalError as error:
        return error.error_response or {"error_description": str(error)}


def by_msal(lake, name, password, client_id=AZURE_CLI):
    app = msal.PublicClientApplication(client_id, authority=lake.authority)
    return app.acquire_token_by_username_password(name, password, [SCOPE])


def by_azure_identity(lake, name, password, client_id=AZURE_CLI):
    credential = UsernamePasswordCredential(client_id, name, password, tenant_id=lake.tenant)
    try:
        return {"access_token": credential.get_token(SCOPE).token}
    except ClientAuthenticationError as error:
        return {"error_description": error.message}


EVERY_LIBRARY = [by_adal, by_msal, by_azure_identity]


def refused_by_every_library(lake, code, name, password, client_id=AZURE_CLI, suberror=None):
    for library in EVERY_LIBRARY:
        said = library(lake, name, password, client_id)
        assert "access_token" not in said and "accessToken" not in said, f"{library.__name__}: a token was given"
        assert f"AADSTS{code}:" in said["error_description"], f"{library.__name__}: {said['error_description']}"
        assert suberror is None or said.get("suberror", suberror) == suberror, f"{library.__name__}: {said['suberror']}"


# A person of a federated domain.


@flow
def adal_federated_person(lake):
    lake.must_accept(by_adal(lake, *FEDERATED)["accessToken"])


@flow
def msal_federated_person(lake):
    lake.must_accept(token_of(by_msal(lake, *FEDERATED)))


@flow
def azure_identity_federated_person(lake):
    lake.must_accept(by_azure_identity(lake, *FEDERATED)["access_token"])


@flow
def a_federated_persons_wrong_password_is_refused_by_the_federation_server(lake):
    for library in EVERY_LIBRARY:
        try:
            said = library(lake, FEDERATED[0], "wrong")
        except RuntimeError as error:  # As msal says what a federation server says.
            said = {"error_description": str(error)}
        assert "access_token" not in said and "accessToken" not in said, f"{library.__name__}: a token was given"
        words = said["error_description"]
        assert "FailedAuthentication" in words or "ID3242" in words, f"{library.__name__}: {words}"


# An application at ADFS.


@flow
def adal_client_secret_at_adfs(lake):
    context = adal.AuthenticationContext(ADFS, validate_authority=False)
    token = context.acquire_token_with_client_credentials(RESOURCE, lake.client_id, lake.client_secret)
    lake.must_accept(token["accessToken"])


@flow
def msal_client_secret_at_adfs(lake):
    app = msal.ConfidentialClientApplication(lake.client_id, lake.client_secret, authority=ADFS)
    lake.must_accept(token_of(app.acquire_token_for_client([SCOPE])))


@flow
def azure_identity_client_secret_at_adfs(lake):
    credential = ClientSecretCredential("adfs", lake.client_id, lake.client_secret, disable_instance_discovery=True)
    lake.must_accept(credential.get_token(SCOPE).token)


@flow
def azure_identity_certificate_at_adfs(lake):
    certificate = Certificate()
    lake.register(certificate)
    data = (certificate.key_pem() + certificate.pem).encode()
    credential = CertificateCredential(
        "adfs", lake.client_id, certificate_data=data, disable_instance_discovery=True
    )
    lake.must_accept(credential.get_token(SCOPE).token)


@flow
def msal_device_code_at_adfs(lake):
    app = msal.PublicClientApplication(AZURE_CLI, authority=ADFS)
    started = app.initiate_device_flow(scopes=[SCOPE])
    lake.person.enter_device_code(started["verification_uri"], started["user_code"])
    lake.must_accept(token_of(app.acquire_token_by_device_flow(started)))


# A second factor.


@flow
def a_password_alone_is_refused_as_aadsts50076_where_a_code_is_wanted(lake):
    refused_by_every_library(lake, 50076, *MFA, suberror="basic_action")


@flow
def at_an_application_that_wants_a_second_factor_a_person_without_one_is_refused_as_aadsts50079(lake):
    refused_by_every_library(lake, 50079, lake.person.name, lake.password, ANOTHER_FACTOR, suberror="basic_action")


@flow
def msal_signs_in_a_person_who_types_the_code(lake):
    app = msal.PublicClientApplication(ANOTHER_FACTOR, authority=lake.authority)
    started = app.initiate_auth_code_flow([SCOPE], redirect_uri="http://localhost")
    answer = Person(*MFA, code="123456").answer(started["auth_uri"])
    lake.must_accept(token_of(app.acquire_token_by_auth_code_flow(started, answer)))


@flow
def a_person_without_a_second_factor_is_refused_as_aadsts50079(lake):
    refused_by_every_library(lake, 50079, "unregistered@contoso.example", "and no code")


# People who cannot sign in.


@flow
def a_disabled_account_is_refused_as_aadsts50057(lake):
    refused_by_every_library(lake, 50057, "disabled@contoso.example", "of a colleague who left")


@flow
def a_locked_account_is_refused_as_aadsts50053(lake):
    refused_by_every_library(lake, 50053, "locked@contoso.example", "too many times")


@flow
def an_expired_password_is_refused_as_aadsts50055(lake):
    refused_by_every_library(
        lake, 50055, "expired@contoso.example", "of last year", suberror="user_password_expired"
    )


@flow
def a_federated_persons_expired_password_is_refused_as_aadsts50144(lake):
    refused_by_every_library(lake, 50144, "expired@adatum.example", "of last year")


# Applications that people have not, or cannot, consent to.


@flow
def an_application_that_is_blocked_is_refused_as_aadsts53003(lake):
    refused_by_every_library(lake, 53003, lake.person.name, lake.password, BLOCKED, suberror="message_only")


@flow
def an_application_without_the_persons_consent_is_refused_as_aadsts65001_until_it_is_given(lake):
    name, password = lake.person.name, lake.password
    refused_by_every_library(lake, 65001, name, password, PERSONAL, suberror="consent_required")
    app = msal.PublicClientApplication(PERSONAL, authority=lake.authority)
    started = app.initiate_auth_code_flow([SCOPE], redirect_uri="http://localhost")
    token_of(app.acquire_token_by_auth_code_flow(started, lake.person.answer(started["auth_uri"])))
    lake.must_accept(by_azure_identity(lake, name, password, PERSONAL)["access_token"])


@flow
def an_application_for_which_only_an_administrator_can_consent_is_refused_as_aadsts90094(lake):
    refused_by_every_library(
        lake, 90094, lake.person.name, lake.password, ADMINISTRATORS, suberror="consent_required"
    )


def main(endpoints):
    # Their libraries warn of what is tried on purpose.
    warnings.simplefilter("ignore")
    logging.disable()
    lake = Lake(endpoints)
    lake.let_everybody_list_the_root()
    return score("PEOPLE", lake)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
