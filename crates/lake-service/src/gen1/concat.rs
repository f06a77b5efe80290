//! CONCAT and MSCONCAT.

use lake_store::{ConcatOptions, LakePath};
use serde::Deserialize;

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::Refusal;
use crate::gen1::target::clean_path;

/// Sources in the query, where a url's length bounds them.
pub(crate) fn concat(ask: &Ask<'_>) -> Outcome {
    let sources = parse_sources(ask.query.required("sources")?.split(','))?;
    ask.files.concat(ask.caller(), &ask.path, &sources)?;
    Ok(Answer::empty())
}

/// Sources in the body: JSON since 2018, before that the text `sources=a,b`.
pub(crate) fn ms_concat(ask: &Ask<'_>) -> Outcome {
    let sources = body_sources(&ask.body)?;
    // With whatever else is in it, as the service's interface description warns.
    let delete = ask.query.switch("deleteSourceDirectory")? == Some(true);
    let options = ConcatOptions::default().with_delete_source_directory(delete);
    ask.files
        .concat_opts(ask.caller(), &ask.path, &sources, &options)?;
    Ok(Answer::empty())
}

#[derive(Deserialize)]
struct Sources {
    sources: Vec<String>,
}

fn body_sources(body: &[u8]) -> Result<Vec<LakePath>, Refusal> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Refusal::argument("The list of sources is not valid UTF-8"))?;
    if text.trim_start().starts_with('{') {
        let document: Sources = serde_json::from_str(text)
            .map_err(|error| Refusal::argument(format!("Invalid list of sources: {error}")))?;
        return parse_sources(document.sources.iter().map(String::as_str));
    }
    let list = text
        .strip_prefix("sources=")
        .ok_or_else(|| Refusal::argument("The body must be a list of sources"))?;
    parse_sources(list.split(','))
}

fn parse_sources<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<LakePath>, Refusal> {
    let invalid = |error: lake_store::Error| Refusal::argument(error.to_string());
    names
        .map(|name| LakePath::parse(&clean_path(name)?).map_err(invalid))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<String>, Refusal> {
        let sources = body_sources(body.as_bytes())?;
        Ok(sources.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn both_forms_of_the_source_list_are_read() {
        assert_eq!(read("sources=dir/a,/dir/b").unwrap(), ["/dir/a", "/dir/b"]);
        assert_eq!(
            read(r#"{"sources":["dir/a+x","/dir/b,c"]}"#).unwrap(),
            ["/dir/a+x", "/dir/b,c"]
        );
        for bad in ["", "a,b", r#"{"sources":"a"}"#, "sources=../a", "{"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
