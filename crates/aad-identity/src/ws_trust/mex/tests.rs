use super::*;

const V13: &str = "https://sts.example/adfs/services/trust/13/usernamemixed";
const V2005: &str = "https://sts.example/adfs/services/trust/2005/usernamemixed";

/// As ADFS says it: for each dialect a policy, a binding and a port; and a binding for Windows' own sign-in.
fn document() -> String {
    let user_name = |dialect: &str, tokens: &str| {
        format!(
            "<{tokens} xmlns='{dialect}'><wsp:Policy><UsernameToken><wsp:Policy><WssUsernameToken10/></wsp:Policy>\
             </UsernameToken></wsp:Policy></{tokens}>"
        )
    };
    let part = |name: &str, dialect: &str, secured_by: &str, version: Version, address: &str| {
        let policy = format!(
            "<wsp:Policy wsu:Id='{name}_policy'><wsp:ExactlyOne><wsp:All>\
             <x:TransportBinding xmlns:x='{dialect}'/>{secured_by}</wsp:All></wsp:ExactlyOne></wsp:Policy>"
        );
        let binding = format!(
            "<wsdl:binding name='{name}'><wsp:PolicyReference URI='#{name}_policy'/>\
             <soap12:binding transport='http://schemas.xmlsoap.org/soap/http'/>\
             <wsdl:operation name='Issue'><soap12:operation soapAction='{}'/></wsdl:operation></wsdl:binding>",
            version.action()
        );
        let port = format!(
            "<wsdl:port binding='tns:{name}'><wsa10:EndpointReference>\
             <wsa10:Address> {address} </wsa10:Address></wsa10:EndpointReference></wsdl:port>"
        );
        [policy, binding, port]
    };
    let [first, second, windows] = [
        part(
            "Feb2005",
            SECURITY_POLICY_2005,
            &user_name(SECURITY_POLICY_2005, "SignedSupportingTokens"),
            Version::V2005,
            V2005,
        ),
        part(
            "Oasis13",
            SECURITY_POLICY,
            &user_name(SECURITY_POLICY, "SignedEncryptedSupportingTokens"),
            Version::V13,
            V13,
        ),
        part(
            "Windows",
            SECURITY_POLICY,
            "<http:NegotiateAuthentication xmlns:http='urn:x'/>",
            Version::V13,
            "https://sts.example/adfs/services/trust/13/windowstransport",
        ),
    ];
    let [policies, bindings, ports] =
        [0, 1, 2].map(|n| format!("{}{}{}", windows[n], first[n], second[n]));
    format!(
        "<?xml version='1.0' encoding='utf-8'?>\
         <wsdl:definitions xmlns:wsdl='{WSDL}' xmlns:wsp='{POLICY}' xmlns:wsu='{UTILITY}' xmlns:soap12='{WSDL_SOAP}' \
         xmlns:wsa10='{ADDRESSING}' xmlns:tns='urn:tns'>{policies}{bindings}\
         <wsdl:service name='S'>{ports}</wsdl:service></wsdl:definitions>"
    )
}

fn found(document: &str) -> Result<String, ErrorKind> {
    let found = endpoint(document.as_bytes(), false).map_err(|error| error.kind())?;
    let suffix = found.version == Version::V13;
    assert_eq!(suffix, found.address.contains("/13/"), "{found:?}");
    Ok(found.address)
}

/// The document after a change that must have happened.
fn with(document: &str, old: &str, new: &str) -> String {
    assert!(document.contains(old), "{old}");
    document.replace(old, new)
}

/// Without what makes the endpoint of WS-Trust 1.3 one.
fn without_13() -> String {
    with(&document(), "'#Oasis13_policy'", "'#gone'")
}

#[test]
fn the_newer_dialect_is_preferred_wherever_it_stands() {
    assert_eq!(found(&document()).as_deref(), Ok(V13));
    assert_eq!(found(&without_13()).as_deref(), Ok(V2005));
    let turned = with(&document(), V13, "https://first.example/13/x");
    assert_eq!(found(&turned).as_deref(), Ok("https://first.example/13/x"));
}

