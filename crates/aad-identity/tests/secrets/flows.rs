//! Every flow, with secrets that a search finds.

use std::sync::Arc;

use aad_core::{Context, Result, Secret, TokenCredential};
use aad_identity::{
    AuthFile, AuthorizationCode, AuthorizationCodeCredential, AzurePipelinesCredential,
    ClientAssertionCredential, ClientProof, ClientSecretCredential, CredentialOptions,
    DefaultAzureCredential, DeviceCodeCredential, EnvironmentCredential, FileStorage,
    GitHubActionsCredential, ManagedIdentityCredential, OnBehalfOfCredential, PersistentCache,
    Protocol, RefreshTokenCredential, UsernamePasswordCredential, WorkloadIdentityCredential,
    WorkloadIdentityOptions,
};
use bytes::Bytes;
use futures::executor::block_on;
use http::Request;
use testkit::context::{Reply, World, json, response};

pub(crate) const SECRETS: [&str; 19] = [
    "s3cr3t-@pp",
    "p4ss&w0rd",
    "r3fr3sh-1",
    "r3fr3sh-2",
    "t0k3n-@ccess",
    "1d-t0k3n",
    "4ss3rt10n",
    "f3d3r4t3d",
    "1nc0m1ng",
    "c0d3-0nc3",
    "v3r1f13r",
    "d3v1c3-c0d3",
    "h3ad3r",
    "4rc-k3y",
    "j0b-t0k3n",
    "sy5t3m",
    "r3qu3st",
    "m51-s3cr3t",
    // Of the second line of the certificate's key.
    "16EmYMxc9mgmwGBSbIciuVoU",
];

const TOKEN_FILE: &str = "/var/run/secrets/tokens/azure-identity-token";
const ARC_KEY: &str = "/var/opt/azcmagent/tokens/1f5a.key";

const CERTIFICATE: &str = concat!(
    include_str!("../certificates/key.pem"),
    include_str!("../certificates/leaf.crt")
);

type Variables = &'static [(&'static str, &'static str)];

pub(crate) struct Flow {
    pub(crate) name: &'static str,
    variables: Variables,
    pub(crate) make: fn(Context) -> Result<Arc<dyn TokenCredential>>,
}

impl Flow {
    /// Sets the stage.
    pub(crate) fn prepare(&self, world: &World) {
        for (name, value) in self.variables {
            world.set_var(name, value);
        }
        world.files.write(TOKEN_FILE, "f3d3r4t3d\n");
        world.files.write(ARC_KEY, "4rc-k3y");
        world.files.write("/certificate.pem", CERTIFICATE);
    }
}

