//! What nobody may read again: a PIN, a key, a passphrase, as it was typed.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use zeroize::{Zeroize, Zeroizing};

/// A secret as it was typed. Wiped when it goes, wherever a request is given up; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(transparent)]
#[specta(inline)]
pub struct TypedSecret(String);

impl TypedSecret {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret without blanks around it, as keys are pasted; a buffer of its own that is wiped.
    #[must_use]
    pub fn trimmed(&self) -> SecretString {
        self.0.trim().into()
    }

    /// The secret, for the till; a buffer of its own that is wiped.
    #[must_use]
    pub fn wiped(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.clone())
    }

    /// The secret exactly as it was typed; a buffer of its own that is wiped.
    #[must_use]
    pub fn exact(&self) -> SecretString {
        self.0.as_str().into()
    }
}

impl From<&str> for TypedSecret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Drop for TypedSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for TypedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TypedSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::view::{AccountInput, LoginInput, OperatorInput, SupervisorInput};

    #[test]
    fn nothing_that_was_typed_as_a_secret_is_shown_by_debug() {
        let login: LoginInput = serde_json::from_str(r#"{"kind":"pair","key":"AAA-1","secret":"BBB-2"}"#).unwrap();
        let supervisor: SupervisorInput =
            serde_json::from_str(r#"{"name":"Deniz","pin":"7391","reason":"seen"}"#).unwrap();
        let operator: OperatorInput =
            serde_json::from_str(r#"{"name":"Ece","role":"cashier","pin":"2846","supervisor":null}"#).unwrap();
        let account: AccountInput = serde_json::from_str(
            r#"{"id":null,"name":"a","gateway":"finrota","base_url":"b","login":{"kind":"token","token":"CCC-3"},
            "credentials":{"kind":"sealed","passphrase":"DDD-4"},"return_way":{"kind":"loopback"},"currencies":[],
            "status_query":true,"return_settles":null,"credit_limit":false,"confirm_above":null}"#,
        )
        .unwrap();
        let shown = format!("{login:?} {supervisor:?} {operator:?} {account:?}");
        for secret in ["AAA-1", "BBB-2", "7391", "2846", "CCC-3", "DDD-4"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn a_key_loses_the_blanks_it_was_pasted_with_and_a_passphrase_keeps_its_own() {
        let typed = TypedSecret::from(" a b ");
        assert_eq!((typed.trimmed().expose_secret(), typed.exact().expose_secret()), ("a b", " a b "));
    }
}
