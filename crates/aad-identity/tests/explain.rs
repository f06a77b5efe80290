//! What credentials say of a world before they ask anybody in it.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;

use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
use aad_core::{TokenCredential, TokenRequest};
use aad_identity::{
    AttemptReport, ChainedTokenCredential, ClientSecretCredential, DefaultAzureCredential,
    DefaultSource, EnvironmentCredential,
};
use futures::executor::block_on;
use testkit::context::{Run, World, json};

use Verdict::{CannotTell, Faulty, Incomplete, LeftOut, NotConfigured, NotSupported, Ready};

const TENANT: (&str, &str) = ("AZURE_TENANT_ID", "contoso.com");
const CLIENT: (&str, &str) = ("AZURE_CLIENT_ID", "client");
const SECRET: (&str, &str) = ("AZURE_CLIENT_SECRET", "s3cr3t");
const TOKEN_FILE: (&str, &str) = ("AZURE_FEDERATED_TOKEN_FILE", "/var/token");
const ENDPOINT: (&str, &str) = ("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token");
const HEADER: (&str, &str) = ("IDENTITY_HEADER", "h3ad3r");

/// A world with these variables, and no other.
fn world(variables: &[(&str, &str)]) -> World {
    let world = World::new();
    for (name, value) in variables {
        world.set_var(name, value);
    }
    world
}

/// What the default chain says of a world, having disturbed nobody in it.
fn explain(world: &World) -> Explanation {
    let credential = DefaultAzureCredential::new(world.context()).unwrap();
    let explanation = block_on(credential.explain());
    assert!(world.transport.requests().is_empty());
    assert!(world.processes.commands().is_empty());
    explanation
}

/// What it says of one source.
fn of(source: DefaultSource, world: &World) -> SourceExplanation {
    let mut sources = explain(world).into_sources().into_iter();
    sources.find(|one| one.source == source.name()).unwrap()
}

/// What was looked for; `+` marks what was found.
fn findings(source: &SourceExplanation) -> Vec<String> {
    let mark = |found| if found { '+' } else { '-' };
    let looked_for = source.looked_for.iter();
    looked_for
        .map(|one| format!("{}{}", mark(one.found), one.what))
        .collect()
}

fn advice(source: &SourceExplanation) -> &str {
    source.advice.as_deref().unwrap_or_default()
}

fn install(world: &World, program: &str) {
    world.set_var("PATH", "/tools");
    let file = match program {
        "az" if cfg!(windows) => "az.cmd".to_owned(),
        program => format!("{program}{}", std::env::consts::EXE_SUFFIX),
    };
    let path = std::path::Path::new("/tools").join(file);
    world.files.write(path, "");
}

#[test]
fn where_nothing_is_configured_every_source_says_what_it_needs() {
    let explanation = explain(&World::new());
    let verdicts: Vec<_> = explanation
        .sources()
        .iter()
        .map(|one| (one.source.as_str(), one.verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("EnvironmentCredential", NotConfigured),
            ("WorkloadIdentityCredential", NotConfigured),
            ("ManagedIdentityCredential", CannotTell),
            ("AzureCliCredential", NotConfigured),
            ("AzurePowerShellCredential", NotConfigured),
            ("AzureDeveloperCliCredential", NotConfigured),
            ("InteractiveBrowserCredential", LeftOut),
            ("VisualStudioCredential", NotSupported),
            ("VisualStudioCodeCredential", NotSupported),
            ("SharedTokenCacheCredential", NotSupported),
            ("the operating system's broker (WAM)", NotSupported),
            ("integrated Windows authentication", NotSupported),
            ("user_fic", NotSupported),
        ]
    );
    for source in explanation.sources() {
        assert_ne!(advice(source), "", "{source:?}");
        assert!(source.looked_for.iter().all(|one| !one.found), "{source:?}");
    }
}

