use super::*;

const SAML: &str = "urn:oasis:names:tc:SAML:1.0:assertion";

/// An answer of WS-Trust 1.3 with this token of this type; the envelope declares two prefixes and no default.
fn answer(token_type: &str, token: &str) -> String {
    format!(
        "\u{feff}<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s='{SOAP}' xmlns:saml='{SAML}'><s:Body>\
         <t:RequestSecurityTokenResponseCollection xmlns:t='{TRUST_13}'><t:RequestSecurityTokenResponse>\
         <t:RequestedSecurityToken>\n  {token}\n</t:RequestedSecurityToken>\
         <t:TokenType> {token_type}\n</t:TokenType>\
         </t:RequestSecurityTokenResponse></t:RequestSecurityTokenResponseCollection></s:Body></s:Envelope>"
    )
}

fn statement(answer: &str) -> Result<String> {
    let assertion = parse(answer.as_bytes())?;
    let bytes = URL_SAFE_NO_PAD.decode(assertion.encoded.expose()).unwrap();
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn a_statement_is_sent_on_byte_for_byte() {
    // Every freedom that XML leaves to a writer, and that another writer would not take.
    let token = "<saml:Assertion  xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\"\tMajorVersion='1' \n \
                 Issuer = \"http://sts.example/a&amp;b\" ><!-- note --><saml:Empty></saml:Empty><saml:Empty />\r\n\
                 &#x41;&lt;ä<![CDATA[<x>]]><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\
                 <X509Data>MII=</X509Data></Signature></saml:Assertion >";
    assert_eq!(statement(&answer(SAML, token)).unwrap(), token);
}

#[test]
fn the_type_of_a_token_decides_on_the_grant() {
    let token = "<a xmlns='urn:x'/>";
    for (token_type, grant) in [
        ("urn:oasis:names:tc:SAML:1.0:assertion", SAML_1),
        ("urn:oasis:names:tc:SAML:2.0:assertion", SAML_2),
        (
            "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1",
            SAML_1,
        ),
        (
            "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0",
            SAML_2,
        ),
    ] {
        let assertion = parse(answer(token_type, token).as_bytes()).unwrap();
        assert_eq!(assertion.grant_type, grant);
        assert_eq!(assertion.encoded.expose(), URL_SAFE_NO_PAD.encode(token));
    }
    let error = statement(&answer("urn:oasis:names:tc:SAML:100.0:assertion", token)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("SAML:100.0"), "{error}");
}

#[test]
fn a_server_of_2005_answers_without_a_collection() {
    let text = format!(
        "<s:Envelope xmlns:s='{SOAP}'><s:Body><RequestSecurityTokenResponse xmlns='{TRUST_2005}'>\
         <TokenType>{SAML}</TokenType><RequestedSecurityToken><a xmlns='urn:x'/></RequestedSecurityToken>\
         </RequestSecurityTokenResponse></s:Body></s:Envelope>"
    );
    assert_eq!(statement(&text).unwrap(), "<a xmlns='urn:x'/>");
}

#[test]
fn of_several_answers_the_first_whole_one_counts() {
    let text = answer(SAML, "<a xmlns='urn:x'/>").replace(
        "<t:RequestSecurityTokenResponse>",
        "<t:RequestSecurityTokenResponse><t:TokenType>x</t:TokenType></t:RequestSecurityTokenResponse>\
         <t:RequestSecurityTokenResponse>",
    );
    assert_eq!(statement(&text).unwrap(), "<a xmlns='urn:x'/>");
}

/// A server may declare a namespace once for the whole envelope. What is added changes nothing that the signature
/// covers: exclusive canonicalization renders a declaration where its prefix is used.
#[test]
fn declarations_that_stand_outside_are_taken_along() {
    for (token, expected) in [
        // Used in a name; one that is not used stays behind.
        (
            "<saml:Assertion a='1'><saml:b/></saml:Assertion>",
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" a='1'><saml:b/></saml:Assertion>",
        ),
        (
            "<saml:Empty/>",
            "<saml:Empty xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\"/>",
        ),
        // Used deep within, by an attribute, and not by what declares it itself.
        (
            "<a><s:b xmlns:s='urn:own'/><b s:c='1'/></a>",
            "<a xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:b xmlns:s='urn:own'/><b s:c='1'/></a>",
        ),
        // Used by the type of a value.
        (
            "<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='s:string'/>",
            "<a xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
             xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='s:string'/>",
        ),
        // Named by the signature; a prefix that means nothing outside is left alone.
        (
            "<a><c:InclusiveNamespaces xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='#default x s'/></a>",
            "<a xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">\
             <c:InclusiveNamespaces xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='#default x s'/></a>",
        ),
        // Looks like a prefix, is none.
        ("<a b='s:c'>saml:d</a>", "<a b='s:c'>saml:d</a>"),
    ] {
        assert_eq!(statement(&answer(SAML, token)).unwrap(), expected);
    }
}

#[test]
fn a_default_namespace_that_stands_outside_is_taken_along() {
    let text = answer(SAML, "<saml:a><b/><c xmlns=''/></saml:a>")
        .replace(" xmlns:saml=", " xmlns='urn:d&amp;e' xmlns:saml=");
    assert_eq!(
        statement(&text).unwrap(),
        "<saml:a xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" xmlns=\"urn:d&amp;e\"><b/><c xmlns=''/></saml:a>"
    );
    let own = text.replace(
        "<saml:a>",
        &format!("<saml:a xmlns='urn:own' xmlns:saml='{SAML}'>"),
    );
    assert!(
        statement(&own)
            .unwrap()
            .starts_with("<saml:a xmlns='urn:own' xmlns:saml=")
    );
}

#[test]
fn a_fault_is_a_refusal_with_its_reason() {
    let fault = |code: &str, reason: &str| {
        format!(
            "<s:Envelope xmlns:s='{SOAP}'><s:Header/><s:Body><s:Fault>{code}{reason}</s:Fault></s:Body></s:Envelope>"
        )
    };
    let failed = "<s:Code><s:Value>s:Sender</s:Value><s:Subcode>\
                  <s:Value xmlns:a='urn:x'>a:RequestFailed</s:Value></s:Subcode></s:Code>";
    let reason = "<s:Reason><s:Text xml:lang='en-US'>MSIS3127: The specified\r\n request failed.</s:Text></s:Reason>";
    for (text, code, message) in [
        (
            fault(failed, reason),
            Some("RequestFailed"),
            "MSIS3127: The specified request failed.",
        ),
        (
            fault("<s:Code><s:Value>s:Receiver</s:Value></s:Code>", ""),
            Some("Receiver"),
            "s:Receiver",
        ),
        (
            fault("", reason),
            None,
            "MSIS3127: The specified request failed.",
        ),
        (fault("", ""), None, ""),
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(error.code(), code);
        assert_eq!(
            error.to_string(),
            format!("the federation server refused: {message}")
        );
    }
    let endless = fault(failed, &reason.replace("MSIS", &"x".repeat(100_000)));
    assert!(parse(endless.as_bytes()).unwrap_err().to_string().len() < 600);
}

#[test]
fn what_is_no_answer_is_refused_and_not_quoted() {
    let whole = answer(SAML, "<a xmlns='urn:x'>s3cr3t</a>");
    let with = |old: &str, new: &str| {
        assert!(whole.contains(old), "{old}");
        whole.replace(old, new)
    };
    for text in [
        String::new(),
        "<This is not parseable as an RSTR".to_owned(),
        "fake response body".to_owned(),
        "<html><body>s3cr3t</body></html>".to_owned(),
        whole[..whole.len() - 20].to_owned(),
        with("<a xmlns='urn:x'>s3cr3t</a>", ""),
        with("<a xmlns='urn:x'>s3cr3t</a>", "s3cr3t"),
        with("t:TokenType", "t:Other"),
        with("t:RequestedSecurityToken>", "t:Other>"),
        with(TRUST_13, "urn:other"),
        with(SOAP, "http://schemas.xmlsoap.org/soap/envelope/"),
        with(
            "<s:Envelope",
            "<!DOCTYPE x [<!ENTITY e 's3cr3t'>]><s:Envelope",
        ),
    ] {
        let error = statement(&text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{text}");
        assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
    }
}

#[test]
fn an_envelope_full_of_declarations_does_not_hold_us_up() {
    let many: String = (0..100).map(|n| format!(" xmlns:n{n}='urn:{n}'")).collect();
    let used: String = (0..100).map(|n| format!("<n{n}:a/>")).collect();
    let text = answer(SAML, &format!("<a>{used}</a>"))
        .replace("<s:Envelope", &format!("<s:Envelope{many}"));
    let error = statement(&text).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("depends on what stands around it")
    );
}
