//! Hadoop's two file systems that speak the dialect, with the tests that its jars carry.

use anyhow::{Context as _, Result};

use super::java::{self, Java};
use super::{Place, root, start, text};
use crate::interop::lake::Lake;
use crate::shell;

/// Tests of `adl://` are in a jar of their own; those of the client alone are among them.
pub(super) fn adl(place: &Place) -> Result<String> {
    let java = Java::compile(place, "hadoop.xml", &[])?;
    let mut jars = java.class_path.split(':');
    let tests = jars
        .find(|jar| jar.contains("hadoop-azure-datalake") && jar.ends_with("-tests.jar"))
        .context("no jar of tests")?;
    let listed = shell::read(shell::program("jar").args(["--list", "--file", tests]))?;
    let classes = listed
        .lines()
        .filter_map(|line| line.strip_suffix(".class"))
        .filter(|name| name.contains("/Test") && !name.contains('$'))
        // It has no test.
        .filter(|name| !name.ends_with("TestADLResponseData"))
        .map(|name| name.replace('/', "."));
    let lake = start(place, &[])?;
    std::fs::write(place.file("classes/auth-keys.xml"), settings(&lake))?;
    place.verdicts(java.judge(place, &lake)?.args(classes))
}

/// What the tests want to know, under the names that their `adls.xml` gives.
fn settings(lake: &Lake) -> String {
    let is = &lake.endpoints;
    let account = format!("adl://{}.azuredatalakestore.net", is.store_account);
    let settings = [
        ("test.fs.adl.name", account),
        ("dfs.adl.test.contract.enable", "true".to_owned()),
        (
            "fs.adl.oauth2.access.token.provider.type",
            "ClientCredential".to_owned(),
        ),
        ("fs.adl.oauth2.refresh.url", java::token_url(lake)),
        ("fs.adl.oauth2.client.id", is.client_id.clone()),
        ("fs.adl.oauth2.credential", is.client_secret.clone()),
        (
            "fs.AbstractFileSystem.adl.impl",
            "org.apache.hadoop.fs.adl.Adl".to_owned(),
        ),
    ];
    configuration(&settings)
}

fn configuration(settings: &[(&str, String)]) -> String {
    let properties = settings.iter().map(|(name, value)| {
        format!("<property><name>{name}</name><value>{value}</value></property>\n")
    });
    format!(
        "<configuration>\n{}</configuration>\n",
        properties.collect::<String>()
    )
}

/// Tests of any file system, for `webhdfs://`, which the lake asks for no token.
pub(super) fn webhdfs(place: &Place) -> Result<String> {
    contract(place, |lake| {
        lake.endpoints.http.replacen("http", "webhdfs", 1)
    })
}

/// The same over TLS.
pub(super) fn swebhdfs(place: &Place) -> Result<String> {
    contract(place, |lake| {
        lake.endpoints.https.replacen("https", "swebhdfs", 1)
    })
}

fn contract(place: &Place, url: fn(&Lake) -> String) -> Result<String> {
    let java = Java::compile(place, "hadoop.xml", &[root().join("WebHdfs.java")])?;
    let lake = start(place, &["--insecure-no-auth"])?;
    let classes = place.file("classes");
    let options = "webhdfs-contract.xml";
    std::fs::copy(root().join(options), classes.join(options))?;
    let mut names = Vec::new();
    for class in std::fs::read_dir(&classes)? {
        let name = class?.file_name().to_string_lossy().into_owned();
        let test = name
            .strip_suffix(".class")
            .filter(|name| name.starts_with("WebHdfs$"));
        names.extend(
            test.filter(|name| !name.ends_with("Contract"))
                .map(str::to_owned),
        );
    }
    // Judging the lake's certificate is Hadoop's own matter, not Java's.
    let mut judge = shell::program("java");
    let reaching = java::reaching(place, &lake)?;
    let trust = [
        (
            "ssl.client.truststore.location",
            text(&place.file("trust.p12")),
        ),
        ("ssl.client.truststore.password", "changeit".to_owned()),
        ("ssl.client.truststore.type", "pkcs12".to_owned()),
    ];
    std::fs::write(classes.join("ssl-client.xml"), configuration(&trust))?;
    judge
        .args(&reaching[4..])
        .arg(format!("-Dlake.url={}", url(&lake)))
        .args(["-cp", &java.class_path, "Judge"])
        .args(names);
    place.verdicts(&mut judge)
}
