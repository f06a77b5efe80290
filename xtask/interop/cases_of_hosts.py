"""The hosts of managed identities, each as it is and with whatever it may answer."""

from cases import CLIENT, IDENTITIES, OBJECT, RESOURCE, RESOURCE_ID, always, case
from recorder import LIFE, Answer


def metadata_token(**changes):
    body = {
        "access_token": "given",
        "client_id": CLIENT,
        "expires_in": str(LIFE),
        "expires_on": "@epoch@",
        "ext_expires_in": "86399",
        "not_before": "1700000000",
        "resource": RESOURCE,
        "token_type": "Bearer",
    } | changes
    return Answer(200, {name: value for name, value in body.items() if value is not None})


AT_METADATA = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": "{http}"}
APP_SERVICE = {"IDENTITY_ENDPOINT": "{http}/msi/token", "IDENTITY_HEADER": "header of the app"}
ARC = {"IDENTITY_ENDPOINT": "{http}/metadata/identity/oauth2/token", "IMDS_ENDPOINT": "{http}"}
MACHINE_LEARNING = {"MSI_ENDPOINT": "{http}/msi/token", "MSI_SECRET": "secret of the compute"}
CLOUD_SHELL = {"MSI_ENDPOINT": "{http}/oauth2/token"}
ARC_KEY = "/var/opt/azcmagent/tokens/4e6f.key"
ARC_KEYS = {ARC_KEY: "proof of the agent"}


def arc(request, index, server, path=ARC_KEY, **changes):
    if request.headers.get("authorization") == "Basic proof of the agent":
        return metadata_token(**changes)
    return Answer(401, "", WWW_Authenticate=f"Basic realm={path}")


HOSTS = [
    ("IMDS", AT_METADATA, always(metadata_token())),
    ("App Service", APP_SERVICE, always(metadata_token())),
    ("Azure ML", MACHINE_LEARNING, always(metadata_token())),
    ("Cloud Shell", CLOUD_SHELL, always(metadata_token())),
]
for host, variables, answer in HOSTS:
    for whose, identity in IDENTITIES.items():
        case(f"{host}: {whose}", "managed-identity", *identity, variables=variables, answer=answer)
    case(
        f"{host}: a scope without /.default",
        "managed-identity",
        "scope=https://storage.azure.com",
        variables=variables,
        answer=answer,
    )
    case(f"{host}: two scopes", "managed-identity", "scope=a", "scope=b", variables=variables, answer=answer)
    case(f"{host}: a tenant", "managed-identity", "request-tenant=contoso", variables=variables, answer=answer)
    for form, changes in {
        "a number": {"expires_in": LIFE, "expires_on": "@number@"},
        "expires_on alone": {"expires_in": None},
        "expires_in alone": {"expires_on": None},
        "a date of Linux": {"expires_in": None, "expires_on": "@linux@"},
        "a date of Windows": {"expires_in": None, "expires_on": "@windows@"},
    }.items():
        answers = always(metadata_token(**changes))
        case(f"{host}: a token's end as {form}", "managed-identity", variables=variables, answer=answers)
    for what, refusal in {
        "400": Answer(400, {"error": "invalid_request", "error_description": "Identity not found"}),
        "401": Answer(401, {"statusCode": 401, "message": "the header is wrong"}),
        "403": Answer(403, "forbidden"),
        "403 of Docker Desktop": Answer(403, "connecting to 169.254.169.254:80: network is unreachable"),
        "404": Answer(404, {"error": "not_found", "error_description": "come back"}),
        "429": Answer(429, {"error": "too_many_requests", "error_description": "slowly"}),
        "500": Answer(500, {"statusCode": 500, "message": "no"}),
        "a page": Answer(200, "<html>sign in to the hotel's network</html>"),
        "no token": Answer(200, {"expires_in": "3600"}),
        "an empty token": metadata_token(access_token=""),
    }.items():
        case(f"{host}: answers {what}", "managed-identity", variables=variables, answer=always(refusal))