/// ADAL's documents with one defect each, by their names. In all of these but the malformed ones the defect is beside
/// an endpoint that is whole.
#[test]
fn a_defect_beside_a_whole_endpoint_does_not_matter() {
    let whole = document();
    for (name, changed) in [
        (
            "noaddress",
            with(
                &whole,
                "</wsdl:service>",
                "<wsdl:port binding='tns:Oasis13'><wsa10:EndpointReference/></wsdl:port></wsdl:service>",
            ),
        ),
        (
            "nobinding.port",
            with(&whole, "<wsdl:port binding='tns:Windows'>", "<wsdl:port>"),
        ),
        (
            "noname.binding",
            with(
                &whole,
                "<wsdl:binding name='Windows'>",
                "<wsdl:binding type='x'>",
            ),
        ),
        (
            "nosoapaction",
            with(
                &whole,
                "<wsdl:binding name='Windows'>",
                "<wsdl:binding name='n'><wsp:PolicyReference URI='#Oasis13_policy'/><wsdl:operation/></wsdl:binding>\
                 <wsdl:binding name='Windows'>",
            ),
        ),
        (
            "nosoaptransport",
            with(
                &whole,
                "<wsdl:binding name='Windows'>",
                "<wsdl:binding name='n'><wsp:PolicyReference URI='#Oasis13_policy'/><soap12:binding/></wsdl:binding>\
                 <wsdl:binding name='Windows'>",
            ),
        ),
        ("nouri.ref", with(&whole, " URI='#Windows_policy'", "")),
    ] {
        assert_eq!(found(&changed).as_deref(), Ok(V13), "{name}");
    }
    let insecure = with(&whole, V13, &V13.replace("https", "http"));
    assert_eq!(found(&insecure).as_deref(), Ok(V2005), "address.insecure");
}

#[test]
fn an_endpoint_with_a_defect_is_none() {
    let only_2005 = without_13();
    for (name, old, new) in [
        (
            "address.insecure",
            "https://sts.example/adfs/services/trust/2005",
            "http://sts.example/x",
        ),
        (
            "an address of this machine",
            "https://sts.example/adfs/services/trust/2005",
            "http://127.0.0.1/x",
        ),
        ("an address that is none", V2005, "usernamemixed"),
        ("noaddress", "wsa10:Address", "wsa10:Metadata"),
        (
            "an address in another namespace",
            ADDRESSING,
            "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        ),
        (
            "nobinding.port",
            "<wsdl:port binding='tns:Feb2005'>",
            "<wsdl:port>",
        ),
        (
            "noname.binding",
            "<wsdl:binding name='Feb2005'>",
            "<wsdl:binding>",
        ),
        ("nosoapaction", "soapAction=", "action="),
        (
            "another action",
            "2005/02/trust/RST/Issue",
            "2005/02/trust/RST/Renew",
        ),
        ("nosoaptransport", "transport=", "carrier="),
        ("another transport", "soap/http", "soap/smtp"),
        ("nouri.ref", " URI='#Feb2005_policy'", ""),
        ("a policy without a name", " wsu:Id='Feb2005_policy'", ""),
        ("no user names", "WssUsernameToken10", "WssX509V3Token10"),
        (
            "tokens that are not signed",
            "SignedSupportingTokens",
            "SupportingTokens",
        ),
        ("no secure channel", "x:TransportBinding", "x:Other"),
        (
            "a channel of another namespace",
            "<x:TransportBinding xmlns:x='http://schemas.xmlsoap.org/ws/2005/07/securitypolicy'/>",
            "<x:TransportBinding xmlns:x='urn:x'/>",
        ),
    ] {
        let changed = with(&only_2005, old, new);
        assert_eq!(found(&changed), Err(ErrorKind::Credentials), "{name}");
    }
}

#[test]
fn what_is_no_description_is_refused() {
    let whole = document();
    for (name, text) in [
        (
            "syntax.related",
            with(&whole, "</wsa10:Address>", "dwsa10:Address>"),
        ),
        (
            "syntax.notrelated",
            with(&whole, "<http:NegotiateAuthentication", "<http:Neg <"),
        ),
        ("nothing", String::new()),
        ("a page", "<!DOCTYPE html><html></html>".to_owned()),
        ("no XML", "{\"x\":1}".to_owned()),
        ("half of it", whole[..whole.len() - 30].to_owned()),
    ] {
        assert_eq!(found(&text), Err(ErrorKind::Protocol), "{name}");
    }
    assert_eq!(found("<html/>"), Err(ErrorKind::Credentials));
}

#[test]
fn this_machine_may_be_reached_over_http_where_that_is_allowed() {
    let local = "http://127.0.0.1:7170/adfs/services/trust/13/usernamemixed";
    let document = with(&document(), V13, local);
    assert_eq!(endpoint(document.as_bytes(), true).unwrap().address, local);
    let insecure = with(&document, local, "http://sts.example/13/x");
    let found = endpoint(insecure.as_bytes(), true).unwrap();
    assert_eq!(found.address, V2005);
}
