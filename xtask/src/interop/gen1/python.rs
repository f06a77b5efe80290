//! The tests that the source package of `azure-datalake-store` carries, through the lake's proxy.

use anyhow::Result;

use super::{Place, root, start};
use crate::interop::lake::python;
use crate::shell;

const RELEASE: &str = "azure-datalake-store==1.0.1";
const SOURCES: &str = "azure_datalake_store-1.0.1";
/// What the tests use besides the package.
const PACKAGES: [&str; 4] = [
    RELEASE,
    "azure-identity==1.27.0",
    "pytest==8.4.2",
    "responses==0.25.8",
];

pub(super) fn run(place: &Place) -> Result<String> {
    let python = python("gen1", &PACKAGES)?;
    let program = || shell::program(&python.to_string_lossy());
    let pip = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
    ];
    shell::run(
        program()
            .args(pip)
            .args(["--no-deps", "--no-binary", ":all:", RELEASE, "--dest"])
            .arg(&place.folder),
    )?;
    let archive = place.file(&format!("{SOURCES}.tar.gz"));
    let to = place.folder.as_os_str();
    shell::run(
        shell::program("tar")
            .arg("-xf")
            .arg(archive)
            .arg("-C")
            .arg(to),
    )?;
    let lake = start(place, &[])?;
    // The package is the installed one; of the sources only the tests and the sample that they test are found.
    let sources = place.file("sources");
    std::fs::create_dir(&sources)?;
    for folder in ["tests", "samples"] {
        std::fs::rename(place.file(SOURCES).join(folder), sources.join(folder))?;
    }
    let path = std::env::join_paths([&sources, &root()])?;
    place.verdicts(
        program()
            .args([
                "-B",
                "-m",
                "pytest",
                "-p",
                "python_suite",
                "-p",
                "no:cacheprovider",
                "--quiet",
            ])
            .arg(sources.join("tests"))
            .envs(lake.environment()?)
            .env("LAKE_ENDPOINTS", lake.root.join(".lake/endpoints.json"))
            .env("PYTHONPATH", path),
    )
}
