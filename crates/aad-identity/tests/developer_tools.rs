//! What the tools of a developer's machine are asked, and what their answers mean.
//!
//! The tables are those of azure-identity's own tests (test_cli_credential.py,
//! test_azd_cli_credential.py, test_powershell_credential.py) in our words.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aad_core::{AccessToken, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AzureCliCredential, AzureDeveloperCliCredential, AzurePowerShellCredential,
    DeveloperToolOptions,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::executor::block_on;
use testkit::context::{LogWatch, Run, World};
use time::OffsetDateTime;
use time::macros::datetime;

const SCOPE: &str = "https://datalake.azure.net//.default";
const RESOURCE: &str = "https://datalake.azure.net/";
const EXPIRY: OffsetDateTime = datetime!(2026-11-20 15:11:12 UTC);
const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}"#;
const ENCODED_CLAIMS: &str =
    "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlcyI6WyJwMSJdfX19";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Which {
    Az,
    Azd,
    Pwsh,
}
use Which::{Az, Azd, Pwsh};

impl Which {
    const ALL: [Self; 3] = [Az, Azd, Pwsh];

    fn credential(self, world: &World, options: DeveloperToolOptions) -> Arc<dyn TokenCredential> {
        let context = world.context();
        match self {
            Az => Arc::new(AzureCliCredential::new_opts(context, options)),
            Azd => Arc::new(AzureDeveloperCliCredential::new_opts(context, options)),
            Pwsh => Arc::new(AzurePowerShellCredential::new_opts(context, options)),
        }
    }

    fn success(self) -> &'static str {
        match self {
            Az => r#"{"accessToken":"t0k3n","expires_on":1795187472}"#,
            Azd => r#"{"token":"t0k3n","expiresOn":"2026-11-20T15:11:12Z"}"#,
            Pwsh => "\nazsdk%t0k3n%1795187472\n",
        }
    }
}

fn ask(which: Which, run: Run) -> Result<AccessToken> {
    let world = World::new();
    world.processes.install(move |_| run.clone());
    let credential = which.credential(&world, DeveloperToolOptions::default());
    block_on(credential.token(&TokenRequest::new([SCOPE])))
}

fn prints(which: Which, stdout: &str) -> Result<AccessToken> {
    ask(which, Run::ends(0, stdout, ""))
}

fn complains(which: Which, stderr: &str) -> aad_core::Error {
    ask(which, Run::ends(1, "", stderr)).unwrap_err()
}

/// The arguments that a request becomes, or what is wrong with it.
fn arguments(
    which: Which,
    options: DeveloperToolOptions,
    request: &TokenRequest,
) -> Result<Vec<String>> {
    let world = World::new();
    world
        .processes
        .install(move |_| Run::ends(0, which.success(), ""));
    let credential = which.credential(&world, options);
    let token = block_on(credential.token(request));
    let commands = world.processes.commands();
    assert_eq!(
        commands.len(),
        usize::from(token.is_ok()),
        "refused before anything runs"
    );
    let token = token?;
    assert_eq!(token.token.expose(), "t0k3n");
    assert_eq!(token.expires_on, EXPIRY);
    if cfg!(unix) {
        assert_eq!(commands[0].directory.as_deref(), Some(Path::new("/bin")));
    }
    Ok(commands[0].arguments.clone())
}

#[test]
fn az_is_asked_for_a_resource() {
    let default = DeveloperToolOptions::default();
    let request = TokenRequest::new([SCOPE]);
    let plain = [
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        RESOURCE,
    ];
    assert_eq!(arguments(Az, default.clone(), &request).unwrap(), plain);
    let tenant = request.with_tenant("contoso.com");
    let told = [&plain[..], &["--tenant", "contoso.com"]].concat();
    assert_eq!(arguments(Az, default.clone(), &tenant).unwrap(), told);
    let world = World::new();
    world.processes.install(|_| Run::ends(0, Az.success(), ""));
    let credential = AzureCliCredential::for_subscription(world.context(), "My sub", default);
    block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    let command = &world.processes.commands()[0];
    assert!(
        command
            .arguments
            .ends_with(&["--subscription".into(), "My sub".into()])
    );
    assert!(
        command
            .variables
            .contains(&("AZURE_CORE_NO_COLOR".into(), "true".into()))
    );
    assert!(command.variables.contains(&("TZ".into(), "UTC".into())));
}

