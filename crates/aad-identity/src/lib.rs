//! Azure AD (Entra ID) credentials and the chain that explains itself.
