//! What a person typed to sign in.

use std::path::PathBuf;

use aad_core::Secret;
use clap::{Args, Subcommand};

/// Options of `adl login`.
#[derive(Args, Debug)]
#[command(after_help = "\
A person signs in with the browser of this machine; where none can be opened, its address is shown.
Tokens and secrets are kept in the folder ADL_CONFIG_DIR, or else ~/.adl, for its owner only. An adl that was built with
the feature `keyring` encrypts them, unless ADL_KEYRING is `off`.

Examples:
  adl login
  adl login --root ./lake --use-device-code
  adl login --service-principal -u APP --tenant contoso.com -p - < secret.txt
  adl login --service-principal -u APP --tenant contoso.com --certificate app.pem")]
pub(crate) struct Login {
    /// Sign a person in on another device, with a code.
    #[arg(long)]
    pub(crate) use_device_code: bool,
    /// Sign an application in.
    #[arg(
        long,
        requires = "username",
        requires = "proof",
        conflicts_with = "use_device_code"
    )]
    pub(crate) service_principal: bool,
    /// The application's client id.
    #[arg(long, short, value_name = "CLIENT_ID", requires = "service_principal")]
    pub(crate) username: Option<String>,
    /// The application's secret. `-` reads it from standard input, where no other user of this machine can see it.
    #[arg(
        long,
        short,
        value_name = "SECRET",
        group = "proof",
        requires = "service_principal",
        allow_hyphen_values = true
    )]
    pub(crate) password: Option<Secret>,
    /// The file with the application's certificate and key, in PEM or PKCS#12.
    #[arg(
        long,
        value_name = "FILE",
        group = "proof",
        requires = "service_principal"
    )]
    pub(crate) certificate: Option<PathBuf>,
    /// The password of that file; `-` reads it from standard input.
    #[arg(long, value_name = "PASSWORD", requires = "certificate")]
    pub(crate) certificate_password: Option<Secret>,
    /// Send the certificate along, for authorities that check its subject name and issuer.
    #[arg(long, requires = "certificate")]
    pub(crate) use_cert_sn_issuer: bool,
    /// The tenant, by its id or domain. People sign in to their own by default.
    #[arg(long, short)]
    pub(crate) tenant: Option<String>,
    /// The authority's address, if it is not that of AZURE_AUTHORITY_HOST or the public cloud. http is for loopback
    /// addresses only, such as http://127.0.0.1:7170 of a local lake.
    #[arg(long, value_name = "URL", conflicts_with = "root")]
    pub(crate) authority: Option<String>,
    /// The application through which a person signs in; the Azure CLI's own by default.
    #[arg(
        long,
        value_name = "ID",
        default_value = aad_identity::AZURE_CLI_CLIENT_ID,
        conflicts_with = "service_principal"
    )]
    pub(crate) client_id: String,
    /// What to ask the first token for, as a v2 scope.
    #[arg(long, default_value = "https://management.core.windows.net//.default")]
    pub(crate) scope: String,
}

/// Options of `adl logout`.
#[derive(Args, Debug)]
pub(crate) struct Logout {
    /// The person's name or the application's client id; by default, as whom commands run.
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    pub(crate) username: Option<String>,
    /// Everybody.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `adl account ...`
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Show as whom commands run here, where, and why.
    Show,
    /// List who is signed in.
    List,
    /// Choose as whom commands run, among those who are signed in.
    Set {
        /// The person's name or the application's client id.
        #[arg(long, value_name = "NAME")]
        username: String,
    },
    /// Print an access token.
    GetAccessToken {
        /// What the token is for, as a v1 resource.
        #[arg(
            long,
            conflicts_with = "scope",
            default_value = "https://management.core.windows.net/"
        )]
        resource: String,
        /// What the token is for, as a v2 scope.
        #[arg(long)]
        scope: Option<String>,
        /// The tenant to sign in to, if not the credential's own.
        #[arg(long)]
        tenant: Option<String>,
    },
    /// Show what each source of DefaultAzureCredential finds on this machine, asking none.
    Explain,
}
