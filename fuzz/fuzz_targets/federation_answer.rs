//! Whatever a federation server answers, what is sent on is a document of its own that stood in the answer, and the
//! password goes nowhere else.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fuzz::{PASSWORD, sign_in};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &[u8]| {
    let (requests, token) = sign_in(None, answer);
    for (n, request) in requests.iter().enumerate() {
        let told = String::from_utf8_lossy(request.body()).contains(PASSWORD);
        assert_eq!(told, n == 1);
    }
    let Some(request) = requests.get(2) else {
        assert!(token.is_err());
        return;
    };
    token.expect("the authority grants it");
    let form: Vec<_> = url::form_urlencoded::parse(request.body()).collect();
    let (_, encoded) = form
        .iter()
        .find(|(name, _)| name == "assertion")
        .expect("a grant by assertion has one");
    let statement = URL_SAFE_NO_PAD.decode(&**encoded).expect("it is base64url");
    let statement = std::str::from_utf8(&statement).expect("it is a part of text");
    let document = roxmltree::Document::parse(statement).expect("it stands alone");
    assert!(document.root_element().range() == (0..statement.len()));
    // Nothing but declarations behind its name is added.
    let answer = std::str::from_utf8(answer).expect("it was read");
    let name_end = statement
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .expect("it has a name");
    let mut rest = &statement[name_end..];
    loop {
        if answer.contains(&format!("{}{rest}", &statement[..name_end])) {
            return;
        }
        let declaration = rest.strip_prefix(" xmlns").expect("only those are added");
        let (_, value) = declaration.split_once('"').expect("it has a value");
        rest = value.split_once('"').expect("its value ends").1;
    }
});
