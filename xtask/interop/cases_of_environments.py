"""Applications, people and workloads that environment variables name, and what the authority answers them."""

import base64
import json

from cases import CLIENT, OBJECT, case
from recorder import LIFE, Answer


def authority(answer):
    """An authority whose token endpoint answers this."""

    def respond(request, _index, server):
        if request.path.lower().startswith("/common/userrealm/"):
            return Answer(200, {"account_type": "Managed", "cloud_audience_urn": "urn:federation:MicrosoftOnline"})
        if request.is_discovery:
            return discovered(request, server)
        return answer

    return respond


def discovered(request, server):
    """Where the endpoints of a tenant are."""
    # Without what a token proxy puts before it.
    base = server.https + request.path.removeprefix("/bound").split("/v2.0/")[0]
    return Answer(200, {
        "issuer": base + "/v2.0",
        "token_endpoint": base + "/oauth2/v2.0/token",
        "authorization_endpoint": base + "/oauth2/v2.0/authorize",
        "device_authorization_endpoint": base + "/oauth2/v2.0/devicecode",
    })


def refused(error, description, status=400, **more):
    return Answer(status, {"error": error, "error_description": description} | more)


SIGNED_IN = Answer(200, {"token_type": "Bearer", "expires_in": LIFE, "access_token": "given"})


def unsigned(claims):
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in claims)


# Of people theirs wants to know who they are.
ANNA = {"aud": CLIENT, "iss": "i", "sub": "s", "oid": OBJECT, "tid": "contoso", "preferred_username": "anna@contoso.com"}
PERSON_SIGNED_IN = Answer(200, {
    "token_type": "Bearer",
    "expires_in": LIFE,
    "access_token": "given",
    "refresh_token": "another",
    "id_token": unsigned([{"alg": "none"}, ANNA | {"iat": 1700000000, "exp": 4000000000}, {}]),
    "client_info": unsigned([{"uid": OBJECT, "utid": "contoso"}]),
})
AUTHORITY = {"AZURE_AUTHORITY_HOST": "{https}"}
APPLICATION = AUTHORITY | {"AZURE_TENANT_ID": "contoso", "AZURE_CLIENT_ID": CLIENT}
SECRET = {"AZURE_CLIENT_SECRET": "s3cr3t~v/+=&%"}
CERTIFICATE = {"AZURE_CLIENT_CERTIFICATE_PATH": "{certificate}"}
PFX = {"AZURE_CLIENT_CERTIFICATE_PATH": "{pfx}", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "protected"}
PERSON = {"AZURE_USERNAME": "anna@contoso.com", "AZURE_PASSWORD": "pass word"}
for name, variables in {
    "a secret": APPLICATION | SECRET,
    "a certificate": APPLICATION | CERTIFICATE,
    "a certificate in PKCS#12": APPLICATION | PFX,
    "a certificate in PKCS#12, and another password": APPLICATION | PFX | {"AZURE_CLIENT_CERTIFICATE_PASSWORD": "no"},
    "a certificate and its chain": APPLICATION | CERTIFICATE | {"AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": "true"},
    "a certificate and its chain by 1": APPLICATION | CERTIFICATE | {"AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": "1"},
    "a certificate and no chain": APPLICATION | CERTIFICATE | {"AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": "false"},
    "a certificate that is not there": APPLICATION | {"AZURE_CLIENT_CERTIFICATE_PATH": "{folder}/none.pem"},
    "a certificate that is none": APPLICATION | {"AZURE_CLIENT_CERTIFICATE_PATH": "/etc/hostname"},
    "a person": APPLICATION | PERSON,
    "a person without a tenant": AUTHORITY | {"AZURE_CLIENT_ID": CLIENT} | PERSON,
    "a secret and a certificate": APPLICATION | SECRET | CERTIFICATE,
    "a secret and a person": APPLICATION | SECRET | PERSON,
    "a certificate and a person": APPLICATION | CERTIFICATE | PERSON,
    "all of them": APPLICATION | SECRET | CERTIFICATE | PERSON,
    "nothing": {},
    "an application and no proof": APPLICATION,
    "a secret without a tenant": AUTHORITY | {"AZURE_CLIENT_ID": CLIENT} | SECRET,
    "a secret without a client": AUTHORITY | {"AZURE_TENANT_ID": "contoso"} | SECRET,
    "a person without a password": APPLICATION | {"AZURE_USERNAME": "anna@contoso.com"},
    "a password without a person": APPLICATION | {"AZURE_PASSWORD": "pass word"},
    "an empty secret": APPLICATION | {"AZURE_CLIENT_SECRET": ""},
    "a tenant that is none": APPLICATION | SECRET | {"AZURE_TENANT_ID": "contoso/../x"},
    "an authority with a slash": APPLICATION | SECRET | {"AZURE_AUTHORITY_HOST": "{https}/"},
    "an authority without https": APPLICATION | SECRET | {"AZURE_AUTHORITY_HOST": "{http}"},
}.items():
    case(
        f"environment: {name}",
        "environment",
        variables=variables,
        answer=authority(PERSON_SIGNED_IN if "a person" in name else SIGNED_IN),
        # Of people, msal asks an authority without regard to its port.
        has_fixed_addresses="person" in name,
    )
