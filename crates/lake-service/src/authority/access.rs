//! Whether a person comes through: the state of the account, the second factor, conditional access, consent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Authority;
use super::client::Consent;
use super::directory::{AccountState, Application, ConditionalAccess, Person};
use super::failure::Failure;

/// One sign-in of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// The person's object id.
    pub(crate) person: Uuid,
    pub(crate) factors: Factors,
    /// Seconds since 1970.
    pub(crate) at: i64,
}

/// What a person has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Factors {
    Password,
    PasswordAndCode,
}

impl Factors {
    /// The claim `amr` of a token.
    pub(crate) fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["pwd"],
            Self::PasswordAndCode => &["pwd", "mfa"],
        }
    }

    pub(crate) fn of_amr(amr: &[String]) -> Self {
        match amr.iter().any(|method| method == "mfa") {
            true => Self::PasswordAndCode,
            false => Self::Password,
        }
    }
}

impl Authority {
    /// Whether the password is right and the account good.
    pub(crate) fn check_password(&self, person: &Person, password: &str) -> Result<(), Failure> {
        if person.state == AccountState::Locked {
            return Err(Failure::locked());
        }
        if !person.password.matches(password) {
            return Err(Failure::wrong_password());
        }
        self.check_account(person)
    }

    /// Whether the account is good now; it may have become bad since the person signed in.
    pub(crate) fn check_account(&self, person: &Person) -> Result<(), Failure> {
        match person.state {
            AccountState::Active | AccountState::MfaNotRegistered => Ok(()),
            AccountState::Locked => Err(Failure::locked()),
            AccountState::Disabled => Err(Failure::disabled()),
            AccountState::PasswordExpired if self.directory.is_federated(person) => {
                Err(Failure::federated_password_expired())
            }
            AccountState::PasswordExpired => Err(Failure::password_expired()),
        }
    }

    /// Whether a person who has shown this much may use the application.
    pub(crate) fn check_access(
        &self,
        person: &Person,
        client: &Application,
        factors: Factors,
    ) -> Result<(), Failure> {
        let asked_of_all = client.access == ConditionalAccess::Mfa;
        // What a client repeats at the authorize endpoint, for the policy to be met there.
        let policy = || {
            let policy = self
                .directory
                .derived_id(&format!("policy/{}", client.client_id));
            format!(
                r#"{{"access_token":{{"capolids":{{"essential":true,"values":["{policy}"]}}}}}}"#
            )
        };
        if client.access == ConditionalAccess::Block {
            return Err(Failure::blocked().with_claims(policy()));
        }
        if person.state == AccountState::MfaNotRegistered
            || asked_of_all && person.mfa_code.is_none()
        {
            return Err(Failure::mfa_not_registered(client.client_id));
        }
        if factors == Factors::PasswordAndCode {
            return Ok(());
        }
        if asked_of_all {
            return Err(Failure::mfa_required(client.client_id).with_claims(policy()));
        }
        match person.mfa_code {
            Some(_) => Err(Failure::mfa_required(client.client_id)),
            None => Ok(()),
        }
    }

    /// Whether the application may act for this person, who is not there to be asked.
    pub(crate) fn check_consent(
        &self,
        person: &Person,
        client: &Application,
    ) -> Result<(), Failure> {
        let consented = || {
            self.sessions
                .kept
                .has_consented(person.object_id, client.client_id)
        };
        match client.consent {
            Consent::Given => Ok(()),
            Consent::Personal if consented() => Ok(()),
            Consent::Personal => Err(Failure::no_consent(client.client_id, &client.name)),
            Consent::Administrator => Err(Failure::no_administrators_consent(&client.name)),
        }
    }
}
