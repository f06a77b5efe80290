//! Where a running lake is and how to sign in to it: `<root>/.lake/endpoints.json`, and lines for a shell.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::private_file;
use crate::secret::Secret;

/// All that a client must know of a running lake. The names of the fields are the keys of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Endpoints {
    /// Base url of the http port, which is also the proxy.
    pub http: String,
    /// Base url of the https port.
    pub https: String,
    /// The tenant's id.
    pub tenant: String,
    /// The ordinary principal.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// The principal that passes every permission check.
    pub admin_client_id: String,
    /// Its secret.
    pub admin_client_secret: Secret,
    /// An ordinary person's name to sign in with.
    pub user: String,
    /// That person's password.
    pub user_password: Secret,
    /// The name of the person who passes every permission check.
    pub admin_user: String,
    /// That person's password.
    pub admin_user_password: Secret,
    /// The first Gen1 account.
    pub store_account: String,
    /// The first analytics account.
    pub analytics_account: String,
    /// The first Gen2 account.
    pub storage_account: String,
    /// Its key.
    pub storage_key: Secret,
    /// The PEM file of the certificate authority.
    pub ca: PathBuf,
}

/// Whose syntax [`Endpoints::export_lines`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash, zsh, dash.
    Sh,
    /// fish.
    Fish,
    /// PowerShell, on any system.
    PowerShell,
    /// cmd.exe.
    Cmd,
}

impl Endpoints {
    /// The file of the lake in `root`.
    pub fn path(root: &Path) -> PathBuf {
        root.join(".lake").join("endpoints.json")
    }

    /// Writes the file, readable by its owner only. It appears whole or not at all.
    pub fn write(&self, root: &Path) -> Result<()> {
        let mut json = zeroize::Zeroizing::new(Vec::new());
        serde_json::to_writer_pretty(&mut *json, self).map_err(|e| {
            Error::new(ErrorKind::Io, "the endpoints cannot be written as JSON").caused_by(e)
        })?;
        json.push(b'\n');
        private_file::write(&Self::path(root), &json)
    }

    /// Removes the file, if there is one: no lake is served from `root`.
    pub fn remove(root: &Path) -> Result<()> {
        let path = Self::path(root);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let message = format!("`{}` cannot be removed", path.display());
                Err(Error::new(ErrorKind::Io, message).caused_by(error))
            }
            _ => Ok(()),
        }
    }

    /// Reads the file of the lake in `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let path = Self::path(root);
        let json = std::fs::read(&path)
            .map(zeroize::Zeroizing::new)
            .map_err(|e| {
                let message = format!("`{}` cannot be read; is the lake running?", path.display());
                Error::new(ErrorKind::Io, message).caused_by(e)
            })?;
        serde_json::from_slice(&json).map_err(|e| {
            Error::new(
                ErrorKind::Damaged,
                format!("`{}` is not what a lake writes", path.display()),
            )
            .caused_by(e)
        })
    }

    /// The variables with which an unmodified program, its cloud addresses hard-coded, works against the lake.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let ca = self.ca.display().to_string();
        let direct = "localhost,127.0.0.1,::1".to_owned();
        let mut variables = vec![
            // The way there. Some programs read one case only: curl has no HTTP_PROXY, Python's urllib takes both.
            ("HTTPS_PROXY", self.http.clone()),
            ("https_proxy", self.http.clone()),
            ("NO_PROXY", direct.clone()),
            ("no_proxy", direct),
        ];
        // Whom to trust: OpenSSL and rustls; Python's requests (adal, msal, azure-*); curl; Node.
        for name in [
            "SSL_CERT_FILE",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "NODE_EXTRA_CA_CERTS",
        ] {
            variables.push((name, ca.clone()));
        }
        variables.extend([
            // What DefaultAzureCredential and its peers sign in with. The authority is the public cloud's, whatever
            // the shell had before: through the proxy that is the lake.
            (
                "AZURE_AUTHORITY_HOST",
                "https://login.microsoftonline.com/".to_owned(),
            ),
            ("AZURE_TENANT_ID", self.tenant.clone()),
            ("AZURE_CLIENT_ID", self.client_id.clone()),
            (
                "AZURE_CLIENT_SECRET",
                self.client_secret.expose().to_owned(),
            ),
            // Only programs of this workspace ask these: which accounts are meant.
            ("ADL_ANALYTICS_ACCOUNT", self.analytics_account.clone()),
            ("ADL_STORE_ACCOUNT", self.store_account.clone()),
        ]);
        variables
    }

    /// [`Endpoints::variables`] as lines for a shell to evaluate. They hold the client's secret.
    pub fn export_lines(&self, shell: Shell) -> String {
        self.variables()
            .into_iter()
            .map(|(name, value)| shell.export(name, &value))
            .collect()
    }
}

