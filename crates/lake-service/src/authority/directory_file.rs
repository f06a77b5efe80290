//! The directory as a person writes it: `<root>/.lake/directory.toml`, or the file that `adl serve --directory` names.
//!
//! The lake makes two applications and two people by itself; the file changes them and adds others. Whatever is
//! wrong in it is said with its line, and with what to write instead.

use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use url::Url;
use uuid::Uuid;

use super::client::Consent;
use super::directory::{
    AZURE_CLI, AccountState, Application, ApplicationKind, ConditionalAccess, Directory, Domain,
    Passwords, Person, Rights,
};
use super::federation::{Federation, Offer, SamlVersion};
use crate::error::{Error, ErrorKind, Result};
use crate::faults::{self, Fault};
use crate::private_file;
use crate::routing;
use crate::secret::Secret;

/// What a new lake has at the file's place: every key, and none of them in force.
const TEMPLATE: &str = include_str!("directory.toml");

/// A file of nobody who knows what it is for.
const LARGEST: u64 = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    tenant_id: Option<Uuid>,
    #[serde(default)]
    domains: Vec<Spanned<String>>,
    federation: Option<FederationEntry>,
    client: Option<Spanned<ApplicationEntry>>,
    admin_client: Option<Spanned<ApplicationEntry>>,
    user: Option<Spanned<PersonEntry>>,
    admin_user: Option<Spanned<PersonEntry>>,
    #[serde(default)]
    applications: Vec<Spanned<ApplicationEntry>>,
    #[serde(default)]
    users: Vec<Spanned<PersonEntry>>,
    #[serde(default)]
    faults: Vec<Spanned<faults::Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FederationEntry {
    domains: Vec<Spanned<String>>,
    #[serde(default)]
    saml: SamlVersion,
    #[serde(default)]
    ws_trust: Offer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationEntry {
    client_id: Option<Uuid>,
    object_id: Option<Uuid>,
    name: Option<String>,
    secrets: Option<Vec<Secret>>,
    #[serde(default)]
    certificates: Vec<Spanned<String>>,
    #[serde(default)]
    redirect_uris: Vec<Spanned<String>>,
    superuser: Option<bool>,
    groups: Option<Vec<Uuid>>,
    consent: Option<Consent>,
    conditional_access: Option<ConditionalAccess>,
    sign_in_frequency: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonEntry {
    name: Option<Spanned<String>>,
    object_id: Option<Uuid>,
    display_name: Option<String>,
    password: Option<Secret>,
    superuser: Option<bool>,
    groups: Option<Vec<Uuid>>,
    state: Option<AccountState>,
    mfa_code: Option<Secret>,
}

/// A certificate by which an application may sign in.
pub(super) struct Registration {
    pub(super) application: Uuid,
    pub(super) pem: String,
    file: PathBuf,
    at: Range<usize>,
}

/// What the file says that is not in the directory.
pub(super) struct Applied {
    pub(super) registrations: Vec<Registration>,
    pub(super) faults: Vec<Fault>,
}

/// A file that was read, and where it was.
pub(super) struct DirectoryFile {
    path: PathBuf,
    text: String,
}

/// What is wrong, and where.
struct Mistake {
    at: Range<usize>,
    words: String,
}

fn mistake<T>(at: &Spanned<T>, words: impl Into<String>) -> Mistake {
    Mistake {
        at: at.span(),
        words: words.into(),
    }
}

impl DirectoryFile {
    /// The file that was asked for, or the one of this root, which is made for a person to find.
    pub(super) fn open(wanted: Option<&Path>, root: &Path) -> Result<Self> {
        let own = root.join(".lake").join("directory.toml");
        let path = wanted.unwrap_or(&own);
        if wanted.is_none() && !path.exists() {
            private_file::write(path, TEMPLATE.as_bytes())?;
        }
        let read = || {
            if std::fs::metadata(path)?.len() > LARGEST {
                return Err(std::io::Error::other("it is larger than 4 MiB"));
            }
            std::fs::read_to_string(path)
        };
        let text = read().map_err(|error| {
            let message = format!("the directory `{}` cannot be read", path.display());
            Error::new(ErrorKind::Invalid, message).caused_by(error)
        })?;
        Ok(Self {
            path: path.to_owned(),
            text,
        })
    }

    /// Puts what the file says into the directory. The rest is for the caller to see to.
    pub(super) fn apply(&self, directory: &mut Directory) -> Result<Applied> {
        let content: Content = toml::from_str(&self.text).map_err(|error| {
            let at = error.span().unwrap_or_default();
            self.error(&at, error.message().trim())
        })?;
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut applying = Applying {
            directory,
            applied: Applied {
                registrations: Vec::new(),
                faults: Vec::new(),
            },
            folder,
        };
        applying
            .all(content)
            .map_err(|Mistake { at, words }| self.error(&at, words))?;
        Ok(applying.applied)
    }

    /// The error for a certificate of the file that cannot be registered.
    pub(super) fn bad_certificate(&self, registration: &Registration, cause: Error) -> Error {
        let words = format!(
            "`{}` is no certificate to sign in with",
            registration.file.display()
        );
        self.error(&registration.at, words).caused_by(cause)
    }

    fn error(&self, at: &Range<usize>, words: impl Display) -> Error {
        let before = self.text.get(..at.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Error::new(
            ErrorKind::Invalid,
            format!("{}:{line}: {words}", self.path.display()),
        )
    }
}

/// The object id that an entry changes; `None` for whom it adds.
type Before = Option<Uuid>;

struct Applying<'a> {
    directory: &'a mut Directory,
    applied: Applied,
    folder: &'a Path,
}

impl Applying<'_> {
    fn all(&mut self, content: Content) -> Result<(), Mistake> {
        if let Some(tenant_id) = content.tenant_id {
            self.directory.tenant_id = tenant_id;
        }
        for name in content.domains {
            self.add_domain(&name, Passwords::Managed)?;
        }
        if let Some(federation) = content.federation {
            self.directory.federation = Federation {
                saml: federation.saml,
                offer: federation.ws_trust,
            };
            for name in federation.domains {
                self.add_domain(&name, Passwords::Federated)?;
            }
        }
        if let Some(entry) = content.client {
            let mut client = self.directory.client.clone();
            let before = Some(client.object_id);
            self.change_application(&mut client, entry, before)?;
            self.directory.client = client;
        }
        if let Some(entry) = content.admin_client {
            let mut admin = self.directory.admin.clone();
            let before = Some(admin.object_id);
            self.change_application(&mut admin, entry, before)?;
            self.directory.admin = admin;
        }
        for entry in content.applications {
            self.add_application(entry)?;
        }
        if let Some(entry) = content.user {
            let mut user = self.directory.user.clone();
            let before = Some(user.object_id);
            self.change_person(&mut user, entry, before)?;
            self.directory.user = user;
        }
        if let Some(entry) = content.admin_user {
            let mut admin = self.directory.admin_user.clone();
            let before = Some(admin.object_id);
            self.change_person(&mut admin, entry, before)?;
            self.directory.admin_user = admin;
        }
        for entry in content.users {
            self.add_person(entry)?;
        }
        for entry in content.faults {
            let at = entry.span();
            let fault = Fault::try_from(entry.into_inner());
            let fault = fault.map_err(|words| Mistake { at, words })?;
            self.applied.faults.push(fault);
        }
        Ok(())
    }

    fn add_domain(&mut self, name: &Spanned<String>, passwords: Passwords) -> Result<(), Mistake> {
        let text = name.get_ref();
        let is_label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !text.contains('.') || !text.split('.').all(is_label) || routing::is_reserved(text) {
            let words = format!("`{text}` is no domain; write one such as \"contoso.example\"");
            return Err(mistake(name, words));
        }
        let mut known = self.directory.domains.iter();
        if known.any(|domain| domain.name.eq_ignore_ascii_case(text)) {
            let words = format!("`{text}` is a domain of this lake already; remove it here");
            return Err(mistake(name, words));
        }
        self.directory.domains.push(Domain {
            name: text.clone(),
            passwords,
        });
        Ok(())
    }

    /// A new application; or the Azure CLI's, changed.
    fn add_application(&mut self, entry: Spanned<ApplicationEntry>) -> Result<(), Mistake> {
        let Some(client_id) = entry.get_ref().client_id else {
            let words =
                "this application has no `client_id`; write one, such as the output of `uuidgen`";
            return Err(mistake(&entry, words));
        };
        let known = &mut self.directory.more_applications;
        let is_known = |known: &Application| known.client_id == client_id;
        let mut application = match known.iter().position(is_known) {
            // Every tenant knows it, so naming it cannot be a mistake.
            Some(index) if client_id == AZURE_CLI => known.remove(index),
            _ => {
                let id = client_id.to_string();
                Application::public(client_id, self.directory.derived_id(&id), id)
            }
        };
        self.change_application(&mut application, entry, None)?;
        self.directory.more_applications.push(application);
        Ok(())
    }

    fn change_application(
        &mut self,
        application: &mut Application,
        entry: Spanned<ApplicationEntry>,
        before: Before,
    ) -> Result<(), Mistake> {
        let known = before.map(|_| application.client_id);
        let at = entry.span();
        let changed = entry.into_inner();
        let bad = |words: String| Mistake {
            at: at.clone(),
            words,
        };
        set(&mut application.client_id, changed.client_id);
        set(&mut application.object_id, changed.object_id);
        set(&mut application.name, changed.name);
        set(&mut application.rights, changed.superuser.map(rights));
        set(&mut application.groups, changed.groups);
        set(&mut application.consent, changed.consent);
        set(&mut application.access, changed.conditional_access);
        if let Some(seconds) = changed.sign_in_frequency {
            if *seconds.get_ref() < 1 {
                let words =
                    "`sign_in_frequency` is a number of seconds, 1 or more; leave it out for never";
                return Err(mistake(&seconds, words));
            }
            application.sign_in_frequency = Some(seconds.into_inner());
        }
        for uri in changed.redirect_uris {
            application.redirect_uris.push(redirect_uri(uri)?);
        }
        let secrets = changed.secrets.unwrap_or_default();
        if secrets.iter().any(|secret| secret.expose().is_empty()) {
            return Err(bad(
                "an empty secret is none; write a text, or leave `secrets` out".into(),
            ));
        }
        if !secrets.is_empty() {
            application.kind = ApplicationKind::Confidential(secrets);
        } else if !changed.certificates.is_empty() && application.is_public() {
            application.kind = ApplicationKind::Confidential(Vec::new());
        }
        for certificate in changed.certificates {
            self.register(application.client_id, &certificate)?;
        }
        let id = application.client_id;
        if Some(id) != known && self.directory.application(id).is_some() {
            let words = format!("another application has the client id {id}; change one of them");
            return Err(bad(words));
        }
        self.check_object_id(application.object_id, before, &at)
    }

    /// Reads a certificate, from the text itself or from a file beside this one.
    fn register(&mut self, application: Uuid, value: &Spanned<String>) -> Result<(), Mistake> {
        let (file, pem) = if value.get_ref().contains("-----BEGIN") {
            (PathBuf::from("this text"), value.get_ref().clone())
        } else {
            let file = self.folder.join(value.get_ref());
            let pem = std::fs::read_to_string(&file).map_err(|error| {
                let words = format!(
                    "the certificate `{}` cannot be read ({error}); write a path relative to this file, or the PEM text",
                    file.display()
                );
                mistake(value, words)
            })?;
            (file, pem)
        };
        self.applied.registrations.push(Registration {
            application,
            pem,
            file,
            at: value.span(),
        });
        Ok(())
    }

    fn add_person(&mut self, entry: Spanned<PersonEntry>) -> Result<(), Mistake> {
        let given = entry.get_ref();
        let Some(name) = &given.name else {
            let words = format!(
                "this user has no `name`; write one such as \"ada@{}\"",
                self.directory.domain()
            );
            return Err(mistake(&entry, words));
        };
        let Some(password) = given.password.clone() else {
            return Err(mistake(&entry, "this user has no `password`; write one"));
        };
        let name = name.get_ref().clone();
        let mut person = Person {
            object_id: self.directory.derived_id(&name),
            display_name: name.split('@').next().unwrap_or_default().to_owned(),
            name,
            password,
            rights: Rights::Ordinary,
            groups: Vec::new(),
            state: AccountState::Active,
            mfa_code: None,
        };
        self.change_person(&mut person, entry, None)?;
        self.directory.more_people.push(person);
        Ok(())
    }

    fn change_person(
        &self,
        person: &mut Person,
        entry: Spanned<PersonEntry>,
        before: Before,
    ) -> Result<(), Mistake> {
        let at = entry.span();
        let changed = entry.into_inner();
        let empty = |secret: &Option<Secret>| {
            secret
                .as_ref()
                .is_some_and(|secret| secret.expose().is_empty())
        };
        if empty(&changed.password) || empty(&changed.mfa_code) {
            let words = "an empty password or code is none; write a text, or leave it out".into();
            return Err(Mistake { at, words });
        }
        if let Some(name) = changed.name {
            if self.directory.domain_of(name.get_ref()).is_none() {
                let words = format!(
                    "the name `{}` is in no domain of this lake; end it in `@{}`, or add its domain to `domains`",
                    name.get_ref(),
                    self.directory.domain()
                );
                return Err(mistake(&name, words));
            }
            let known = self.directory.person_named(name.get_ref());
            if known.is_some_and(|other| Some(other.object_id) != before) {
                let words = format!(
                    "`{}` has an account already; change one of the names",
                    name.get_ref()
                );
                return Err(mistake(&name, words));
            }
            person.name = name.into_inner();
        }
        set(&mut person.object_id, changed.object_id);
        set(&mut person.display_name, changed.display_name);
        set(&mut person.password, changed.password);
        set(&mut person.rights, changed.superuser.map(rights));
        set(&mut person.groups, changed.groups);
        set(&mut person.state, changed.state);
        if changed.mfa_code.is_some() {
            person.mfa_code = changed.mfa_code;
        }
        self.check_object_id(person.object_id, before, &at)
    }

    /// Owners and ACLs tell people and applications apart by it.
    fn check_object_id(&self, id: Uuid, before: Before, at: &Range<usize>) -> Result<(), Mistake> {
        if Some(id) == before || self.directory.principal(id).is_none() {
            return Ok(());
        }
        Err(Mistake {
            at: at.clone(),
            words: format!("somebody else has the object id {id}; change one of them"),
        })
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn rights(superuser: bool) -> Rights {
    match superuser {
        true => Rights::Superuser,
        false => Rights::Ordinary,
    }
}

fn redirect_uri(uri: Spanned<String>) -> Result<String, Mistake> {
    let good = Url::parse(uri.get_ref()).is_ok_and(|url| {
        let script = matches!(url.scheme(), "javascript" | "data" | "vbscript");
        url.fragment().is_none() && !script
    });
    if !good {
        let words = format!(
            "`{}` is no address to send a code to; write an absolute one without a fragment, such as \
             \"https://notebook.example/signed-in\"",
            uri.get_ref()
        );
        return Err(mistake(&uri, words));
    }
    Ok(uri.into_inner())
}

#[cfg(test)]
mod tests {
    use lake_store::Ambient;

    use super::*;
    use crate::authority::seed::Seed;

    /// The directory of a file with this text, or what is said of it from its line on.
    fn read(text: &str) -> Result<(Directory, usize), String> {
        let mut directory = Seed::create(&Ambient::system()).into_directory().unwrap();
        let file = DirectoryFile {
            path: "d.toml".into(),
            text: text.to_owned(),
        };
        let applied = file
            .apply(&mut directory)
            .map_err(|error| error.to_string())?;
        Ok((directory, applied.faults.len()))
    }

    #[test]
    fn the_file_of_a_new_lake_changes_nothing_and_every_line_of_it_is_good() {
        let (directory, _) = read(TEMPLATE).unwrap();
        assert_eq!(directory.people().count(), 2);
        let in_force: String = TEMPLATE
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| !line.starts_with(' '))
            .map(|line| format!("{line}\n"))
            .collect();
        let (directory, faults) = read(&in_force).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(faults, 3);
        assert_eq!(directory.domains.len(), 3);
        assert_eq!(directory.user.display_name, "Ada Lovelace");
        assert_eq!(directory.admin.consent, Consent::Given);
        let ada = directory.person_named("ADA@lake.onmicrosoft.com").unwrap();
        assert!(ada.mfa_code.is_some());
        let notebook = directory
            .applications()
            .find(|application| application.name == "Notebook")
            .unwrap();
        assert!(notebook.has_secret("correct horse") && notebook.sign_in_frequency.is_some());
    }

    #[test]
    fn a_mistake_is_said_with_its_line_and_what_to_write() {
        let check = |text: &str, expected: &str| {
            let error = read(text).map(|_| ()).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        };
        let user = |more: &str| {
            format!("[[users]]\nname = \"a@lake.onmicrosoft.com\"\npassword = \"p\"\n{more}")
        };
        let application =
            "[[applications]]\nclient_id = \"2f9f4f3a-7a3e-4d0f-8a53-0c9a3b1d6c01\"\n";
        let fault = |rest: &str| format!("[[faults]]\npath = \"/\"\n{rest}");
        check(
            &fault("answer = \"sad\""),
            "d.toml:3: unknown variant `sad`, expected one of `throttled`",
        );
        check(
            &fault("answer = \"slow\""),
            "d.toml:1: say how slow with `seconds`",
        );
        check(
            &fault("answer = \"gone\"\nseconds = 1"),
            "d.toml:1: this answer has no `seconds`",
        );
        check(
            &fault("answer = \"gone\"\ntimes = 0"),
            "d.toml:1: `times` is 1 or more",
        );
        check(
            &fault("answer = \"html\"\nstatus = 99"),
            "d.toml:1: `status` is",
        );
        check(
            "[[faults]]\npath = \"x\"\nanswer = \"gone\"",
            "d.toml:1: `x` starts no path",
        );
        check("\nusers", "d.toml:2: ");
        check(
            "\n[clients]",
            "d.toml:2: unknown field `clients`, expected one of `tenant_id`",
        );
        check("tenant_id = \"x\"", "d.toml:1: ");
        check(
            &user("state = \"sad\""),
            "d.toml:4: unknown variant `sad`, expected one of `active`, `disabled`",
        );
        check(
            "[[users]]\npassword = \"p\"",
            "d.toml:1: this user has no `name`; write one such as",
        );
        check(
            "[[users]]\nname = \"a@lake.onmicrosoft.com\"",
            "d.toml:1: this user has no `password`",
        );
        check(
            "[[users]]\nname = \"a@b.example\"\npassword = \"p\"",
            "d.toml:2: the name `a@b.example` is in no domain of this lake; end it in `@lake.onmicrosoft.com`",
        );
        check(
            &(user("") + &user("")),
            "d.toml:5: `a@lake.onmicrosoft.com` has an account already",
        );
        check("[user]\npassword = \"\"", "d.toml:1: an empty password");
        check(
            "[[applications]]",
            "d.toml:1: this application has no `client_id`",
        );
        check(
            &application.repeat(2),
            "d.toml:3: another application has the client id 2f9f",
        );
        check(
            &format!("{application}certificates = [\"none.pem\"]"),
            "d.toml:3: the certificate `none.pem` cannot be read",
        );
        check(
            &format!("{application}redirect_uris = [\n\"javascript:alert(1)\"]"),
            "d.toml:4: `javascript:alert(1)` is no address",
        );
        check(
            &format!("{application}sign_in_frequency = 0"),
            "d.toml:3: `sign_in_frequency` is",
        );
        check(
            "domains = [\"a.example\",\n\"common\"]",
            "d.toml:2: `common` is no domain; write one",
        );
        check(
            "domains = [\"LAKE.onmicrosoft.com\"]",
            "d.toml:1: `LAKE.onmicrosoft.com` is a domain",
        );
    }

    #[test]
    fn who_has_no_id_keeps_the_derived_one() {
        let text = "tenant_id = \"8a0b8f4e-5c7f-4c1c-9d7a-6f2f0f0d3b11\"\n[[users]]\n\
                    name = \"a@lake.onmicrosoft.com\"\npassword = \"p\"";
        let id = || read(text).unwrap().0.more_people[0].object_id;
        assert_eq!(id(), id());
        assert_eq!(id().get_version_num(), 8);
    }
}