for name, arguments, variables in [
    ("another tenant", ["request-tenant=fabrikam"], {}),
    ("its own tenant", ["request-tenant=contoso"], {}),
    ("another tenant, which is allowed", ["request-tenant=f"], {"AZURE_ADDITIONALLY_ALLOWED_TENANTS": "e; f"}),
    ("another tenant, where one counts", ["request-tenant=f"], {"AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "1"}),
    ("claims", ['claims={"access_token":{"nbf":{"essential":true,"value":"1"}}}'], {}),
    ("two scopes", ["scope=https://a/x", "scope=https://a/y"], {}),
]:
    case(
        f"environment: is asked for {name}",
        "environment",
        *arguments,
        variables=APPLICATION | SECRET | variables,
        answer=authority(SIGNED_IN),
    )
REFUSALS = {
    "a wrong secret": refused(
        "invalid_client",
        "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2\r\nTimestamp: 3",
        401,
        error_codes=[7000215],
    ),
    "a wrong password": refused("invalid_grant", "AADSTS50126: Invalid username or password.", error_codes=[50126]),
    "MFA": refused("interaction_required", "AADSTS50076: use MFA", suberror="basic_action", error_codes=[50076]),
    "a page": Answer(502, "<html>Bad Gateway</html>"),
    "500": Answer(500, "no"),
    "429": Answer(429, "no", Retry_After="1"),
    "no token": Answer(200, {"token_type": "Bearer", "expires_in": LIFE}),
    "an end in words": Answer(200, {"token_type": "Bearer", "expires_in": str(LIFE), "access_token": "given"}),
}
OF_PEOPLE = ["a wrong password", "MFA"]
for name, answer in REFUSALS.items():
    case(
        f"environment: the authority answers {name}",
        "environment",
        variables=APPLICATION | (PERSON if name in OF_PEOPLE else SECRET),
        answer=authority(answer),
        has_fixed_addresses=name in OF_PEOPLE,
    )
WORKLOAD = APPLICATION | {"AZURE_FEDERATED_TOKEN_FILE": "{folder}/token"}
FEDERATED = {"token": "the token of a service account"}
for name, without in {
    "all variables": [],
    "no tenant": ["AZURE_TENANT_ID"],
    "no client": ["AZURE_CLIENT_ID"],
    "no file": ["AZURE_FEDERATED_TOKEN_FILE"],
}.items():
    variables = {one: value for one, value in WORKLOAD.items() if one not in without}
    case(
        f"workload identity: {name}",
        "workload-identity",
        variables=variables,
        files=FEDERATED,
        answer=authority(SIGNED_IN),
    )
case("workload identity: a file that is not there", "workload-identity", variables=WORKLOAD)

# The token proxy of a cluster with identity bindings.

BOUND = {"AZURE_KUBERNETES_TOKEN_PROXY": "{node}/bound"}
BY_FILE = {"AZURE_KUBERNETES_CA_FILE": "{node_file}", "AZURE_KUBERNETES_SNI_NAME": "node"}
BY_TEXT = {"AZURE_KUBERNETES_CA_DATA": "{node_text}", "AZURE_KUBERNETES_SNI_NAME": "node"}
for name, variables in {
    "by a file": BOUND | BY_FILE,
    "by a text": BOUND | BY_TEXT,
    "with a slash at its end": BOUND | BY_FILE | {"AZURE_KUBERNETES_TOKEN_PROXY": "{node}/bound/"},
    "by a file and a text": BOUND | BY_FILE | BY_TEXT,
    "by a file that is not there": BOUND | BY_FILE | {"AZURE_KUBERNETES_CA_FILE": "{folder}/none"},
    "by a file of another": BOUND | BY_FILE | {"AZURE_KUBERNETES_CA_FILE": "{certificate}"},
    "under another name": BOUND | BY_FILE | {"AZURE_KUBERNETES_SNI_NAME": "other"},
    "without https": BOUND | BY_FILE | {"AZURE_KUBERNETES_TOKEN_PROXY": "{http}/bound"},
    "with a query": BOUND | BY_FILE | {"AZURE_KUBERNETES_TOKEN_PROXY": "{node}/bound?a=b"},
    "that has a name and no address": {"AZURE_KUBERNETES_SNI_NAME": "node"},
    "that nobody named": {},
}.items():
    case(
        f"workload identity: a token proxy {name}",
        "workload-identity",
        "token-proxy=1",
        variables=WORKLOAD | variables,
        files=FEDERATED,
        answer=authority(SIGNED_IN),
        patience=100,
    )
case(
    "workload identity: a token proxy that nobody asked for",
    "workload-identity",
    variables=WORKLOAD | BOUND | BY_FILE,
    files=FEDERATED,
    answer=authority(SIGNED_IN),
)
case(
    "workload identity: a token proxy that refuses",
    "workload-identity",
    "token-proxy=1",
    variables=WORKLOAD | BOUND | BY_FILE,
    files=FEDERATED,
    answer=authority(REFUSALS["a wrong secret"]),
)

# Jobs of Azure Pipelines.

JOB = AUTHORITY | {"SYSTEM_OIDCREQUESTURI": "{https}/oidctoken/"}
PIPELINE = ["tenant=contoso", f"client-id={CLIENT}", "connection=c1", "system-access-token=s3cr3t"]


def job(given):
    """An authority, and the service that gives a job its token."""

    def respond(request, index, server):
        if request.path.startswith("/oidctoken"):
            return given
        return authority(SIGNED_IN)(request, index, server)

    return respond


for name, given in {
    "a token": Answer(200, {"oidcToken": "the token of the job"}),
    "no token": Answer(200, {}),
    "a page": Answer(200, "<html>"),
    "a redirect to a page for people": Answer(302, "", Location="https://example/signin"),
    "401": Answer(401, {"message": "no"}),
    "500": Answer(500, "no"),
}.items():
    case(f"pipelines: the job is given {name}", "azure-pipelines", *PIPELINE, variables=JOB, answer=job(given))
case("pipelines: elsewhere than in a job", "azure-pipelines", *PIPELINE, variables=AUTHORITY)
case(
    "pipelines: the authority refuses",
    "azure-pipelines",
    *PIPELINE,
    variables=JOB,
    answer=lambda request, index, server: Answer(200, {"oidcToken": "t"})
    if request.path.startswith("/oidctoken")
    else authority(REFUSALS["a wrong secret"])(request, index, server),
)
