//! XML as the documents of WS-Trust need it: names in their namespaces, and no document types.

use aad_core::{Error, ErrorKind, Result};
use roxmltree::{Document, Node, ParsingOptions};

pub(super) const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
pub(super) const POLICY: &str = "http://schemas.xmlsoap.org/ws/2004/09/policy";
pub(super) const SECURITY_POLICY: &str =
    "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702";
pub(super) const SECURITY_POLICY_2005: &str =
    "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy";
pub(super) const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
pub(super) const TRUST_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
pub(super) const TRUST_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust";
pub(super) const UTILITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
pub(super) const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
pub(super) const WSDL_SOAP: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";

/// A name in its namespace.
pub(super) type Name = (&'static str, &'static str);

/// More than ten times what the largest federation server known here has to say.
const NODES: u32 = 100_000;

/// Reads an answer: UTF-8, for servers of WS-Trust write nothing else, with or without a byte order mark.
///
/// The error says where it goes wrong, not what is there: an answer may hold what must reach no log.
pub(super) fn document<'a>(what: &str, body: &'a [u8]) -> Result<Document<'a>> {
    let refuse = |why: String| {
        let message = format!("the {what} cannot be read: {why}");
        Error::new(ErrorKind::Protocol, message)
    };
    let text = std::str::from_utf8(body).map_err(|_| refuse("it is not UTF-8".to_owned()))?;
    parse(text.trim_start_matches('\u{feff}').trim()).map_err(|error| match error {
        roxmltree::Error::DtdDetected => refuse("it declares a document type".to_owned()),
        _ => refuse(format!("it is not well formed at {}", error.pos())),
    })
}

/// Parses a document. One that declares a document type is refused, and with it every trick that entities can play.
pub(super) fn parse(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
}

/// The elements of this name in the element.
pub(super) fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: Name,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.is_element() && child.has_tag_name(name))
}

/// The first element at the end of this way down from the element.
pub(super) fn descend<'a, 'i: 'a>(node: Node<'a, 'i>, way: &[Name]) -> Option<Node<'a, 'i>> {
    let Some((first, rest)) = way.split_first() else {
        return Some(node);
    };
    children(node, *first).find_map(|child| descend(child, rest))
}

/// What the element says, without the space around it.
pub(super) fn content(node: Node<'_, '_>) -> String {
    let text: String = node.children().filter_map(|child| child.text()).collect();
    text.trim().to_owned()
}

/// Writes text so that it is text again when it is read; `None` if it holds what XML cannot carry at all.
pub(super) fn escape(text: &str) -> Option<String> {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // A reader turns the character itself into a line feed.
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => return None,
            _ => escaped.push(c),
        }
    }
    Some(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_can_be_escaped_is_read_back() {
        let text: String = (0..=0x2_ffff).filter_map(char::from_u32).collect();
        let text: String = text
            .chars()
            .filter(|c| escape(&c.to_string()).is_some())
            .collect();
        // All but the control characters that XML 1.0 has no way to write, and two that are no characters.
        assert_eq!(text.chars().count(), 0x3_0000 - 0x800 - (32 - 3) - 2);
        let document = format!("<a b='{0}'>{0}</a>", escape(&text).unwrap());
        let document = parse(&document).unwrap();
        assert_eq!(document.root_element().text(), Some(text.as_str()));
    }

    #[test]
    fn documents_that_play_tricks_are_refused() {
        let refusal = |body: &[u8]| document("answer", body).map(drop).unwrap_err().to_string();
        assert_eq!(
            refusal(b"<!DOCTYPE a [<!ENTITY b \"&c;&c;\">]><a>&b;</a>"),
            "the answer cannot be read: it declares a document type"
        );
        assert_eq!(
            refusal(b"<!DOCTYPE a SYSTEM 'http://evil.example/a.dtd'><a/>"),
            "the answer cannot be read: it declares a document type"
        );
        assert_eq!(
            refusal(b"<a>\n<b></a>"),
            "the answer cannot be read: it is not well formed at 2:4"
        );
        assert_eq!(
            refusal(b"\xff\xfe<\0a\0/\0>\0"),
            "the answer cannot be read: it is not UTF-8"
        );
        refusal(format!("<a>{}</a>", "<b/>".repeat(200_000)).as_bytes());
        let deep = format!("{}{}", "<a>".repeat(90_000), "</a>".repeat(90_000));
        document("answer", deep.as_bytes()).unwrap();
        document("answer", b"\xef\xbb\xbf<a/>\r\n").unwrap();
    }
}