#[test]
fn azd_is_asked_for_scopes_and_can_satisfy_claims() {
    let request = TokenRequest::new([SCOPE, "two/x"])
        .with_claims(CLAIMS)
        .with_tenant("t1");
    let expected = [
        "auth",
        "token",
        "--output",
        "json",
        "--no-prompt",
        "--scope",
        SCOPE,
        "--scope",
        "two/x",
        "--tenant-id",
        "t1",
        "--claims",
        ENCODED_CLAIMS,
    ];
    assert_eq!(
        arguments(Azd, DeveloperToolOptions::default(), &request).unwrap(),
        expected
    );
}

#[test]
fn powershell_runs_a_script_that_no_quote_can_break() {
    let script = |request: &TokenRequest| {
        let arguments = arguments(Pwsh, DeveloperToolOptions::default(), request).unwrap();
        assert_eq!(
            arguments[..3],
            ["-NoProfile", "-NonInteractive", "-EncodedCommand"]
        );
        let bytes = STANDARD.decode(&arguments[3]).unwrap();
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]))
            .collect();
        String::from_utf16(&units).unwrap()
    };
    let plain = script(&TokenRequest::new([SCOPE]));
    assert!(
        plain.contains(&format!("ResourceUrl = '{RESOURCE}'")),
        "{plain}"
    );
    assert!(!plain.contains("TenantId"), "{plain}");
    assert!(plain.contains("$ask.AsSecureString = $true"), "{plain}");
    let told = script(&TokenRequest::new([SCOPE]).with_tenant("contoso.com"));
    assert!(told.contains("$ask.TenantId = 'contoso.com'"), "{told}");
}

#[test]
fn what_a_tool_could_misread_is_not_passed_on() {
    for which in Which::ALL {
        for c in ["|", "&", ";", "'", "\"", "`", "$", " ", "\n", "(", ">"] {
            let mut requests = vec![TokenRequest::new([format!("scope{c}")])];
            requests.push(TokenRequest::new([SCOPE]).with_tenant(format!("tenant{c}")));
            for request in requests {
                let error =
                    arguments(which, DeveloperToolOptions::default(), &request).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Request, "{which:?} {c:?}");
            }
            let options = DeveloperToolOptions::default().with_tenant(format!("tenant{c}"));
            let error = arguments(which, options, &TokenRequest::new([SCOPE])).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Request, "{which:?} {c:?}");
        }
        let options = DeveloperToolOptions::default();
        let error = arguments(which, options, &TokenRequest::default()).unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Request,
            "{which:?} without a scope"
        );
    }
}

#[test]
fn a_tool_without_a_tenant_may_be_asked_for_any_and_one_with_for_permitted_ones() {
    let request = |tenant: &str| TokenRequest::new([SCOPE]).with_tenant(tenant);
    for which in Which::ALL {
        let own = DeveloperToolOptions::default().with_tenant("own");
        assert!(arguments(which, DeveloperToolOptions::default(), &request("any")).is_ok());
        assert!(arguments(which, own.clone(), &request("OWN")).is_ok());
        assert!(arguments(which, own.clone(), &request("other")).is_err());
        let listed = own.clone().with_additionally_allowed_tenant("other");
        assert!(arguments(which, listed, &request("other")).is_ok());
        let any = own.with_additionally_allowed_tenant("*");
        assert!(arguments(which, any, &request("other")).is_ok());
        // Whoever signs in through `organizations` has a tenant that is not known before.
        let open = DeveloperToolOptions::default().with_tenant("organizations");
        let told = arguments(which, open.clone(), &request("other")).unwrap();
        let plain = arguments(which, open.clone(), &TokenRequest::new([SCOPE])).unwrap();
        assert_ne!(told, plain, "{which:?}");
        let listed = open.with_additionally_allowed_tenant("listed");
        assert!(arguments(which, listed, &request("other")).is_err());
    }
}

#[test]
fn where_the_environment_forbids_other_tenants_a_tool_stays_with_its_own() {
    for which in Which::ALL {
        let world = World::new();
        world.set_var("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH", "true");
        let printed = which.success();
        world.processes.install(move |_| Run::ends(0, printed, ""));
        let options = DeveloperToolOptions::default().with_additionally_allowed_tenant("*");
        let credential = which.credential(&world, options);
        let request = TokenRequest::new([SCOPE]);
        block_on(credential.token(&request)).unwrap();
        block_on(credential.token(&request.with_tenant("other"))).unwrap();
        assert_eq!(world.processes.commands().len(), 1, "the same token");
    }
}

