use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::codec::{pack, unpack};
use crate::random::hex;

/// A login at a gateway.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A key and a secret to sign in with: `apiKey` and `secretKey` of Finrota's `POST /auth/api/token/connect`, `key` and
    /// `secret` of Yolcu360's `POST /auth/login`.
    Pair {
        /// Who signs in.
        key: SecretString,
        /// The proof.
        secret: SecretString,
    },
    /// A ready bearer token.
    Token(SecretString),
}

impl Credentials {
    /// Twelve hexadecimal digits that tell two logins apart and give neither away: of the key, so that a changed secret of
    /// the same login keeps them; of the token where there is no key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // Exposed only to the hash.
        let (kind, text) = match self {
            Self::Pair { key, .. } => ("key", key.expose_secret()),
            Self::Token(token) => ("token", token.expose_secret()),
        };
        let digest = Sha256::new().chain_update(format!("vezne credentials {kind}:")).chain_update(text).finalize();
        hex(digest.as_slice()).chars().take(12).collect()
    }

    /// For a store that keeps bytes.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Exposed to the buffer that the store seals; it wipes itself.
        match self {
            Self::Pair { key, secret } => {
                pack(&[b"pair", key.expose_secret().as_bytes(), secret.expose_secret().as_bytes()])
            }
            Self::Token(token) => pack(&[b"token", token.expose_secret().as_bytes()]),
        }
    }

    /// From the bytes of [`Credentials::to_bytes`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let text = |part: &[u8]| std::str::from_utf8(part).ok().map(SecretString::from);
        match unpack(bytes)?.as_slice() {
            [b"pair", key, secret] => Some(Self::Pair { key: text(key)?, secret: text(secret)? }),
            [b"token", token] => Some(Self::Token(text(token)?)),
            _ => None,
        }
    }
}

/// Where an account's login is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsSource {
    /// In the operating system's keychain.
    Keychain,
    /// In the sealed file of the home folder.
    Sealed,
    /// In two environment variables, by name.
    EnvironmentPair {
        /// The variable that holds the key.
        key: String,
        /// The variable that holds the secret.
        secret: String,
    },
    /// In one environment variable that holds a ready token, by name.
    EnvironmentToken {
        /// The variable's name.
        variable: String,
    },
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    fn pair(key: &str, secret: &str) -> Credentials {
        Credentials::Pair { key: key.into(), secret: secret.into() }
    }

    #[test]
    fn a_login_is_told_apart_by_its_key_without_giving_it_away() {
        assert_eq!(pair("k", "old").fingerprint(), pair("k", "new").fingerprint());
        assert_ne!(pair("k", "s").fingerprint(), pair("l", "s").fingerprint());
        assert_ne!(pair("k", "s").fingerprint(), Credentials::Token("k".into()).fingerprint());
        assert_eq!(pair("k", "s").fingerprint().len(), 12);
    }

    #[test]
    fn a_login_does_not_show_itself() {
        let shown = format!("{:?} {:?}", pair("hunter2", "hunter2"), Credentials::Token("hunter2".into()));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn bytes_of_something_else_are_no_login() {
        assert!(Credentials::from_bytes(b"{}").is_none());
        assert!(Credentials::from_bytes(&pair("k", "s").to_bytes()).is_some());
        assert!(Credentials::from_bytes(&pair("k", "s").to_bytes()[1..]).is_none());
    }
}
