"""azure-datalake-store 1.0.1: does one of the workloads of main.rs and prints what it cost.

python_client.py <workload> <port> <folder>
"""

import collections
import sys
import time

from azure.datalake.store import core, multithread

Token = collections.namedtuple("Token", "token expires_on")


class Credential:
    def get_token(self, *_):
        return Token("t" * 1500, time.time() + 86400)


def peak():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main(workload, port, folder):
    files = core.AzureDLFileSystem(token_credential=Credential(), store_name="null")
    files.azure.url = f"http://127.0.0.1:{port}/"
    files.info("file-0")
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    if workload == "list":
        assert len(files.ls("many-100000", detail=True)) == 100_000
    elif workload == "upload":
        multithread.ADLUploader(files, rpath="uploaded", lpath=folder, overwrite=True)
    elif workload == "download":
        multithread.ADLDownloader(files, rpath="folder-20000", lpath=folder, overwrite=True)
    else:
        sys.exit(f"no such workload: {workload}")
    print(time.process_time_ns() - cpu, time.perf_counter_ns() - wall, peak())


main(*sys.argv[1:])