/// What is answered before a flow gets to its last address.
pub(crate) fn on_the_way(request: &Request<Bytes>) -> Option<Reply> {
    let uri = request.uri().to_string();
    let is_agent = uri.contains(":40342/") && !request.headers().contains_key("authorization");
    Some(if uri.contains("/UserRealm/") {
        json(200, r#"{"account_type":"Managed"}"#).into()
    } else if uri.contains("/devicecode") {
        let prompt = r#"{"user_code":"ABC","device_code":"d3v1c3-c0d3","verification_uri":"https://aka.ms/devicelogin","expires_in":60,"interval":5}"#;
        json(200, prompt).into()
    } else if uri.contains("oidc") {
        json(200, r#"{"oidcToken":"j0b-t0k3n","value":"j0b-t0k3n"}"#).into()
    } else if is_agent {
        let challenge = format!("Basic realm={ARC_KEY}");
        response(401, &[("www-authenticate", &challenge)], "").into()
    } else {
        return None;
    })
}

const NONE: Variables = &[];
const SERVICE: (&str, &str) = ("AZURE_TENANT_ID", "contoso.com");
const CLIENT: (&str, &str) = ("AZURE_CLIENT_ID", "app");
const HOST_SECRET: (&str, &str) = ("IDENTITY_HEADER", "h3ad3r");

pub(crate) fn flows() -> Vec<Flow> {
    let mut flows = vec![
        flow("client secret", NONE, |context| {
            shared(ClientSecretCredential::new(
                context,
                "contoso.com",
                "app",
                "s3cr3t-@pp",
            ))
        }),
        flow("client secret by v1", NONE, |context| {
            let v1 = CredentialOptions::default().with_protocol(Protocol::V1);
            shared(ClientSecretCredential::new_opts(
                context,
                "contoso.com",
                "app",
                "s3cr3t-@pp",
                &v1,
            ))
        }),
        flow("client assertion", NONE, |context| {
            let assert = |_| async { Ok(Secret::new("4ss3rt10n")) };
            shared(ClientAssertionCredential::new(
                context,
                "contoso.com",
                "app",
                assert,
            ))
        }),
        flow("refresh token", NONE, |context| {
            shared(RefreshTokenCredential::new(
                context,
                "contoso.com",
                "app",
                "r3fr3sh-1",
            ))
        }),
        flow("refresh token with a cache", NONE, |context| {
            let storage = FileStorage::plaintext("/cache/msal.cache");
            let cache = PersistentCache::new(Arc::new(storage));
            let options = CredentialOptions::default().with_persistent_cache(cache);
            shared(RefreshTokenCredential::new_opts(
                context,
                "contoso.com",
                "app",
                "r3fr3sh-1",
                None,
                &options,
            ))
        }),
        flow("on behalf of", NONE, |context| {
            shared(OnBehalfOfCredential::new(
                context,
                "contoso.com",
                "app",
                "s3cr3t-@pp",
                "1nc0m1ng",
            ))
        }),
        flow("on behalf of, by an assertion", NONE, |context| {
            let proof = ClientProof::assertion(|_| async { Ok(Secret::new("4ss3rt10n")) });
            shared(OnBehalfOfCredential::new(
                context,
                "contoso.com",
                "app",
                proof,
                "1nc0m1ng",
            ))
        }),
        flow("authorization code", NONE, |context| {
            let code =
                AuthorizationCode::new("c0d3-0nc3", "http://localhost").with_verifier("v3r1f13r");
            shared(AuthorizationCodeCredential::new(
                context,
                "contoso.com",
                "app",
                code,
            ))
        }),
        flow("password", NONE, |context| {
            shared(UsernamePasswordCredential::new(
                context,
                "contoso.com",
                "app",
                "anna@contoso.com",
                "p4ss&w0rd",
            ))
        }),
        flow("device code", NONE, |context| {
            shared(DeviceCodeCredential::new(
                context,
                "contoso.com",
                "app",
                |_| {},
            ))
        }),
        flow("auth file", NONE, |context| {
            let file = AuthFile::parse(
                r#"{"clientId":"app","clientSecret":"s3cr3t-@pp","tenantId":"contoso.com"}"#,
            )?;
            block_on(file.credential(&context))
        }),
        flow(
            "environment",
            &[SERVICE, CLIENT, ("AZURE_CLIENT_SECRET", "s3cr3t-@pp")],
            |context| shared(Ok(EnvironmentCredential::new(context))),
        ),
        flow(
            "environment with a password",
            &[
                SERVICE,
                CLIENT,
                ("AZURE_USERNAME", "anna"),
                ("AZURE_PASSWORD", "p4ss&w0rd"),
            ],
            |context| shared(Ok(EnvironmentCredential::new(context))),
        ),
        flow(
            "default chain",
            &[SERVICE, CLIENT, ("AZURE_CLIENT_SECRET", "s3cr3t-@pp")],
            |context| shared(DefaultAzureCredential::new(context)),
        ),
        flow(
            "workload identity",
            &[SERVICE, CLIENT, ("AZURE_FEDERATED_TOKEN_FILE", TOKEN_FILE)],
            |context| shared(Ok(WorkloadIdentityCredential::new(context))),
        ),
        flow(
            "workload identity behind a proxy",
            &[
                SERVICE,
                CLIENT,
                ("AZURE_FEDERATED_TOKEN_FILE", TOKEN_FILE),
                ("AZURE_KUBERNETES_TOKEN_PROXY", "https://proxy.svc"),
            ],
            |context| {
                let options = WorkloadIdentityOptions::default().with_token_proxy();
                shared(Ok(WorkloadIdentityCredential::new_opts(context, options)))
            },
        ),
        flow(
            "Azure Pipelines",
            &[("SYSTEM_OIDCREQUESTURI", "https://dev.azure.com/oidctoken")],
            |context| {
                shared(AzurePipelinesCredential::new(
                    context,
                    "contoso.com",
                    "app",
                    "c0nn",
                    "sy5t3m",
                ))
            },
        ),
        flow(
            "GitHub Actions",
            &[
                (
                    "ACTIONS_ID_TOKEN_REQUEST_URL",
                    "https://run.example/oidc?a=b",
                ),
                ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "r3qu3st"),
            ],
            |context| shared(GitHubActionsCredential::new(context, "contoso.com", "app")),
        ),
    ];
    flows.extend(hosts());
    #[cfg(feature = "certificate")]
    flows.extend(certificates());
    flows
}

fn hosts() -> Vec<Flow> {
    let make = |context| shared(Ok(ManagedIdentityCredential::new(context)));
    vec![
        flow(
            "App Service",
            &[
                ("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi"),
                HOST_SECRET,
            ],
            make,
        ),
        flow(
            "Service Fabric",
            &[
                ("IDENTITY_ENDPOINT", "https://10.0.0.4:2377/token"),
                HOST_SECRET,
                (
                    "IDENTITY_SERVER_THUMBPRINT",
                    "b8d304f684f6b00c9ad0f1ff3b9f2f0b1c7f0a11",
                ),
            ],
            make,
        ),
        flow(
            "Azure Arc",
            &[
                (
                    "IDENTITY_ENDPOINT",
                    "http://localhost:40342/metadata/identity/oauth2/token",
                ),
                ("IMDS_ENDPOINT", "http://localhost:40342"),
            ],
            make,
        ),
        flow(
            "Azure Machine Learning",
            &[
                ("MSI_ENDPOINT", "http://127.0.0.1:46808/MSI"),
                ("MSI_SECRET", "m51-s3cr3t"),
            ],
            make,
        ),
        flow(
            "Cloud Shell",
            &[("MSI_ENDPOINT", "http://localhost:50342/oauth2/token")],
            make,
        ),
        flow("instance metadata", NONE, make),
    ]
}

fn flow(
    name: &'static str,
    variables: Variables,
    make: fn(Context) -> Result<Arc<dyn TokenCredential>>,
) -> Flow {
    Flow {
        name,
        variables,
        make,
    }
}

fn shared(made: Result<impl TokenCredential + 'static>) -> Result<Arc<dyn TokenCredential>> {
    Ok(Arc::new(made?))
}

#[cfg(feature = "certificate")]
fn certificates() -> [Flow; 2] {
    use aad_identity::{ClientCertificate, ClientCertificateCredential};

    [
        flow("certificate", NONE, |context| {
            let certificate = ClientCertificate::read(CERTIFICATE, None)?;
            let (tenant, id) = ("contoso.com", "app");
            shared(ClientCertificateCredential::new(
                context,
                tenant,
                id,
                certificate,
            ))
        }),
        flow(
            "environment with a certificate",
            &[
                SERVICE,
                CLIENT,
                ("AZURE_CLIENT_CERTIFICATE_PATH", "/certificate.pem"),
            ],
            |context| shared(Ok(EnvironmentCredential::new(context))),
        ),
    ]
}