#[test]
fn the_environment_is_ready_incomplete_or_faulty() {
    for (variables, verdict, looked_for, words) in [
        (
            &[TENANT, CLIENT, SECRET][..],
            Ready,
            &[
                "+AZURE_TENANT_ID",
                "+AZURE_CLIENT_ID",
                "+AZURE_CLIENT_SECRET",
            ][..],
            "",
        ),
        (
            &[CLIENT, SECRET],
            Incomplete,
            &[
                "-AZURE_TENANT_ID",
                "+AZURE_CLIENT_ID",
                "+AZURE_CLIENT_SECRET",
            ],
            "AZURE_TENANT_ID is not set",
        ),
        (
            &[TENANT, CLIENT, ("AZURE_USERNAME", "u")],
            Incomplete,
            &[
                "+AZURE_TENANT_ID",
                "+AZURE_CLIENT_ID",
                "-AZURE_CLIENT_SECRET",
                "-AZURE_CLIENT_CERTIFICATE_PATH",
                "+AZURE_USERNAME",
                "-AZURE_PASSWORD",
            ],
            "AZURE_CLIENT_SECRET is not set",
        ),
        (
            &[("AZURE_TENANT_ID", "a/b"), CLIENT, SECRET],
            Faulty,
            &[
                "+AZURE_TENANT_ID",
                "+AZURE_CLIENT_ID",
                "+AZURE_CLIENT_SECRET",
            ],
            "a/b",
        ),
    ] {
        let source = of(DefaultSource::Environment, &world(variables));
        assert_eq!(source.verdict, verdict, "{source:?}");
        assert_eq!(findings(&source), looked_for);
        assert!(advice(&source).contains(words), "{source:?}");
    }
}

#[cfg(feature = "certificate")]
#[test]
fn a_certificate_that_cannot_be_used_is_seen_before_it_is() {
    let variables = [TENANT, CLIENT, ("AZURE_CLIENT_CERTIFICATE_PATH", "/c.pem")];
    let world = world(&variables);
    let absent = of(DefaultSource::Environment, &world);
    assert_eq!(absent.verdict, Faulty);
    assert!(findings(&absent).contains(&"-/c.pem".to_owned()));
    world.files.write("/c.pem", "no certificate");
    let unusable = of(DefaultSource::Environment, &world);
    assert_eq!(unusable.verdict, Faulty);
    assert!(findings(&unusable).contains(&"+/c.pem".to_owned()));
    assert!(advice(&unusable).contains("cannot be used"), "{unusable:?}");
}

#[test]
fn a_workload_needs_its_variables_and_the_file() {
    let source = |variables: &[_], content: Option<&str>| {
        let world = world(variables);
        if let Some(content) = content {
            world.files.write(TOKEN_FILE.1, content);
        }
        of(DefaultSource::WorkloadIdentity, &world)
    };
    let complete = [TENANT, CLIENT, TOKEN_FILE];
    let ready = source(&complete, Some("t0k3n"));
    assert_eq!(ready.verdict, Ready);
    assert_eq!(
        findings(&ready),
        [
            "+AZURE_FEDERATED_TOKEN_FILE",
            "+AZURE_TENANT_ID",
            "+AZURE_CLIENT_ID",
            "+/var/token"
        ]
    );
    let empty = source(&complete, Some(" \n"));
    assert_eq!(
        (empty.verdict, advice(&empty).ends_with("is empty")),
        (Faulty, true)
    );
    let no_file = source(&complete, None);
    assert_eq!(no_file.verdict, Faulty);
    assert!(findings(&no_file).contains(&"-/var/token".to_owned()));
    assert_eq!(source(&complete[1..], None).verdict, Incomplete);
    // An application's variables are no sign of a workload.
    assert_eq!(source(&complete[..2], None).verdict, NotConfigured);
}