#[test]
fn a_token_of_az_is_read_in_every_form() {
    let at = |stdout: &str| prints(Az, stdout).unwrap().expires_on;
    for stdout in [
        r#"{"accessToken":"t","expires_on":1795187472}"#,
        r#"{"accessToken":"t","expires_on":"1795187472"}"#,
        // The local time of an hour that comes twice does not matter where there is an epoch.
        r#"{"accessToken":"t","expiresOn":"2026-10-25 02:30:00.000000","expires_on":1795187472}"#,
        // With TZ=UTC, local time is UTC.
        r#"{"accessToken":"t","expiresOn":"2026-11-20 15:11:12.123456","tokenType":"Bearer"}"#,
        r#"{"accessToken":"t","expiresOn":"2026-11-20 15:11:12"}"#,
        // Noise before, and colour after.
        "WARNING: a new version is out\n{\"accessToken\":\"t\",\"expires_on\":1795187472}\n",
        "{\n  \"accessToken\": \"t\",\n  \"expires_on\": 1795187472\n}\n\u{1b}[0m",
    ] {
        assert_eq!(at(stdout), EXPIRY, "{stdout}");
    }
}

#[test]
fn a_token_of_azd_expires_in_utc() {
    for stdout in [
        Azd.success(),
        "\u{1b}[0m{\"token\":\"t\",\"expiresOn\":\"2026-11-20T15:11:12Z\"}",
    ] {
        assert_eq!(prints(Azd, stdout).unwrap().expires_on, EXPIRY);
    }
}

#[test]
fn a_token_of_powershell_is_found_among_other_lines() {
    let token = prints(Pwsh, "WARNING: x\r\n\r\nazsdk%t0k3n%1795187472\r\n").unwrap();
    assert_eq!((token.token.expose(), token.expires_on), ("t0k3n", EXPIRY));
}

#[test]
fn output_that_is_no_token_is_not_shown() {
    for which in Which::ALL {
        for stdout in [
            "",
            "{}",
            "null",
            "{\"accessToken\": \"secret value",
            "{\"accessToken\": \"secret value\"",
            "{\"accessToken\": \"secret value\", \"expiresOn\": \"yesterday\"}",
            "{\"token\": \"secret value\", \"expiresOn\": 5e400}",
            "{\"token\": \"secret value\"}",
            "azsdk%secret value",
            "azsdk%secret value%soon",
            "azsdk%%1795187472",
        ] {
            for run in [Run::ends(0, stdout, ""), Run::ends(1, stdout, stdout)] {
                let error = ask(which, run).unwrap_err();
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("secret value"), "{which:?}: {shown}");
            }
            let error = prints(which, stdout).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{which:?} {stdout}");
        }
    }
}

#[test]
fn a_tool_that_is_not_there_lets_a_chain_move_on() {
    for which in Which::ALL {
        for run in [
            Run::Fails(io::ErrorKind::NotFound),
            Run::Fails(io::ErrorKind::PermissionDenied),
            Run::ends(127, "", "sh: not found"),
            Run::ends(
                1,
                "",
                "'az' is not recognized as an internal or external command",
            ),
            Run::Hangs,
        ] {
            let error = ask(which, run.clone()).unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::Unavailable,
                "{which:?} {run:?}: {error}"
            );
        }
    }
}

#[test]
fn a_tool_that_hangs_is_killed_after_its_time() {
    for which in Which::ALL {
        for (options, seconds) in [
            (DeveloperToolOptions::default(), 10),
            (
                DeveloperToolOptions::default().with_timeout(Duration::from_secs(42)),
                42,
            ),
        ] {
            let world = World::new();
            world.processes.install(|_| Run::Hangs);
            let start = world.clock.now();
            let credential = which.credential(&world, options);
            block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap_err();
            assert_eq!((world.clock.now() - start).whole_seconds(), seconds);
            assert_eq!(world.processes.killed(), 1);
        }
    }
}

