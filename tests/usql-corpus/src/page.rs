//! The part of a page of the documentation that a run writes.

use std::path::Path;

use anyhow::{Context as _, Result};

const BEGIN: &str = "<!-- written by `cargo xtask usql-corpus DIR --write` -->\n";
const END: &str = "<!-- end of what it writes -->\n";

/// Puts the section into the page, or says that the page has another.
pub(crate) fn settle(path: &Path, section: &str, write: bool) -> Result<Option<String>> {
    let page = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let wanted =
        replaced(&page, section).with_context(|| format!("{} lacks the marks", path.display()))?;
    if wanted == page {
        return Ok(None);
    }
    if write {
        std::fs::write(path, wanted)?;
        return Ok(None);
    }
    let path = path.display();
    Ok(Some(format!(
        "{path} says something else: run with --write"
    )))
}

/// The page with this section between the marks; none if it has no marks.
fn replaced(page: &str, section: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{section}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = format!("# Title\n{BEGIN}old\n{END}rest\n");
        let new = replaced(&page, "new").unwrap();
        assert_eq!(new, format!("# Title\n{BEGIN}\nnew\n{END}rest\n"));
        assert_eq!(replaced(&new, "new").unwrap(), new);
        assert_eq!(replaced("# Title\n", "new"), None);
    }
}
