//! The grants by which a client gets tokens for a person.

use http::HeaderMap;
use lake_store::Ambient;

use super::Authority;
use super::access::{Factors, SignIn};
use super::assertion::{Judge, SKEW, lenient_base64};
use super::client::{self, Proof};
use super::directory::{Application, Passwords, Person};
use super::failure::Failure;
use super::federation::{self, Assertion, SamlVersion};
use super::grant::{Form, Version};
use super::resource;
use super::sessions::{Delegation, Redeemed, Wish};
use crate::tokens::check_signature;

/// What a client was granted for a person.
#[derive(Debug)]
pub(crate) struct PersonalGrant<'a> {
    pub(crate) person: &'a Person,
    pub(crate) client: &'a Application,
    pub(crate) proof: Proof,
    pub(crate) factors: Factors,
    pub(crate) wish: Wish,
    pub(crate) refresh_token: Option<String>,
}

/// One token request.
pub(crate) struct Ask<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) judge: &'a Judge<'a>,
    pub(crate) ambient: &'a Ambient,
    pub(crate) tenant: &'a str,
    pub(crate) version: Version,
    pub(crate) form: &'a Form,
}

/// Decides a request by `grant`, which is none that an application makes for itself.
pub(crate) fn decide<'a>(
    ask: &Ask<'a>,
    grant: &str,
    headers: &HeaderMap,
) -> Result<PersonalGrant<'a>, Failure> {
    check_tenant(ask.authority, ask.tenant)?;
    let authenticate = || client::authenticate(ask.judge, ask.tenant, headers, ask.form);
    match grant {
        "password" => {
            let (client, proof) = authenticate()?;
            ask.by_password(client, proof)
        }
        "authorization_code" => {
            let (client, proof) = authenticate()?;
            ask.by_code(client, proof)
        }
        "refresh_token" => {
            let (client, proof) = authenticate()?;
            ask.by_refresh_token(client, proof)
        }
        // v1 and v2.
        "device_code" | "urn:ietf:params:oauth:grant-type:device_code" => {
            let (client, proof) = authenticate()?;
            ask.by_device_code(client, proof)
        }
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
            let (client, proof) = authenticate()?;
            ask.on_behalf_of(client, proof)
        }
        "urn:ietf:params:oauth:grant-type:saml1_1-bearer" => {
            let (client, proof) = authenticate()?;
            ask.by_saml(SamlVersion::V1, client, proof)
        }
        "urn:ietf:params:oauth:grant-type:saml2-bearer" => {
            let (client, proof) = authenticate()?;
            ask.by_saml(SamlVersion::V2, client, proof)
        }
        _ => Err(Failure::unsupported_grant(grant)),
    }
}

/// Whether people of this lake's tenant sign in here.
pub(crate) fn check_tenant(authority: &Authority, tenant: &str) -> Result<(), Failure> {
    let any = ["common", "organizations"];
    let known = any.iter().any(|name| name.eq_ignore_ascii_case(tenant))
        || authority.directory.is_tenant(tenant);
    known
        .then_some(())
        .ok_or_else(|| Failure::unknown_tenant(tenant))
}