case(
    "IMDS: answers 400 to a client id",
    "managed-identity",
    f"client-id={CLIENT}",
    variables=AT_METADATA,
    answer=always(Answer(400, {"error": "invalid_request", "error_description": "Identity not found"})),
)
case(
    "IMDS: answers 410",
    "managed-identity",
    variables=AT_METADATA,
    answer=always(Answer(410, {"error": "gone", "error_description": "come back"})),
)
case(
    "IMDS: answers 410 once",
    "managed-identity",
    variables=AT_METADATA,
    answer=always(Answer(410, {"error": "gone"}), metadata_token()),
)
case("IMDS: at an address with a slash", "managed-identity", variables={
    "AZURE_POD_IDENTITY_AUTHORITY_HOST": "{http}/"
}, answer=always(metadata_token()))
case("IMDS: at its own address", "managed-identity", has_fixed_addresses=True, answer=always(metadata_token()))
case("IMDS: nobody is there", "managed-identity")
for name, variables in {
    "App Service: its endpoint has a query": APP_SERVICE | {"IDENTITY_ENDPOINT": "{http}/msi/token?a=b"},
    "App Service: beside the variables of Azure ML": APP_SERVICE | MACHINE_LEARNING,
    "App Service: beside the variable of Azure Arc": APP_SERVICE | {"IMDS_ENDPOINT": "{http}/arc"},
    "App Service: beside another metadata service": APP_SERVICE | AT_METADATA,
    "an endpoint without a header": AT_METADATA | {"IDENTITY_ENDPOINT": "{http}/msi/token"},
    "a header without an endpoint": AT_METADATA | {"IDENTITY_HEADER": "header"},
    "a secret without an endpoint": AT_METADATA | {"MSI_SECRET": "secret"},
    "an IMDS_ENDPOINT without another": AT_METADATA | {"IMDS_ENDPOINT": "{http}"},
    "an endpoint without a header, beside Azure ML": MACHINE_LEARNING | {"IDENTITY_ENDPOINT": "{http}/msi/token"},
    "variables that are empty": AT_METADATA
    | {"IDENTITY_ENDPOINT": "", "IDENTITY_HEADER": "", "MSI_ENDPOINT": "", "MSI_SECRET": ""},
    "Azure ML: a default client id": MACHINE_LEARNING | {"DEFAULT_IDENTITY_CLIENT_ID": CLIENT},
    "IMDS: beside a workload's variables": AT_METADATA
    | {"AZURE_AUTHORITY_HOST": "{https}", "AZURE_TENANT_ID": "contoso", "AZURE_CLIENT_ID": CLIENT}
    | {"AZURE_FEDERATED_TOKEN_FILE": "{folder}/none"},
}.items():
    case(name, "managed-identity", variables=variables, answer=always(metadata_token()))

FABRIC = {
    "IDENTITY_ENDPOINT": "{node}/metadata/identity/oauth2/token",
    "IDENTITY_HEADER": "header of the node",
    "IDENTITY_SERVER_THUMBPRINT": "{thumbprint}",
}
for whose, identity in IDENTITIES.items():
    case(f"Service Fabric: {whose}", "managed-identity", *identity, variables=FABRIC, answer=always(metadata_token()))
for name, variables in {
    "another thumbprint": {"IDENTITY_SERVER_THUMBPRINT": "{other_thumbprint}"},
    "a thumbprint that is none": {"IDENTITY_SERVER_THUMBPRINT": "thumb"},
    "an address without https": {"IDENTITY_ENDPOINT": "{http}/metadata/identity/oauth2/token"},
}.items():
    case(f"Service Fabric: {name}", "managed-identity", variables=FABRIC | variables, answer=always(metadata_token()))
for what, refusal in {
    "that there is no header": Answer(401, {"error": {"code": "SecretHeaderNotFound", "message": "m"}}),
    "that there is no identity": Answer(404, {"error": {"code": "ManagedIdentityNotFound", "message": "m"}}),
    "that an argument is empty": Answer(400, {"error": {"code": "ArgumentNullOrEmpty", "message": "m"}}),
    "500": Answer(500, {"error": {"code": "InternalError", "message": "m"}}),
    "a page": Answer(200, "<html>"),
}.items():
    case(f"Service Fabric: answers {what}", "managed-identity", variables=FABRIC, answer=always(refusal))

for whose, identity in IDENTITIES.items():
    echo = {"client_id": CLIENT, "object_id": OBJECT, "msi_res_id": RESOURCE_ID.lower()}
    case(
        f"Azure Arc: {whose}, which the agent confirms",
        "managed-identity",
        *identity,
        variables=ARC,
        files=ARC_KEYS,
        answer=lambda *request, echo=echo: arc(*request, **echo),
    )
    if identity:
        case(
            f"Azure Arc: {whose}, but the agent knows the machine's only",
            "managed-identity",
            *identity,
            variables=ARC,
            files=ARC_KEYS,
            answer=lambda *request: arc(*request, client_id=None),
        )
for name, path, files in [
    ("a key elsewhere", "/var/opt/4e6f.key", {"/var/opt/4e6f.key": "proof of the agent"}),
    ("a key with another extension", ARC_KEY + "s", {ARC_KEY + "s": "proof of the agent"}),
    ("a key too long", ARC_KEY, {ARC_KEY: "x" * 4097}),
    ("a key that is not there", ARC_KEY, {}),
    ("a path up and down", "/var/opt/azcmagent/tokens/../4e6f.key", {"/var/opt/4e6f.key": "proof of the agent"}),
    ("a key that ends with a line", ARC_KEY, {ARC_KEY: "proof of the agent\n"}),
]:
    case(
        f"Azure Arc: {name}",
        "managed-identity",
        variables=ARC,
        files={"/var/opt/azcmagent/tokens/other.key": ""} | files,
        answer=lambda *request, path=path: arc(*request, path=path),
    )
for name, answers in {
    "no challenge": [Answer(401)],
    "a challenge without a path": [Answer(401, WWW_Authenticate="Basic")],
    "a token without a challenge": [metadata_token()],
    "two challenges": [Answer(401, WWW_Authenticate=f"Basic realm={ARC_KEY}")],
    "a refusal of the key": [
        Answer(401, WWW_Authenticate=f"Basic realm={ARC_KEY}"),
        Answer(403, {"error": "forbidden", "error_description": "no"}),
    ],
    "a server that fails": [Answer(500, "no")],
}.items():
    case(
        f"Azure Arc: {name}", "managed-identity", variables=ARC, files=ARC_KEYS, answer=always(*answers)
    )
