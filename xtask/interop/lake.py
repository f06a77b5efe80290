"""The lake as clients see it, and as the judge of what they get."""

import json

import adal
import msal
import requests
from azure.identity import ClientSecretCredential

from person import AUTHORITY, Person

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
RESOURCE = "https://datalake.azure.net/"
SCOPE = RESOURCE + "/.default"
OTHER_SCOPE = "https://management.core.windows.net//.default"


class Lake:
    """What `endpoints.json` says, and the lake as the judge of tokens."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            endpoints = json.load(file)
        self.http = endpoints["http"]
        self.tenant = endpoints["tenant"]
        self.client_id, self.client_secret = endpoints["client_id"], endpoints["client_secret"]
        self.admin = endpoints["admin_client_id"], endpoints["admin_client_secret"]
        self.person = Person(endpoints["user"], endpoints["user_password"])
        self.password = endpoints["user_password"]
        self.store = endpoints["store_account"]
        self.authority = f"{AUTHORITY}/{self.tenant}"

    def must_accept(self, token):
        """The file system of the account answers whoever shows this token."""
        answer = self._root("GET", token, op="LISTSTATUS")
        assert answer.status_code == 200, f"the lake answered {answer.status_code} to the token"

    def let_everybody_list_the_root(self):
        """Of a new lake only its application and its administrators may."""
        token = ClientSecretCredential(self.tenant, *self.admin).get_token(SCOPE).token
        answer = self._root("PUT", token, op="SETPERMISSION", permission="775")
        assert answer.status_code == 200, f"the lake answered {answer.status_code} to its administrator"

    def register(self, certificate):
        """Lets the application sign in with this certificate."""
        admin = ClientSecretCredential(self.tenant, *self.admin).get_token(OTHER_SCOPE)
        answer = requests.post(
            f"{self.http}/_lake/applications/{self.client_id}/certificates",
            data=certificate.pem,
            headers={"Authorization": "Bearer " + admin.token},
        )
        assert answer.status_code == 201, f"registering answered {answer.status_code}"

    def _root(self, method, token, **query):
        return requests.request(
            method,
            f"https://{self.store}.azuredatalakestore.net/webhdfs/v1/",
            params=query,
            headers={"Authorization": "Bearer " + token},
        )

    def public(self):
        """The Azure CLI's application, through which people sign in."""
        return msal.PublicClientApplication(AZURE_CLI, authority=AUTHORITY + "/organizations")

    def confidential(self, credential=None):
        """The lake's ordinary application, with a secret or what else it shows."""
        return msal.ConfidentialClientApplication(
            self.client_id, credential or self.client_secret, authority=self.authority
        )

    def adal(self, **options):
        return adal.AuthenticationContext(self.authority, **options)


def token_of(result):
    """The token in msal's answer, or msal's error without anything secret."""
    assert "access_token" in result, f"{result.get('error')}: {result.get('error_description')}"
    return result["access_token"]


def must_be_refused(code, result):
    assert result.get("error_codes") == [code], f"wanted AADSTS{code}, got {result.get('error_codes')}"
