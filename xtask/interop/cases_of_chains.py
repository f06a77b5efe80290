"""The default chain: what selects its sources, and where it ends."""

from cases import CLIENT, always, case
from cases_of_environments import APPLICATION, FEDERATED, REFUSALS, SECRET, SIGNED_IN, WORKLOAD, authority
from cases_of_hosts import AT_METADATA, FABRIC, HOSTS, metadata_token
from cases_of_tools import FAILING, GOOD, NOBODY, Program
from recorder import SILENCE, Answer

SOURCES = [
    "EnvironmentCredential",
    "WorkloadIdentityCredential",
    "ManagedIdentityCredential",
    "AzureCliCredential",
    "AzurePowerShellCredential",
    "AzureDeveloperCliCredential",
]


def chosen(value):
    return {"AZURE_TOKEN_CREDENTIALS": value}


for value in ["dev", "prod", "DEV", " prod ", "", *SOURCES, *(name.lower() for name in SOURCES)]:
    case(f"default: {value!r} with nothing", "default", variables=chosen(value))
for value in ["production", "AzureCli", "VisualStudioCodeCredential", "InteractiveBrowserCredential", "dev,prod"]:
    case(f"default: {value!r}", "default", variables=chosen(value))
case("default: with nothing", "default")
case("default: a selection is required", "default", "require-selection=1")
case("default: a selection is required, and is empty", "default", "require-selection=1", variables=chosen(" "))
case("default: a selection is required and there", "default", "require-selection=1", variables=chosen("dev"))
for name in SOURCES:
    case(f"default: without {name}", "default", f"without={name}")
    case(f"default: 'dev' without {name}", "default", f"without={name}", variables=chosen("dev"))
    case(f"default: 'prod' with {name}", "default", f"with={name}", variables=chosen("prod"))
case(
    "default: nothing is left",
    "default",
    "without=AzureCliCredential",
    variables=chosen("AzureCliCredential"),
)
for name, programs in {
    "az": {"az": GOOD["az"]},
    "pwsh": {"pwsh": GOOD["pwsh"]},
    "azd": {"azd": GOOD["azd"]},
    "every tool": GOOD,
    "az that nobody signed in to, and pwsh": {"az": NOBODY["az"], "pwsh": GOOD["pwsh"]},
    "az whose sign-in expired, and azd": {"az": FAILING["az"], "azd": GOOD["azd"]},
    "az that prints other text, and pwsh": {"az": Program("hello"), "pwsh": GOOD["pwsh"]},
    "tools that all fail": FAILING,
    "tools that nobody signed in to": NOBODY,
}.items():
    case(f"default: {name}", "default", programs=programs)
case("default: 'prod' and every tool", "default", variables=chosen("prod"), programs=GOOD)
case("default: claims, and every tool", "default", "claims={}", programs=GOOD)
for name, answer in {"that signs in": SIGNED_IN, "that is refused": REFUSALS["a wrong secret"]}.items():
    case(
        f"default: an application in the environment {name}, and az",
        "default",
        variables=APPLICATION | SECRET,
        programs=GOOD,
        answer=authority(answer),
    )
    case(
        f"default: a workload {name}, and az",
        "default",
        variables=WORKLOAD,
        files=FEDERATED,
        programs=GOOD,
        answer=authority(answer),
    )
    case(
        f"default: 'dev', and an application in the environment {name}",
        "default",
        variables=APPLICATION | SECRET | chosen("dev"),
        programs=GOOD,
        answer=authority(answer),
    )
case("default: half an application in the environment, and az", "default", variables=APPLICATION, programs=GOOD)
REFUSING = always(Answer(400, {"error": "invalid_request", "error_description": "Identity not found"}))
for host, variables, answer in HOSTS:
    case(f"default: {host}, and az", "default", variables=variables, programs=GOOD, answer=answer)
    case(
        f"default: {host} with AZURE_CLIENT_ID",
        "default",
        variables=variables | {"AZURE_CLIENT_ID": CLIENT},
        answer=answer,
    )
    case(f"default: {host} that refuses, and az", "default", variables=variables, programs=GOOD, answer=REFUSING)
case(
    "default: Service Fabric with AZURE_CLIENT_ID",
    "default",
    variables=FABRIC | {"AZURE_CLIENT_ID": CLIENT},
    answer=always(metadata_token()),
)
case(
    "default: IMDS that refuses AZURE_CLIENT_ID, and az",
    "default",
    variables=AT_METADATA | {"AZURE_CLIENT_ID": CLIENT},
    programs=GOOD,
    answer=REFUSING,
)


def probed(request, _index, _server):
    return metadata_token() if "metadata" in request.headers else Answer(400, {"error": "invalid_request"})


UNREACHABLE = always(Answer(403, "connecting to 169.254.169.254:80: network is unreachable"))
for name, answer in {
    "answers its probe": probed,
    "is Docker Desktop": UNREACHABLE,
    "is silent": always(SILENCE),
    "answers its probe, then refuses": always(Answer(400, {"error": "invalid_request"})),
    "is a page": always(Answer(200, "<html>sign in to the hotel's network</html>")),
}.items():
    case(
        f"default: the metadata service {name}, and az",
        "default",
        has_fixed_addresses=True,
        programs=GOOD,
        answer=answer,
        patience=30,
    )
case(
    "default: ManagedIdentityCredential at its own address is not probed",
    "default",
    variables=chosen("ManagedIdentityCredential"),
    has_fixed_addresses=True,
    answer=probed,
)