impl Shell {
    fn export(self, name: &str, value: &str) -> String {
        match self {
            Self::Sh => format!("export {name}='{}'\n", value.replace('\'', r"'\''")),
            Self::Fish => format!(
                "set -gx {name} '{}'\n",
                value.replace('\\', r"\\").replace('\'', r"\'")
            ),
            Self::PowerShell => format!("$env:{name} = '{}'\n", value.replace('\'', "''")),
            Self::Cmd => format!("set \"{name}={}\"\r\n", value.replace('%', "%%")),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn endpoints() -> Endpoints {
        Endpoints {
            http: "http://127.0.0.1:7170".into(),
            https: "https://127.0.0.1:7171".into(),
            tenant: "t".into(),
            client_id: "c".into(),
            client_secret: Secret::new("hush".into()),
            admin_client_id: "a".into(),
            admin_client_secret: Secret::new("hush hush".into()),
            user: "u@lake".into(),
            user_password: Secret::new("hush u".into()),
            admin_user: "a@lake".into(),
            admin_user_password: Secret::new("hush a".into()),
            store_account: "lakestore".into(),
            analytics_account: "lakeanalytics".into(),
            storage_account: "devstoreaccount1".into(),
            storage_key: Secret::new("key".into()),
            ca: "/home/o'neil/lake/ca.pem".into(),
        }
    }

    #[test]
    fn the_file_has_the_promised_keys_and_only_its_owner_reads_it() {
        let root = tempfile::tempdir().unwrap();
        endpoints().write(root.path()).unwrap();
        let path = Endpoints::path(root.path());
        expect![[r#"
            {
              "http": "http://127.0.0.1:7170",
              "https": "https://127.0.0.1:7171",
              "tenant": "t",
              "client_id": "c",
              "client_secret": "hush",
              "admin_client_id": "a",
              "admin_client_secret": "hush hush",
              "user": "u@lake",
              "user_password": "hush u",
              "admin_user": "a@lake",
              "admin_user_password": "hush a",
              "store_account": "lakestore",
              "analytics_account": "lakeanalytics",
              "storage_account": "devstoreaccount1",
              "storage_key": "key",
              "ca": "/home/o'neil/lake/ca.pem"
            }
        "#]]
        .assert_eq(&std::fs::read_to_string(&path).unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        assert_eq!(
            Endpoints::read(root.path()).unwrap().client_secret.expose(),
            "hush"
        );
    }

    #[test]
    fn a_value_is_quoted_for_each_shell() {
        let line = |shell| {
            let lines = endpoints().export_lines(shell);
            lines
                .lines()
                .find(|line| line.contains("CURL_CA_BUNDLE"))
                .unwrap()
                .to_owned()
        };
        assert_eq!(
            line(Shell::Sh),
            r"export CURL_CA_BUNDLE='/home/o'\''neil/lake/ca.pem'"
        );
        assert_eq!(
            line(Shell::Fish),
            r"set -gx CURL_CA_BUNDLE '/home/o\'neil/lake/ca.pem'"
        );
        assert_eq!(
            line(Shell::PowerShell),
            "$env:CURL_CA_BUNDLE = '/home/o''neil/lake/ca.pem'"
        );
        assert_eq!(
            line(Shell::Cmd),
            r#"set "CURL_CA_BUNDLE=/home/o'neil/lake/ca.pem""#
        );
    }

    #[test]
    fn no_secret_is_printed_by_debug() {
        assert!(!format!("{:?}", endpoints()).contains("hush"));
    }
}