#[test]
fn nobody_signed_in_lets_a_chain_move_on_and_a_failed_sign_in_does_not() {
    let azd_json = r#"{"type":"consoleMessage","data":{"message":"\nERROR: not logged in, run `azd auth login` to login\n"}}"#;
    let unavailable = ErrorKind::Unavailable;
    let failed = ErrorKind::Credentials;
    for (which, stderr, kind, words) in [
        (
            Az,
            "ERROR: Please run 'az login' to setup account.",
            unavailable,
            "run `az login`",
        ),
        (
            Az,
            "ERROR: Please run \"az account set\"",
            unavailable,
            "run `az login`",
        ),
        (
            Az,
            "ERROR: AADSTS70043: The refresh token has expired, Please run 'az login' to setup account.",
            failed,
            "AADSTS70043",
        ),
        (Az, "something went wrong", failed, "something went wrong"),
        (Az, "", failed, "it does not say why"),
        (
            Azd,
            "ERROR: not logged in, run `azd auth login` to login",
            unavailable,
            "run `azd auth login`",
        ),
        (Azd, azd_json, unavailable, "run `azd auth login`"),
        (
            Azd,
            "ERROR: AADSTS70043: expired, not logged in, run `azd auth login` to login",
            failed,
            "AADSTS70043",
        ),
        (
            Azd,
            "{\"error\":\"no luck\",\"message\":\"m\",\"suggestion\":\"s\"}",
            failed,
            "failed: no luck",
        ),
        (
            Azd,
            "{\"type\":\"consoleMessage\",\"data\":{\"message\":\"\\nold words\\n\"}}",
            failed,
            "failed: old words",
        ),
        (
            Azd,
            "{\"type\":\"consoleMessage\",\"data\":{\"message\":\"\"}}\n{\"error\":\"new words\"}",
            failed,
            "failed: new words",
        ),
        (Azd, "ERROR: unknown flag: --claims", unavailable, "1.18.1"),
        (
            Pwsh,
            "Run Connect-AzAccount to login.",
            unavailable,
            "Connect-AzAccount",
        ),
        (
            Pwsh,
            "AuthorizationManager check failed.",
            unavailable,
            "execution policy",
        ),
        (Pwsh, "#< CLIXML <Objs>", unavailable, "failed"),
    ] {
        let error = complains(which, stderr);
        assert_eq!(error.kind(), kind, "{which:?} {stderr}: {error}");
        assert!(
            error.to_string().contains(words),
            "{which:?} {stderr}: {error}"
        );
    }
    let coded = complains(Az, "ERROR: AADSTS50076: MFA");
    assert_eq!(coded.code(), Some("AADSTS50076"));
    let error = prints(Pwsh, "NO_AZ_ACCOUNT_MODULE").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("Az.Accounts"), "{error}");
}

#[test]
fn empty_claims_demand_nothing() {
    let request = TokenRequest::new([SCOPE]);
    for which in Which::ALL {
        let plain = arguments(which, DeveloperToolOptions::default(), &request).unwrap();
        let empty = request.clone().with_claims("");
        let told = arguments(which, DeveloperToolOptions::default(), &empty).unwrap();
        assert_eq!(told, plain, "{which:?}");
    }
}

#[test]
fn who_must_satisfy_claims_is_told_the_command() {
    for (which, command) in [
        (
            Az,
            format!("az login --claims-challenge {ENCODED_CLAIMS} --tenant t1 --scope {SCOPE}"),
        ),
        (
            Pwsh,
            format!("Connect-AzAccount -ClaimsChallenge {ENCODED_CLAIMS} -Tenant t1"),
        ),
    ] {
        let request = TokenRequest::new([SCOPE])
            .with_claims(CLAIMS)
            .with_tenant("t1");
        let error = arguments(which, DeveloperToolOptions::default(), &request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.to_string().contains(&command), "{error}");
    }
}

#[test]
fn a_token_is_kept_and_reaches_no_log() {
    let watch = LogWatch::new(["t0k3n"]);
    watch.run(|| {
        for which in Which::ALL {
            let world = World::new();
            world
                .processes
                .install(move |_| Run::ends(0, which.success(), ""));
            let credential = which.credential(&world, DeveloperToolOptions::default());
            for _ in 0..3 {
                let token = block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
                tracing::info!(?credential, ?token, "signed in");
            }
            assert_eq!(world.processes.commands().len(), 1);
        }
    });
    assert!(watch.text().contains("signed in"));
}
