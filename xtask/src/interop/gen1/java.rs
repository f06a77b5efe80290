//! Microsoft's Java SDK, through the lake's proxy: a program of ours, and the SDK's own tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::{Place, root, start, text};
use crate::interop::lake::{Lake, folder};
use crate::shell;

const TESTS: [&str; 8] = [
    "acl.TestAclAction",
    "acl.TestAclEntry",
    "acl.TestAclSpec",
    "liveservicetests.TestCore",
    "liveservicetests.TestFileSdk",
    "liveservicetests.TestPositionedReads",
    "mocktests.TestSdkMock",
    "unittests.TestRetryPolicies",
];

pub(super) fn program(place: &Place) -> Result<String> {
    let java = Java::compile(place, "java-sdk.xml", &[root().join("JavaSdk.java")])?;
    let lake = start(place, &[])?;
    place.verdicts(java.judge(place, &lake)?.arg("JavaSdk"))
}

pub(super) fn its_tests(place: &Place) -> Result<String> {
    let clone = place.java_sdk.as_ref().context("no clone of the SDK")?;
    let mut sources = Vec::new();
    java_files(&clone.join("src/test/java"), &mut sources)?;
    ensure!(!sources.is_empty(), "no tests below {}", clone.display());
    let java = Java::compile(place, "java-sdk.xml", &sources)?;
    let lake = start(place, &[])?;
    let configuration = place.file("target/test-classes");
    std::fs::create_dir_all(&configuration)?;
    let switches = clone.join("src/test/configfiles/config.properties");
    std::fs::copy(switches, configuration.join("config.properties"))?;
    let is = &lake.endpoints;
    let credentials = format!(
        "dirName=java-sdk-tests\nStoreAcct={}\nClientId={}\nClientSecret={}\nOAuth2TokenUrl={}\n",
        is.store_account,
        is.client_id,
        is.client_secret,
        token_url(&lake)
    );
    std::fs::write(configuration.join("creds.properties"), credentials)?;
    let names = TESTS.map(|name| format!("com.contoso.{name}"));
    place.verdicts(java.judge(place, &lake)?.args(names))
}

pub(super) fn token_url(lake: &Lake) -> String {
    let tenant = &lake.endpoints.tenant;
    format!("https://login.microsoftonline.com/{tenant}/oauth2/token")
}

/// Jars from Maven Central, and classes of ours.
pub(super) struct Java {
    pub(super) class_path: String,
}

impl Java {
    /// Gets what `project` names and compiles these sources with the judge.
    pub(super) fn compile(place: &Place, project: &str, sources: &[PathBuf]) -> Result<Self> {
        let jars = place.file("class-path.txt");
        shell::run(
            shell::program("mvn")
                .args(["--batch-mode", "--quiet", "dependency:build-classpath"])
                .arg(format!("-Dmdep.outputFile={}", jars.display()))
                .arg("--file")
                .arg(root().join(project)),
        )
        .context("it wants Debian's maven")?;
        let jars = std::fs::read_to_string(jars)?;
        let classes = place.file("classes");
        std::fs::create_dir(&classes)?;
        shell::run(
            shell::program("javac")
                .args(["-nowarn", "-cp", jars.trim(), "-d"])
                .arg(&classes)
                .arg(root().join("Judge.java"))
                .args(sources),
        )
        .context("it wants Debian's openjdk-17-jdk-headless")?;
        Ok(Self {
            class_path: format!("{}:{}", classes.display(), jars.trim()),
        })
    }

    /// The judge, in a machine that trusts the lake and reaches the cloud's names through its proxy; it wants the names of classes.
    pub(super) fn judge(&self, place: &Place, lake: &Lake) -> Result<Command> {
        let mut java = shell::program("java");
        java.args(reaching(place, lake)?)
            .args(["-cp", &self.class_path])
            .envs(lake.environment()?)
            .arg("Judge");
        Ok(java)
    }
}

/// Options of a Java machine that trusts the lake and reaches the cloud's names through its proxy.
pub(super) fn reaching(place: &Place, lake: &Lake) -> Result<[String; 5]> {
    let store = place.file("trust.p12");
    shell::run(
        shell::program("keytool")
            .args([
                "-importcert",
                "-noprompt",
                "-alias",
                "lake",
                "-storepass",
                "changeit",
            ])
            .arg("-keystore")
            .arg(&store)
            .arg("-file")
            .arg(lake.root.join(".lake/ca/ca.pem")),
    )?;
    let proxy = lake.endpoints.http.strip_prefix("http://");
    let (host, port) = proxy
        .and_then(|url| url.rsplit_once(':'))
        .context("no port")?;
    Ok([
        format!("-Dhttps.proxyHost={host}"),
        format!("-Dhttps.proxyPort={port}"),
        format!("-Djavax.net.ssl.trustStore={}", text(&store)),
        "-Djavax.net.ssl.trustStorePassword=changeit".to_owned(),
        // Hadoop's tests keep files of this machine there.
        format!(
            "-Dtest.build.data={}",
            folder()?.join("hadoop-data").display()
        ),
    ])
}

fn java_files(below: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(below)? {
        let path = entry?.path();
        match path.extension() {
            _ if path.is_dir() => java_files(&path, found)?,
            Some(extension) if extension == "java" => found.push(path),
            _ => {}
        }
    }
    Ok(())
}
