//! What the file says, put into the directory that the lake made.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use url::Url;
use uuid::Uuid;

use super::content::{ApplicationEntry, Content, PersonEntry};
use super::{Applied, Mistake, Registration, mistake};
use crate::authority::directory::{
    AZURE_CLI, AccountState, Application, ApplicationKind, Directory, Domain, Passwords, Person,
    Rights,
};
use crate::authority::federation::Federation;
use crate::faults::Fault;
use crate::routing;
use crate::secret::Secret;

/// The object id that an entry changes; `None` for whom it adds.
type Before = Option<Uuid>;

/// A file on its way into the directory.
pub(super) struct Applying<'a> {
    pub(super) directory: &'a mut Directory,
    pub(super) applied: Applied,
    /// Where certificates are.
    pub(super) folder: &'a Path,
}

impl Applying<'_> {
    pub(super) fn all(&mut self, content: Content) -> Result<(), Mistake> {
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
        self.applications(content.client, content.admin_client, content.applications)?;
        self.people(content.user, content.admin_user, content.users)?;
        for entry in content.faults {
            let at = entry.span();
            let fault = Fault::try_from(entry.into_inner());
            let fault = fault.map_err(|words| Mistake { at, words })?;
            self.applied.faults.push(fault);
        }
        Ok(())
    }

    fn applications(
        &mut self,
        client_entry: Option<Spanned<ApplicationEntry>>,
        admin_entry: Option<Spanned<ApplicationEntry>>,
        more: Vec<Spanned<ApplicationEntry>>,
    ) -> Result<(), Mistake> {
        if let Some(entry) = client_entry {
            let mut client = self.directory.client.clone();
            let before = Some(client.object_id);
            self.change_application(&mut client, entry, before)?;
            self.directory.client = client;
        }
        if let Some(entry) = admin_entry {
            let mut admin = self.directory.admin.clone();
            let before = Some(admin.object_id);
            self.change_application(&mut admin, entry, before)?;
            self.directory.admin = admin;
        }
        for entry in more {
            self.add_application(entry)?;
        }
        Ok(())
    }

    fn people(
        &mut self,
        user_entry: Option<Spanned<PersonEntry>>,
        admin_entry: Option<Spanned<PersonEntry>>,
        more: Vec<Spanned<PersonEntry>>,
    ) -> Result<(), Mistake> {
        if let Some(entry) = user_entry {
            let mut user = self.directory.user.clone();
            let before = Some(user.object_id);
            self.change_person(&mut user, entry, before)?;
            self.directory.user = user;
        }
        if let Some(entry) = admin_entry {
            let mut admin = self.directory.admin_user.clone();
            let before = Some(admin.object_id);
            self.change_person(&mut admin, entry, before)?;
            self.directory.admin_user = admin;
        }
        for entry in more {
            self.add_person(entry)?;
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
        set(&mut application.workloads, changed.workloads);
        if let Some(seconds) = changed.sign_in_frequency {
            application.sign_in_frequency = Some(frequency(&seconds)?);
        }
        for uri in changed.redirect_uris {
            application.redirect_uris.push(redirect_uri(uri)?);
        }
        let other_proof = !changed.certificates.is_empty() || !application.workloads.is_empty();
        let kind = kind(application, changed.secrets, other_proof).map_err(bad)?;
        set(&mut application.kind, kind);
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
            self.check_name(&name, before)?;
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

    fn check_name(&self, name: &Spanned<String>, before: Before) -> Result<(), Mistake> {
        if self.directory.domain_of(name.get_ref()).is_none() {
            let words = format!(
                "the name `{}` is in no domain of this lake; end it in `@{}`, or add its domain to `domains`",
                name.get_ref(),
                self.directory.domain()
            );
            return Err(mistake(name, words));
        }
        let known = self.directory.person_named(name.get_ref());
        if known.is_some_and(|other| Some(other.object_id) != before) {
            let words = format!(
                "`{}` has an account already; change one of the names",
                name.get_ref()
            );
            return Err(mistake(name, words));
        }
        Ok(())
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

/// What an application becomes by its secrets, or by another way to show who it is; `None` if they change nothing.
fn kind(
    application: &Application,
    secrets: Option<Vec<Secret>>,
    other_proof: bool,
) -> Result<Option<ApplicationKind>, String> {
    let secrets = secrets.unwrap_or_default();
    if secrets.iter().any(|secret| secret.expose().is_empty()) {
        return Err("an empty secret is none; write a text, or leave `secrets` out".into());
    }
    // Without new secrets it keeps those that it has.
    let becomes = !secrets.is_empty() || other_proof && application.is_public();
    Ok(becomes.then_some(ApplicationKind::Confidential(secrets)))
}

fn frequency(seconds: &Spanned<i64>) -> Result<i64, Mistake> {
    match *seconds.get_ref() {
        good @ 1.. => Ok(good),
        _ => Err(mistake(
            seconds,
            "`sign_in_frequency` is a number of seconds, 1 or more; leave it out for never",
        )),
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
