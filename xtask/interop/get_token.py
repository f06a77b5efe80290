"""The example `get_token` of aad-identity over again, with Python's azure-identity: the same arguments, the same answer."""

import json
import re
import sys
import warnings

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import (
    AzureCliCredential,
    AzureDeveloperCliCredential,
    AzurePipelinesCredential,
    AzurePowerShellCredential,
    CredentialUnavailableError,
    DefaultAzureCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

DATA_LAKE = "https://datalake.azure.net//.default"
EXCLUSIONS = {
    "EnvironmentCredential": "exclude_environment_credential",
    "WorkloadIdentityCredential": "exclude_workload_identity_credential",
    "ManagedIdentityCredential": "exclude_managed_identity_credential",
    "AzureCliCredential": "exclude_cli_credential",
    "AzurePowerShellCredential": "exclude_powershell_credential",
    "AzureDeveloperCliCredential": "exclude_developer_cli_credential",
}
# The authorities here are nobody's that Azure AD could vouch for.
UNKNOWN_AUTHORITY = {"disable_instance_discovery": True}


class Arguments:
    def __init__(self, words):
        self.credential, *rest = words
        self._values = [word.split("=", 1) for word in rest]

    def all(self, name):
        return [value for one, value in self._values if one == name]

    def one(self, name):
        return next(iter(self.all(name)), None)


def credential(arguments):
    match arguments.credential:
        case "default":
            return default(arguments)
        case "environment":
            return EnvironmentCredential(**UNKNOWN_AUTHORITY)
        case "workload-identity":
            proxy = {"enable_azure_proxy": True} if arguments.one("token-proxy") else {}
            return WorkloadIdentityCredential(**UNKNOWN_AUTHORITY, **proxy)
        case "azure-pipelines":
            return AzurePipelinesCredential(
                **application(arguments),
                service_connection_id=arguments.one("connection"),
                system_access_token=arguments.one("system-access-token"),
            )
        case "device-code":
            return DeviceCodeCredential(**application(arguments), prompt_callback=lambda *_: None)
        case "managed-identity":
            return ManagedIdentityCredential(**identity(arguments))
        case "azure-cli":
            return AzureCliCredential(subscription=arguments.one("subscription"), **tool(arguments))
        case "azure-developer-cli":
            return AzureDeveloperCliCredential(**tool(arguments))
        case "azure-powershell":
            return AzurePowerShellCredential(**tool(arguments))


def application(arguments):
    return UNKNOWN_AUTHORITY | {"tenant_id": arguments.one("tenant"), "client_id": arguments.one("client-id")}


def default(arguments):
    options = dict(UNKNOWN_AUTHORITY)
    options |= {EXCLUSIONS[name]: True for name in arguments.all("without")}
    options |= {EXCLUSIONS[name]: False for name in arguments.all("with")}
    if arguments.one("require-selection"):
        options["require_envvar"] = True
    if arguments.one("client-id"):
        options["managed_identity_client_id"] = arguments.one("client-id")
    return DefaultAzureCredential(**options)


def identity(arguments):
    for argument, name in [("object-id", "object_id"), ("resource-id", "resource_id")]:
        if arguments.one(argument):
            return {"identity_config": {name: arguments.one(argument)}}
    return {"client_id": arguments.one("client-id")} if arguments.one("client-id") else {}


def tool(arguments):
    return {
        "tenant_id": arguments.one("tenant") or "",
        "additionally_allowed_tenants": arguments.all("allowed-tenant"),
        "process_timeout": int(arguments.one("timeout") or 10),
    }


def answer(arguments):
    scopes = arguments.all("scope") or [DATA_LAKE]
    options = {"tenant_id": arguments.one("request-tenant"), "claims": arguments.one("claims")}
    token = credential(arguments).get_token(*scopes, **{name: value for name, value in options.items() if value})
    return {"kind": "Token", "token": token.token, "expires_on": token.expires_on}


def failure(kind, error):
    message = str(error)
    attempts = None
    if "Attempted credentials:" in message:
        attempts = [[name, None] for name in re.findall(r"^\t(\w+Credential)\b", message, re.MULTILINE)]
    return {"kind": kind, "message": message, "attempts": attempts}


def main(words):
    warnings.simplefilter("ignore")
    try:
        said = answer(Arguments(words))
    except CredentialUnavailableError as error:
        said = failure("Unavailable", error)
    except (ClientAuthenticationError, HttpResponseError) as error:
        said = failure("Credentials", error)
    except ValueError as error:
        said = failure("Request", error)
    except Exception as error:  # What a caller of the library would not expect.
        said = failure(type(error).__name__, error)
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
