use super::*;

/// ADAL's inputs, as its own tests have them.
mod adal {
    pub(super) const PEM: &str = include_str!("vectors/adal.pem");
    pub(super) const THUMBPRINT: &str =
        "B8:D3:FC:F1:51:50:63:7F:B0:ED:EE:32:C5:A2:4B:A2:28:D8:93:91";
    pub(super) const CLIENT_ID: &str = "d6835713-b745-48d1-bb62-7a8248477d35";
    pub(super) const JWT_ID: &str = "09841beb-a2c2-4777-a347-34ef055238a8";
    pub(super) const NOW: i64 = 1_418_433_646;
}

/// These members in another order; a member that is not named is left out.
fn ordered(members: &Members, names: &[&str]) -> Members {
    let member = |name: &&str| {
        let found = members.iter().find(|(known, _)| known == name);
        found.expect("a member of the shipped form").clone()
    };
    names.iter().map(member).collect()
}

fn set(members: &mut Members, name: &str, value: Value) {
    let member = members.iter_mut().find(|(known, _)| *known == name);
    member.expect("a member of the shipped form").1 = value;
}

/// The shipped members with what ADAL did differently: padding, an audience that its test left
/// out, an order of its own, and no `iat`.
fn as_adal(certificate: &ClientCertificate, header_order: &[&str], order: &[&str]) -> String {
    let (algorithm, mut members) = header(certificate, Dialect::V2).unwrap();
    let thumbprint = members.iter().find(|(name, _)| *name == "x5t").unwrap();
    let padded = format!("{}=", thumbprint.1.as_str().unwrap());
    set(&mut members, "x5t", padded.into());
    if header_order.contains(&"x5c") {
        let with_certificate = ClientCertificate::read(adal::PEM, None)
            .unwrap()
            .send_certificate_chain();
        let (_, chain) = header(&with_certificate, Dialect::V1).unwrap();
        // ADAL's test has one certificate without an array around it.
        let first = ordered(&chain, &["x5c"])[0].1[0].clone();
        members.push(("x5c", first));
    }
    let now = OffsetDateTime::from_unix_timestamp(adal::NOW).unwrap();
    let mut claims = claims(adal::CLIENT_ID, "", adal::JWT_ID, now);
    set(&mut claims, "aud", Value::Null);
    let header = object(&ordered(&members, header_order));
    let claims = object(&ordered(&claims, order));
    sign(certificate.key(), algorithm, &header, &claims).unwrap()
}

#[test]
fn adals_golden_token_with_a_thumbprint_is_reproduced() {
    let certificate =
        ClientCertificate::from_key_and_thumbprint(adal::PEM, adal::THUMBPRINT, None).unwrap();
    assert_eq!(
        as_adal(
            &certificate,
            &["typ", "alg", "x5t"],
            &["exp", "aud", "iss", "jti", "nbf", "sub"]
        ),
        include_str!("vectors/adal-thumbprint.jwt").trim_end()
    );
}

#[test]
fn adals_golden_token_with_a_certificate_is_reproduced() {
    let certificate =
        ClientCertificate::from_key_and_thumbprint(adal::PEM, adal::THUMBPRINT, None).unwrap();
    assert_eq!(
        as_adal(
            &certificate,
            &["x5c", "x5t", "alg", "typ"],
            &["jti", "exp", "aud", "sub", "nbf", "iss"]
        ),
        include_str!("vectors/adal-certificate.jwt").trim_end()
    );
}

#[test]
fn the_token_of_rfc_7515_appendix_a_2_is_reproduced() {
    let key = include_str!("vectors/rfc7515-a2.pem");
    let any = "0000000000000000000000000000000000000000";
    let certificate = ClientCertificate::from_key_and_thumbprint(key, any, None).unwrap();
    let payload =
        "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    let header = object(&vec![("alg", json!("RS256"))]);
    assert_eq!(
        sign(certificate.key(), Algorithm::Rs256, &header, payload).unwrap(),
        include_str!("vectors/rfc7515-a2.jwt").trim_end()
    );
}

#[test]
fn the_header_names_the_certificate_as_the_authority_can_read_it() {
    let written = |certificate: &ClientCertificate, dialect| {
        header(certificate, dialect).map(|(_, members)| object(&members))
    };
    // The check value that Microsoft's page on certificate credentials had.
    let sha1 = "84E05C1D98BCE3A5421D225B140B36E86A3D5534";
    let known = ClientCertificate::from_key_and_thumbprint(adal::PEM, sha1, None).unwrap();
    let rs256 = r#"{"alg":"RS256","typ":"JWT","x5t":"hOBcHZi846VCHSJbFAs26Go9VTQ"}"#;
    for dialect in [Dialect::V2, Dialect::V1] {
        assert_eq!(written(&known, dialect).unwrap(), rs256);
    }
    let whole = ClientCertificate::read(adal::PEM, None).unwrap();
    let ps256 = written(&whole, Dialect::V2).unwrap();
    assert!(
        ps256.starts_with(r#"{"alg":"PS256","typ":"JWT","x5t#S256":""#),
        "{ps256}"
    );
    assert!(!ps256.contains("x5c") && !ps256.contains('='), "{ps256}");
    assert!(
        written(&whole, Dialect::V1)
            .unwrap()
            .starts_with(r#"{"alg":"RS256","typ":"JWT","x5t":""#)
    );
    let sha256 = sha1.repeat(2)[..64].to_owned();
    let newer = ClientCertificate::from_key_and_thumbprint(adal::PEM, &sha256, None).unwrap();
    assert!(written(&newer, Dialect::V2).is_ok());
    assert_eq!(
        written(&newer, Dialect::V1).unwrap_err().kind(),
        ErrorKind::Request
    );
}