#[test]
fn a_host_is_known_by_its_variables() {
    let thumbprint = ("IDENTITY_SERVER_THUMBPRINT", "00");
    let digits = "00".repeat(20);
    let forty = ("IDENTITY_SERVER_THUMBPRINT", &*digits);
    let node = ("IDENTITY_ENDPOINT", "https://10.0.0.4:2377/token");
    for (variables, verdict, words) in [
        (&[ENDPOINT, HEADER][..], Ready, "App Service"),
        (&[ENDPOINT, ("IMDS_ENDPOINT", "x")], Ready, "Azure Arc"),
        (
            &[("MSI_ENDPOINT", "http://localhost/")],
            Ready,
            "Cloud Shell",
        ),
        (
            &[("IDENTITY_ENDPOINT", "no"), HEADER],
            Faulty,
            "not an address",
        ),
        (&[ENDPOINT, HEADER, thumbprint], Faulty, "Service Fabric"),
        (&[node, HEADER, thumbprint], Faulty, "thumbprint"),
        (&[node, HEADER, forty], Ready, "Service Fabric"),
        (&[HEADER], CannotTell, "metadata service"),
    ] {
        let source = of(DefaultSource::ManagedIdentity, &world(variables));
        assert_eq!(source.verdict, verdict, "{source:?}");
        assert!(advice(&source).contains(words), "{source:?}");
    }
    let world = world(&[ENDPOINT, HEADER]);
    assert_eq!(
        findings(&of(DefaultSource::ManagedIdentity, &world)),
        [
            "+IDENTITY_ENDPOINT",
            "+IDENTITY_HEADER",
            "-IDENTITY_SERVER_THUMBPRINT"
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_machine_of_azure_arc_is_known_by_its_agent() {
    let world = World::new();
    world.files.write("/opt/azcmagent/bin/himds", "");
    let source = of(DefaultSource::ManagedIdentity, &world);
    assert_eq!(
        (source.verdict, advice(&source)),
        (Ready, "the host is Azure Arc")
    );
}

#[test]
fn the_azure_cli_is_ready_when_its_profile_names_a_subscription() {
    const SOMEBODY: &str = "\u{feff}{\"subscriptions\": [{\"id\": \"i\", \"name\": \"n\", \
         \"tenantId\": \"t\", \"environmentName\": \"AzureCloud\"}]}";
    const NOBODY: &str = "\u{feff}{\"subscriptions\": []}";
    for (installed, profile, verdict, words) in [
        (true, Some(SOMEBODY), Ready, ""),
        (true, Some(NOBODY), Incomplete, "az login"),
        (true, None, Incomplete, "az login"),
        (true, Some("damaged"), CannotTell, "az login"),
        (
            false,
            Some(SOMEBODY),
            NotConfigured,
            "install the Azure CLI",
        ),
    ] {
        for home in [
            "AZURE_CONFIG_DIR",
            if cfg!(windows) { "USERPROFILE" } else { "HOME" },
        ] {
            let world = world(&[(home, "/me")]);
            if installed {
                install(&world, "az");
            }
            if let Some(profile) = profile {
                let folder = if home == "AZURE_CONFIG_DIR" {
                    "/me"
                } else {
                    "/me/.azure"
                };
                world
                    .files
                    .write(format!("{folder}/azureProfile.json"), profile);
            }
            let source = of(DefaultSource::AzureCli, &world);
            assert_eq!(source.verdict, verdict, "{source:?}");
            assert!(advice(&source).contains(words), "{source:?}");
        }
    }
}

#[test]
fn a_tool_that_is_installed_may_know_somebody() {
    let world = World::new();
    for (program, source, sign_in) in [
        ("azd", DefaultSource::AzureDeveloperCli, "azd auth login"),
        ("pwsh", DefaultSource::AzurePowerShell, "Connect-AzAccount"),
    ] {
        install(&world, program);
        let source = of(source, &world);
        assert_eq!(source.verdict, CannotTell);
        assert_eq!(findings(&source), [format!("+{program} in PATH")]);
        assert!(advice(&source).contains(sign_in));
    }
}

#[test]
fn what_is_left_out_is_said_to_be() {
    let world = world(&[("AZURE_TOKEN_CREDENTIALS", "dev")]);
    assert_eq!(of(DefaultSource::Environment, &world).verdict, LeftOut);
    assert_eq!(of(DefaultSource::AzureCli, &world).verdict, NotConfigured);
}

#[test]
fn a_source_of_another_library_is_refused_with_what_does_instead() {
    let world = world(&[("AZURE_TOKEN_CREDENTIALS", "VisualStudioCodeCredential")]);
    let error = DefaultAzureCredential::new(world.context()).unwrap_err();
    assert!(error.to_string().contains("az login"), "{error}");
}

#[test]
fn a_chain_explains_its_sources_by_their_names() {
    let world = world(&[CLIENT]);
    let context = world.context();
    let given = ClientSecretCredential::new(context.clone(), "t", "c", "s3cr3t").unwrap();
    let environment = || Arc::new(EnvironmentCredential::new(context.clone()));
    let inner = ChainedTokenCredential::new()
        .then("a", environment())
        .then("b", environment());
    let chain = ChainedTokenCredential::new()
        .then("variables", environment())
        .then("inner", Arc::new(inner))
        .then("given", Arc::new(given));
    let explanation = block_on(chain.explain());
    let names: Vec<_> = explanation
        .sources()
        .iter()
        .map(|one| (one.source.as_str(), one.verdict))
        .collect();
    assert_eq!(
        names,
        [
            ("variables", Incomplete),
            ("inner: a", Incomplete),
            ("inner: b", Incomplete),
            ("given", CannotTell),
        ]
    );
}

#[test]
fn a_failed_chain_carries_the_explanations_of_what_it_asked() {
    let world = world(&[("AZURE_TOKEN_CREDENTIALS", "dev")]);
    install(&world, "az");
    world
        .processes
        .install(|_| Run::Fails(std::io::ErrorKind::NotFound));
    let credential = DefaultAzureCredential::new(world.context()).unwrap();
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let error = block_on(credential.token(&request)).unwrap_err();
    let report = AttemptReport::of(&error).unwrap();
    let told = report.attempts().iter();
    let told: Explanation = told
        .flat_map(|one| one.explanation.sources().to_vec())
        .collect();
    let all = block_on(credential.explain());
    assert_eq!(told.sources(), &all.sources()[..3]);
    assert_eq!(told.sources()[0].verdict, Incomplete);
}

#[test]
fn a_failed_chain_tells_people_what_to_do_about_each_source() {
    let world = world(&[CLIENT]);
    let environment = || Arc::new(EnvironmentCredential::new(world.context()));
    let inner = ChainedTokenCredential::new().then("a", environment());
    let chain = ChainedTokenCredential::new()
        .then("variables", environment())
        .then("inner", Arc::new(inner));
    let error = block_on(chain.token(&TokenRequest::new(["scope"]))).unwrap_err();
    let text = AttemptReport::of(&error).unwrap().to_string();
    let lines: Vec<_> = text.lines().collect();
    const MISSING: &str = "    not found: AZURE_TENANT_ID, AZURE_CLIENT_SECRET, \
                           AZURE_CLIENT_CERTIFICATE_PATH, AZURE_USERNAME, AZURE_PASSWORD";
    const ADVICE: &str = "    to sign in as an application, set AZURE_TENANT_ID, AZURE_CLIENT_ID \
                          and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH";
    // What the source answered is not said again as advice.
    assert_eq!(
        lines[..4],
        [
            "variables: not available: AZURE_TENANT_ID, AZURE_CLIENT_SECRET are not set",
            "    found: AZURE_CLIENT_ID",
            MISSING,
            ADVICE,
        ]
    );
    assert!(lines[4].starts_with("inner: not available: "), "{text}");
    assert!(text.lines().all(|line| line == line.trim_end()));
}

#[test]
fn a_chain_that_has_a_token_looks_no_further() {
    let world = world(&[
        ("AZURE_TOKEN_CREDENTIALS", "dev"),
        ("AZURE_CONFIG_DIR", "/me"),
    ]);
    world.processes.install(|command| match &*command.program {
        "azd" => Run::ends(0, r#"{"token":"t","expiresOn":"2026-11-20T15:11:12Z"}"#, ""),
        _ => Run::Fails(std::io::ErrorKind::NotFound),
    });
    let credential = DefaultAzureCredential::new(world.context()).unwrap();
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    block_on(credential.token(&request)).unwrap();
    assert!(world.files.reads().is_empty());
}

#[test]
fn no_secret_is_in_an_explanation() {
    let password = ("AZURE_PASSWORD", "p4ssw0rd");
    let user = ("AZURE_USERNAME", "u");
    let thumbprint = ("IDENTITY_SERVER_THUMBPRINT", "00");
    for variables in [
        &[TENANT, CLIENT, SECRET, TOKEN_FILE, ENDPOINT, HEADER][..],
        &[("AZURE_TENANT_ID", "a/b"), CLIENT, SECRET],
        &[SECRET, password, HEADER],
        &[TENANT, CLIENT, user, password],
        &[ENDPOINT, HEADER, thumbprint],
        &[("IDENTITY_ENDPOINT", "no"), HEADER],
        &[("MSI_ENDPOINT", "no"), ("MSI_SECRET", "m51")],
    ] {
        let world = world(variables);
        world.files.write(TOKEN_FILE.1, "t0k3n");
        world.transport.always(|_| json(401, "{}").into());
        let explanation = explain(&world);
        let credential = DefaultAzureCredential::new(world.context()).unwrap();
        let error = block_on(credential.token(&TokenRequest::new(["scope"]))).unwrap_err();
        let text = format!("{explanation}{explanation:?}{error:?}");
        for secret in ["s3cr3t", "h3ad3r", "p4ssw0rd", "m51", "t0k3n"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn people_read_a_table() {
    let world = world(&[CLIENT]);
    let environment = Arc::new(EnvironmentCredential::new(world.context()));
    let chain = ChainedTokenCredential::new().then("variables", environment);
    let text = block_on(chain.explain()).to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "SOURCE     VERDICT     DETAIL",
            "variables  incomplete  found: AZURE_CLIENT_ID",
            "                       not found: AZURE_TENANT_ID, AZURE_CLIENT_SECRET, \
             AZURE_CLIENT_CERTIFICATE_PATH, AZURE_USERNAME, AZURE_PASSWORD",
        ]
    );
    assert_eq!(lines.len(), 4);
    assert!(text.lines().all(|line| line == line.trim_end()));
}