impl<'a> Ask<'a> {
    fn by_password(
        &self,
        client: &'a Application,
        proof: Proof,
    ) -> Result<PersonalGrant<'a>, Failure> {
        let directory = &self.authority.directory;
        let name = self.form.required("username")?;
        let password = self.form.required("password")?;
        let person = directory
            .person_named(name)
            .ok_or_else(|| Failure::unknown_user(name, directory.domain()))?;
        if directory.is_federated(person) {
            // The tenant knows no password of theirs.
            return Err(Failure::wrong_password());
        }
        self.authority.check_password(person, password)?;
        self.check_access(client, person, Factors::Password)?;
        let wish = self.wish(None)?;
        self.begin(client, proof, self.sign_in(person, Factors::Password), wish)
    }

    fn by_code(&self, client: &'a Application, proof: Proof) -> Result<PersonalGrant<'a>, Failure> {
        let redeemed = self.authority.sessions.redeem_code(
            self.ambient,
            self.form.required("code")?,
            client.client_id,
            self.form.required("redirect_uri")?,
            self.form.field("code_verifier"),
        )?;
        self.redeem(client, proof, redeemed)
    }

    fn by_device_code(
        &self,
        client: &'a Application,
        proof: Proof,
    ) -> Result<PersonalGrant<'a>, Failure> {
        // v1 calls it `code`.
        let code = match self.form.field("code") {
            Some(code) => code,
            None => self.form.required("device_code")?,
        };
        let sessions = &self.authority.sessions;
        let redeemed = sessions.redeem_device(self.ambient, code, client.client_id)?;
        self.redeem(client, proof, redeemed)
    }

    fn by_refresh_token(
        &self,
        client: &'a Application,
        proof: Proof,
    ) -> Result<PersonalGrant<'a>, Failure> {
        let token = self.form.required("refresh_token")?;
        let sessions = &self.authority.sessions;
        let (delegation, next) = sessions.kept.rotate(self.ambient, token, client, proof)?;
        let person = self.person(&delegation)?;
        self.authority.check_account(person)?;
        let factors = delegation.sign_in.factors;
        self.authority.check_access(person, client, factors)?;
        Ok(PersonalGrant {
            person,
            client,
            proof,
            factors,
            wish: self.wish(Some(&delegation.wish))?,
            refresh_token: Some(next),
        })
    }

    fn on_behalf_of(
        &self,
        client: &'a Application,
        proof: Proof,
    ) -> Result<PersonalGrant<'a>, Failure> {
        if proof == Proof::Nothing {
            return Err(Failure::secret_wanted());
        }
        if self.form.required("requested_token_use")? != "on_behalf_of" {
            return Err(Failure::missing_parameter("requested_token_use"));
        }
        let assertion = self.form.required("assertion")?;
        let claims = check_signature(self.authority, assertion)
            .map_err(|_| Failure::invalid_user_assertion())?;
        if claims.exp <= self.ambient.now().unix_timestamp() {
            return Err(Failure::expired_user_assertion());
        }
        if resource::application(&claims.aud) != Some(client.client_id) {
            return Err(Failure::foreign_user_assertion());
        }
        let directory = &self.authority.directory;
        let person = directory
            .person(claims.oid)
            .ok_or_else(Failure::invalid_user_assertion)?;
        self.authority.check_account(person)?;
        let factors = Factors::of_amr(&claims.amr);
        self.check_access(client, person, factors)?;
        let wish = self.wish(None)?;
        self.begin(client, proof, self.sign_in(person, factors), wish)
    }

    /// For whom a federation server vouches.
    fn by_saml(
        &self,
        version: SamlVersion,
        client: &'a Application,
        proof: Proof,
    ) -> Result<PersonalGrant<'a>, Failure> {
        let (authority, encoded) = (self.authority, self.form.required("assertion")?);
        let text = lenient_base64(encoded).and_then(|bytes| String::from_utf8(bytes).ok());
        let assertion = text
            .and_then(|text| Assertion::verified(&text, &authority.key))
            .filter(|assertion| assertion.version == version)
            .ok_or_else(Failure::invalid_saml)?;
        let now = self.ambient.now().unix_timestamp();
        if now < assertion.not_before - SKEW || assertion.not_on_or_after + SKEW <= now {
            return Err(Failure::saml_out_of_time());
        }
        let directory = &authority.directory;
        let person = directory
            .person(assertion.object_id)
            .ok_or_else(Failure::unknown_federated_user)?;
        let domain = directory
            .domain_of(&person.name)
            .filter(|domain| domain.passwords == Passwords::Federated)
            .ok_or_else(Failure::invalid_saml)?;
        if assertion.issuer != federation::issuer(&domain.name) || assertion.name != person.name {
            return Err(Failure::invalid_saml());
        }
        authority.check_account(person)?;
        self.check_access(client, person, Factors::Password)?;
        let wish = self.wish(None)?;
        self.begin(client, proof, self.sign_in(person, Factors::Password), wish)
    }

    fn redeem(
        &self,
        client: &'a Application,
        proof: Proof,
        mut redeemed: Redeemed,
    ) -> Result<PersonalGrant<'a>, Failure> {
        redeemed.delegation.confidential = proof != Proof::Nothing;
        let person = self.person(&redeemed.delegation)?;
        let factors = redeemed.delegation.sign_in.factors;
        let mut wish = self.wish(Some(&redeemed.delegation.wish))?;
        wish.keep_openid(&redeemed.delegation.wish);
        let refresh_token = wish
            .wants_refresh_token()
            .then(|| {
                self.authority
                    .sessions
                    .kept
                    .begin_family(self.ambient, redeemed)
            })
            .transpose()?;
        Ok(PersonalGrant {
            person,
            client,
            proof,
            factors,
            wish,
            refresh_token,
        })
    }

    /// A sign-in that needs no code.
    fn begin(
        &self,
        client: &'a Application,
        proof: Proof,
        sign_in: SignIn,
        wish: Wish,
    ) -> Result<PersonalGrant<'a>, Failure> {
        let delegation = Delegation {
            client_id: client.client_id,
            sign_in,
            wish,
            confidential: proof != Proof::Nothing,
        };
        let family = self.ambient.uuid();
        self.redeem(client, proof, Redeemed { delegation, family })
    }

    fn person(&self, delegation: &Delegation) -> Result<&'a Person, Failure> {
        let directory = &self.authority.directory;
        directory
            .person(delegation.sign_in.person)
            .ok_or_else(Failure::malformed_grant)
    }

    /// For who is not there to be asked for anything more.
    fn check_access(
        &self,
        client: &Application,
        person: &Person,
        factors: Factors,
    ) -> Result<(), Failure> {
        self.authority.check_access(person, client, factors)?;
        self.authority.check_consent(person, client)
    }

    fn sign_in(&self, person: &Person, factors: Factors) -> SignIn {
        SignIn {
            person: person.object_id,
            factors,
            at: self.ambient.now().unix_timestamp(),
        }
    }

    /// What this request asks for; what it leaves out is as when the person signed in.
    fn wish(&self, before: Option<&Wish>) -> Result<Wish, Failure> {
        let asked = read_wish(self.authority, self.version, self.form);
        match (asked, before) {
            (Ok(Some(mut wish)), before) => {
                wish.nonce = before.and_then(|before| before.nonce.clone());
                if let Some(before) = before
                    && wish.resource == resource::GRAPH
                {
                    wish.resource.clone_from(&before.resource);
                }
                Ok(wish)
            }
            (Ok(None), Some(before)) => Ok(before.clone()),
            (Ok(None), None) => Err(Failure::missing_parameter(self.version.parameter())),
            (Err(failure), _) => Err(failure),
        }
    }
}

