"""The main job as a Python program of 2018 did it: adal, msrestazure and the job client.

It knows nothing of the lake. It signs in at login.microsoftonline.com and talks to
<account>.azuredatalakeanalytics.net; where those names lead is decided by the environment.
"""

import os
import sys
import time
import uuid

import adal
from azure.mgmt.datalake.analytics.job import DataLakeAnalyticsJobManagementClient
from azure.mgmt.datalake.analytics.job.models import CreateJobParameters, CreateUSqlJobProperties, JobState
from msrestazure.azure_active_directory import AADTokenCredentials

SCRIPT = (
    '@a = SELECT * FROM (VALUES ("Hello, World!")) AS T(message); '
    'OUTPUT @a TO "/Samples/Output/HelloWorld.csv" USING Outputters.Csv();'
)


def main(tenant, client_id, account):
    context = adal.AuthenticationContext("https://login.microsoftonline.com/" + tenant)
    token = context.acquire_token_with_client_credentials(
        "https://management.core.windows.net/", client_id, os.environ["ADL_CLIENT_SECRET"]
    )
    client = DataLakeAnalyticsJobManagementClient(
        AADTokenCredentials(token, client_id), "azuredatalakeanalytics.net"
    )
    job_id = str(uuid.uuid4())
    client.job.create(
        account,
        job_id,
        CreateJobParameters(
            name="Hello World", type="USql", properties=CreateUSqlJobProperties(script=SCRIPT)
        ),
    )
    job = client.job.get(account, job_id)
    while job.state != JobState.ended:
        print("Job is not yet done. Current state: " + job.state.value)
        time.sleep(0.5)
        job = client.job.get(account, job_id)
    print("Job finished with result: " + job.result.value)


if __name__ == "__main__":
    main(*sys.argv[1:])
