"""What surroundings in which a token is asked for are made of: environment variables, hosts, and programs in PATH.

In the values of variables `{http}` and `{https}` are the addresses of the recording server, `{node}` one that it has in
a cluster, where its certificate is for the name `node` only: `{thumbprint}` is of it, `{node_text}` the text and
`{node_file}` the file. `{folder}` is a folder of the case, and `{certificate}` and `{pfx}` are the files of an
application's certificate.
"""

import dataclasses
from typing import Callable

from recorder import Answer

RESOURCE = "https://datalake.azure.net/"
CLIENT, OBJECT = "0f3a1c52-6f0f-4b6e-9c53-6b9d7f2a9e01", "7d1e6d57-58a3-4d3c-8f6b-0e3c0f4d2b11"
RESOURCE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
# Where only an identity of the machine's own could be meant.
IDENTITIES = {
    "the system's": [],
    "by client id": [f"client-id={CLIENT}"],
    "by object id": [f"object-id={OBJECT}"],
    "by resource id": [f"resource-id={RESOURCE_ID}"],
}


@dataclasses.dataclass
class Case:
    name: str
    credential: str
    arguments: list = dataclasses.field(default_factory=list)
    variables: dict = dataclasses.field(default_factory=dict)
    programs: dict = dataclasses.field(default_factory=dict)
    # What the server answers: by the request, its number and the recorder.
    answer: Callable = lambda request, index, server: Answer(404, "nobody expects this")
    # What makes such a function anew for each side, where it remembers.
    new_answer: Callable = None
    # Whether the server is where the metadata service and an authority are, rather than on ports of its own. No two
    # can be.
    has_fixed_addresses: bool = False
    # Whoever has said nothing after so many seconds will not.
    patience: int = 150
    # Files by their path.
    files: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Program:
    """What a tool of a developer prints."""

    stdout: str = ""
    stderr: str = ""
    code: int = 0
    sleeps: int = 0


CASES = []


def case(name, credential, *arguments, **more):
    CASES.append(Case(name, credential, list(arguments), **more))


def always(*answers):
    """These, one after the other, and the last one from then on."""
    return lambda _request, index, _server: answers[min(index, len(answers) - 1)]