impl Version {
    /// The parameter that says what is wanted.
    pub(crate) fn parameter(self) -> &'static str {
        match self {
            Self::V1 => "resource",
            Self::V2 => "scope",
        }
    }
}

impl Wish {
    fn wants_refresh_token(&self) -> bool {
        self.version == Version::V1 || self.has("offline_access")
    }

    /// Whether the answer says who signed in.
    pub(crate) fn wants_id_token(&self) -> bool {
        self.version == Version::V1 || self.has("openid")
    }

    /// What the person agreed to on the page need not be said again when its code is redeemed.
    fn keep_openid(&mut self, before: &Self) {
        for word in before.scope.split_ascii_whitespace() {
            if resource::is_openid(word) && !self.has(word) {
                self.scope = format!("{} {word}", self.scope);
            }
        }
    }

    fn has(&self, scope: &str) -> bool {
        self.scope
            .split_ascii_whitespace()
            .any(|word| word == scope)
    }
}

/// What a request asks for; `None` if it does not say.
pub(crate) fn read_wish(
    authority: &Authority,
    version: Version,
    form: &Form,
) -> Result<Option<Wish>, Failure> {
    let Some(text) = form.field(version.parameter()) else {
        return Ok(None);
    };
    let (resource, scope) = match version {
        Version::V1 => (text.to_owned(), String::new()),
        Version::V2 => (
            resource::of_delegated_scope(text).ok_or_else(|| Failure::invalid_scope(text))?,
            text.to_owned(),
        ),
    };
    let directory = &authority.directory;
    let is_application =
        resource::application(&resource).is_some_and(|id| directory.application(id).is_some());
    if !resource::is_known(&resource) && !is_application {
        return Err(Failure::unknown_resource(&resource, directory.domain()));
    }
    Ok(Some(Wish {
        version,
        resource,
        scope,
        nonce: form.field("nonce").map(str::to_owned),
    }))
}
