//! Which names of the lake this machine can hold. The lake may hold any, also those that somebody
//! chose to write outside of the folder that was meant.

use std::path::{Path, PathBuf};

/// How a machine names files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// Any bytes but `/` and NUL.
    Unix,
    /// As Unix, but `a` and `A` are one name.
    Mac,
    /// With drives, devices and characters that mean something else.
    Windows,
}

impl Host {
    /// This machine.
    pub(crate) const fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_vendor = "apple") {
            Self::Mac
        } else {
            Self::Unix
        }
    }

    /// The path of these names below a folder, or why there is none.
    pub(crate) fn path<'n>(self, names: impl Iterator<Item = &'n str>) -> Result<PathBuf, String> {
        let mut path = PathBuf::new();
        for name in names {
            if let Some(why) = self.refuses(name) {
                return Err(format!("this machine has no file named {name:?}: {why}"));
            }
            path.push(name);
        }
        // What `Path` itself makes of it must agree.
        let plain = path
            .components()
            .all(|it| matches!(it, std::path::Component::Normal(_)));
        if plain && path != Path::new("") {
            Ok(path)
        } else {
            Err(format!("{path:?} is no path below a folder"))
        }
    }

    /// What two names have in common if a file of one is found by the other.
    pub(crate) fn folded(self, path: &str) -> Option<String> {
        match self {
            Self::Unix => None,
            Self::Mac | Self::Windows => Some(path.to_lowercase()),
        }
    }

    fn refuses(self, name: &str) -> Option<&'static str> {
        if matches!(name, "" | "." | "..") {
            return Some("it names a folder's own place");
        }
        if name.contains(['/', '\0']) {
            return Some("it has a character that no name has");
        }
        let longest = match self {
            Self::Unix | Self::Mac => name.len(),
            Self::Windows => name.encode_utf16().count(),
        };
        if longest > 255 {
            return Some("it is too long");
        }
        (self == Self::Windows).then(|| refused_by_windows(name))?
    }
}

/// Naming Files, Paths, and Namespaces (learn.microsoft.com/windows/win32/fileio/naming-a-file).
fn refused_by_windows(name: &str) -> Option<&'static str> {
    if name.contains(['\\', ':', '<', '>', '"', '|', '?', '*']) || name.chars().any(|c| c < ' ') {
        return Some("it has a character that Windows does not allow");
    }
    if name.ends_with(['.', ' ']) {
        return Some("Windows takes a dot or a space off its end");
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |device: &str| {
        let number = stem.strip_prefix(device)?;
        matches!(
            number,
            "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
        .then_some(())
    };
    let device = matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM").is_some()
        || numbered("LPT").is_some();
    device.then_some("it is a device of Windows")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Host; 3] = [Host::Unix, Host::Mac, Host::Windows];

    fn held(host: Host, path: &str) -> bool {
        host.path(path.split('/')).is_ok()
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for path in [
            "..",
            "a/..",
            "../a",
            "a/../../b",
            "",
            ".",
            "/a",
            "a//b",
            "a\0",
        ] {
            for host in ALL {
                assert!(!held(host, path), "{host:?} {path:?}");
            }
        }
        let windows = [
            "..\\a",
            "a\\b",
            "C:",
            "C:a",
            "c:\\windows",
            "\\\\host\\share",
            "a:stream",
        ];
        for path in windows {
            assert!(!held(Host::Windows, path), "{path:?}");
            assert!(held(Host::Unix, path), "{path:?} is an ordinary name there");
        }
    }

    #[test]
    fn names_that_windows_reads_otherwise_are_refused_there() {
        let names = [
            "con",
            "NUL",
            "aux.txt",
            "Com1",
            "lpt9.tar.gz",
            "COM²",
            "nul .txt",
            "CONIN$",
            "a.",
            "a ",
            "a?",
            "a*",
            "a|b",
            "<a>",
            "\"a\"",
            "a\tb",
        ];
        for name in names {
            assert!(!held(Host::Windows, name), "{name:?}");
            assert!(held(Host::Unix, name), "{name:?}");
        }
        for name in [
            "console", "com10", "nul-1", "lpt", "a.b.c", ".hidden", "é", "a b",
        ] {
            assert!(held(Host::Windows, name), "{name:?}");
        }
    }

    #[test]
    fn a_name_may_be_as_long_as_the_host_says() {
        let (fits, long) = ("é".repeat(127), "é".repeat(128));
        assert!(held(Host::Unix, &fits) && !held(Host::Unix, &long));
        assert!(held(Host::Windows, &long), "it counts characters");
        assert!(!held(Host::Windows, &"a".repeat(256)));
    }

    #[test]
    fn where_case_does_not_count_two_names_may_be_one_file() {
        assert_eq!(Host::Unix.folded("/A/b"), None);
        for host in [Host::Mac, Host::Windows] {
            assert_eq!(host.folded("/Straße/A"), host.folded("/straße/a"));
        }
    }
}
