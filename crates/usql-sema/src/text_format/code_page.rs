//! The code pages that `Encoding.GetEncoding` may be asked for.

use std::fmt;

/// A code page of .NET. The service documents the numbers 1250 to 1258; the others are extras of ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodePage {
    number: u16,
    name: &'static str,
}

impl CodePage {
    /// Every code page, by number.
    pub fn all() -> impl Iterator<Item = Self> {
        PAGES.iter().map(|&(number, name)| Self { number, name })
    }

    /// The code page of a number.
    #[must_use]
    pub fn numbered(number: u16) -> Option<Self> {
        Self::all().find(|page| page.number == number)
    }

    /// The code page of a name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|page| page.name.eq_ignore_ascii_case(name))
    }

    /// Its number: 1252.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Its name in .NET, in lower case: `windows-1252`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Debug for CodePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const PAGES: &[(u16, &str)] = &[
    (866, "cp866"),
    (874, "windows-874"),
    (932, "shift_jis"),
    (936, "gb2312"),
    (949, "ks_c_5601-1987"),
    (950, "big5"),
    (1250, "windows-1250"),
    (1251, "windows-1251"),
    (1252, "windows-1252"),
    (1253, "windows-1253"),
    (1254, "windows-1254"),
    (1255, "windows-1255"),
    (1256, "windows-1256"),
    (1257, "windows-1257"),
    (1258, "windows-1258"),
    (10000, "macintosh"),
    (10007, "x-mac-cyrillic"),
    (20866, "koi8-r"),
    (21866, "koi8-u"),
    (28591, "iso-8859-1"),
    (28592, "iso-8859-2"),
    (28593, "iso-8859-3"),
    (28594, "iso-8859-4"),
    (28595, "iso-8859-5"),
    (28596, "iso-8859-6"),
    (28597, "iso-8859-7"),
    (28598, "iso-8859-8"),
    (28603, "iso-8859-13"),
    (28605, "iso-8859-15"),
    (51932, "euc-jp"),
    (54936, "gb18030"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_page_has_a_number_and_a_name() {
        for page in CodePage::all() {
            assert_eq!(CodePage::numbered(page.number()), Some(page));
            assert_eq!(CodePage::named(&page.name().to_uppercase()), Some(page));
        }
        assert_eq!(
            CodePage::named("Windows-1253").map(CodePage::number),
            Some(1253)
        );
        assert_eq!(CodePage::numbered(1259), None);
    }
}
