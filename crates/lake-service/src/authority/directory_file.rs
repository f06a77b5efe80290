//! The directory as a person writes it: `<root>/.lake/directory.toml`, or the file that `adl serve --directory` names.
//!
//! The lake makes two applications and two people by itself; the file changes them and adds others. Whatever is
//! wrong in it is said with its line, and with what to write instead.

mod apply;
mod content;

use std::borrow::Cow;
use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use uuid::Uuid;

use super::directory::Directory;
use crate::error::{Error, ErrorKind, Result};
use crate::faults::Fault;
use crate::private_file;
use apply::Applying;
use content::Content;

/// What a new lake has at the file's place: every key, and none of them in force.
const TEMPLATE: &str = include_str!("directory.toml");

/// A file of nobody who knows what it is for.
const LARGEST: u64 = 4 << 20;

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
            self.error(&at, without_value(error.message().trim()))
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

/// A value of the wrong type may be a password, and is left out.
fn without_value(message: &str) -> Cow<'_, str> {
    let value = |rest: &str| {
        let (kind, _) = rest.split_once([' ', ','])?;
        let (_, expected) = rest.rsplit_once(", expected ")?;
        Some(format!("invalid type: {kind}, expected {expected}"))
    };
    let found = message.strip_prefix("invalid type: ").and_then(value);
    found.map_or(Cow::Borrowed(message), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use lake_store::Ambient;

    use super::*;
    use crate::authority::client::Consent;
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
        check(
            "[user]\npassword = [\"hush\"]",
            "d.toml:2: invalid type: sequence, expected a string",
        );
        check(
            "[client]\nsecrets = \"hush\"",
            "d.toml:2: invalid type: string, expected a sequence",
        );
        check(
            "[user]\nmfa_code = 123",
            "d.toml:2: invalid type: integer, expected a string",
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
