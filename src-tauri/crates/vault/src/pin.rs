//! Operators' PINs: only their hashes are kept, and these are worth nothing without the vault's pepper.

use std::fmt;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, KeyId as PepperId, Params, ParamsBuilder, Version};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::chain_key::{ChainKey, KeyId};
use crate::random;

/// What a stored hash may ask of this machine.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 4;

/// Why a PIN is not taken, or a hash not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Too short, too long, or not digits only.
    #[error("a PIN has 4 to 12 digits and nothing else")]
    NotFourToTwelveDigits,
    /// One digit, or one group of digits, over and over.
    #[error("this PIN repeats itself and is guessed first; choose another")]
    Repeated,
    /// Digits in order, up or down.
    #[error("this PIN counts up or down and is guessed first; choose another")]
    Sequential,
    /// The text is not a hash that this program makes.
    #[error("this is not the hash of a PIN")]
    NotAHash,
    /// The hash was made with the pepper of another chain key: look that key up and ask with it.
    #[error("this PIN was set under the key {key_id}; set it anew, or bring that key back")]
    OtherPepper {
        /// Which key.
        key_id: KeyId,
    },
    /// The system gives no random bytes, or not enough memory.
    #[error("the system cannot hash a PIN now")]
    Unavailable,
}

/// How much work one guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinCost {
    /// Working memory in KiB, 8 to 262144.
    pub memory_kib: u32,
    /// Passes over it, 1 to 16.
    pub passes: u32,
}

impl PinCost {
    /// For a desk: 48 MiB and three passes, between 50 and 100 ms.
    pub const DESK: Self = Self { memory_kib: 48 * 1024, passes: 3 };
    /// For tests only: no protection worth the name.
    pub const CHEAP: Self = Self { memory_kib: 64, passes: 1 };
}

/// The secret in every PIN hash, derived from a chain key: four digits are found in seconds by whoever has the hash
/// alone, and not at all without this.
pub struct Pepper {
    key_id: KeyId,
    bytes: SecretBox<[u8; 32]>,
}

impl Pepper {
    /// The pepper of this chain key.
    #[must_use]
    pub fn of(key: &ChainKey) -> Self {
        // One-way, so that the pepper says nothing about the chain's key.
        let mut digest = Sha256::new().chain_update(b"vezne pin pepper").chain_update(key.expose()).finalize();
        let mut bytes = SecretBox::new(Box::new([0; 32]));
        secrecy::ExposeSecretMut::expose_secret_mut(&mut bytes).copy_from_slice(digest.as_slice());
        digest.as_mut_slice().zeroize();
        Self { key_id: key.id().clone(), bytes }
    }

    /// Of which chain key.
    #[must_use]
    pub const fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    fn hasher(&self, cost: PinCost) -> Result<Argon2<'_>, PinError> {
        let id = PepperId::new(self.key_id.as_str().as_bytes()).map_err(|_| PinError::Unavailable)?;
        let params = ParamsBuilder::new()
            .m_cost(cost.memory_kib)
            .t_cost(cost.passes)
            .p_cost(1)
            .keyid(id)
            .build()
            .map_err(|_| PinError::Unavailable)?;
        // Exposed to the hash function.
        Argon2::new_with_secret(self.bytes.expose_secret(), Algorithm::Argon2id, Version::V0x13, params)
            .map_err(|_| PinError::Unavailable)
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pepper").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// The hash of a PIN in the PHC string format, with the id of the chain key whose pepper is in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PinHash(String);

impl PinHash {
    /// Reads a stored hash.
    ///
    /// # Errors
    /// [`PinError::NotAHash`] for anything that [`hash`] does not make, and for costs out of range.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let hash = Self(text.to_owned());
        hash.parts().map(|_| hash.clone())
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The chain key whose pepper is in it.
    ///
    /// # Errors
    /// [`PinError::NotAHash`] when it names none.
    pub fn key_id(&self) -> Result<KeyId, PinError> {
        let (_, params) = self.parts()?;
        std::str::from_utf8(params.keyid()).ok().and_then(|id| id.parse().ok()).ok_or(PinError::NotAHash)
    }

    fn parts(&self) -> Result<(PasswordHash<'_>, Params), PinError> {
        let hash = PasswordHash::new(&self.0).map_err(|_| PinError::NotAHash)?;
        // Looked at before the library multiplies with it.
        if hash.params.get_decimal("p").is_none_or(|lanes| lanes > MOST_LANES) {
            return Err(PinError::NotAHash);
        }
        let params = Params::try_from(&hash).map_err(|_| PinError::NotAHash)?;
        let ours = hash.algorithm == argon2::ARGON2ID_IDENT
            && hash.hash.is_some()
            && hash.salt.is_some()
            && !params.keyid().is_empty()
            && params.m_cost() <= MOST_MEMORY_KIB
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_LANES;
        if ours { Ok((hash, params)) } else { Err(PinError::NotAHash) }
    }
}

/// A hash is no secret like a PIN, and still has no business in a log.
impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}

impl TryFrom<String> for PinHash {
    type Error = PinError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PinHash> for String {
    fn from(hash: PinHash) -> Self {
        hash.0
    }
}

/// Hashes a new PIN. Slow on purpose: call it where waiting is allowed.
///
/// # Errors
/// The PIN's own faults, or [`PinError::Unavailable`].
pub fn hash(pin: &SecretString, pepper: &Pepper, cost: PinCost) -> Result<PinHash, PinError> {
    // Exposed to be looked at and to the hash function.
    let digits = pin.expose_secret();
    check(digits)?;
    let mut salt = [0; 16];
    random::fill(&mut salt).map_err(|_| PinError::Unavailable)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| PinError::Unavailable)?;
    let hasher = pepper.hasher(cost)?;
    let hash = hasher.hash_password(digits.as_bytes(), &salt).map_err(|_| PinError::Unavailable)?;
    Ok(PinHash(hash.to_string()))
}

/// Whether this is the PIN. Slow on purpose.
///
/// # Errors
/// [`PinError::OtherPepper`] when the hash needs another pepper, [`PinError::Unavailable`] when it cannot be computed.
pub fn verify(pin: &SecretString, hash: &PinHash, pepper: &Pepper) -> Result<bool, PinError> {
    let (parsed, _) = hash.parts()?;
    let key_id = hash.key_id()?;
    if key_id != *pepper.key_id() {
        return Err(PinError::OtherPepper { key_id });
    }
    // The cost is the hash's own; the one here only builds the hasher.
    let hasher = pepper.hasher(PinCost::CHEAP)?;
    // Exposed to the hash function.
    match hasher.verify_password(pin.expose_secret().as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(_) => Err(PinError::Unavailable),
    }
}

/// As much work as [`verify`], for a name that nobody has: the time that an answer takes does not tell which names exist.
/// Always false.
///
/// # Errors
/// [`PinError::Unavailable`] when it cannot be computed.
pub fn verify_nobody(pin: &SecretString, pepper: &Pepper, cost: PinCost) -> Result<bool, PinError> {
    let hasher = pepper.hasher(cost)?;
    let mut spent = Zeroizing::new([0; 32]);
    // Exposed to the hash function.
    hasher
        .hash_password_into(pin.expose_secret().as_bytes(), b"nobody's salt...", &mut *spent)
        .map_err(|_| PinError::Unavailable)?;
    // Looked at, so that the work is not optimised away.
    Ok(std::hint::black_box(&spent).is_empty())
}

/// Refuses what is guessed first.
fn check(digits: &str) -> Result<(), PinError> {
    let bytes = digits.as_bytes();
    if !(4..=12).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_digit) {
        return Err(PinError::NotFourToTwelveDigits);
    }
    let half = bytes.len() / 2;
    let repeats = |period: usize| bytes.iter().zip(bytes.iter().skip(period)).all(|(a, b)| a == b);
    if (1..=half).any(|period| bytes.len().is_multiple_of(period) && repeats(period)) {
        return Err(PinError::Repeated);
    }
    // After nine comes nought, as on a keypad.
    let next = |digit: u8| if digit == b'9' { b'0' } else { digit.saturating_add(1) };
    let counts = |up: bool| {
        bytes.iter().zip(bytes.iter().skip(1)).all(|(a, b)| if up { next(*a) == *b } else { next(*b) == *a })
    };
    if counts(true) || counts(false) { Err(PinError::Sequential) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{Pepper, PinCost, PinError, PinHash, hash, verify, verify_nobody};
    use crate::chain_key::{ChainKey, ChainKeySource};

    fn pepper(byte: u8) -> Pepper {
        Pepper::of(&ChainKey::new(&[byte; 32], ChainKeySource::PlainFile))
    }

    fn refusal(pin: &str) -> Option<PinError> {
        hash(&pin.into(), &pepper(1), PinCost::CHEAP).err()
    }

    #[test]
    fn a_hash_that_asks_for_more_lanes_than_can_be_counted_is_none() {
        for lanes in ["2147483647", "536870912", "4294967295", "5"] {
            let text = format!(
                "$argon2id$v=19$m=64,t=1,p={lanes}$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
            );
            assert_eq!(PinHash::parse(&text).unwrap_err(), PinError::NotAHash, "{lanes}");
        }
    }

    #[test]
    fn a_pin_is_recognised_and_another_is_not() {
        let kept = hash(&"4711".into(), &pepper(1), PinCost::CHEAP).unwrap();
        assert_eq!(verify(&"4711".into(), &kept, &pepper(1)), Ok(true));
        for other in ["4712", "47110", "", "471"] {
            assert_eq!(verify(&other.into(), &kept, &pepper(1)), Ok(false), "{other}");
        }
        assert_eq!(verify_nobody(&"4711".into(), &pepper(1), PinCost::CHEAP), Ok(false));
    }

    #[test]
    fn two_people_with_one_pin_have_different_hashes() {
        let twice = [(); 2].map(|()| hash(&"4711".into(), &pepper(1), PinCost::CHEAP).unwrap());
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn a_hash_is_worth_nothing_without_its_pepper() {
        let kept = hash(&"4711".into(), &pepper(1), PinCost::CHEAP).unwrap();
        let key_id = pepper(1).key_id().clone();
        assert_eq!(verify(&"4711".into(), &kept, &pepper(2)), Err(PinError::OtherPepper { key_id }));
        // Even one that claims to be of the other key.
        let renamed = kept.as_str().replace(&b64(pepper(1).key_id().as_str()), &b64(pepper(2).key_id().as_str()));
        let renamed = PinHash::parse(&renamed).unwrap();
        assert_eq!(renamed.key_id().as_ref(), Ok(pepper(2).key_id()));
        assert_eq!(verify(&"4711".into(), &renamed, &pepper(2)), Ok(false));
    }

    fn b64(text: &str) -> String {
        argon2::password_hash::SaltString::encode_b64(text.as_bytes()).unwrap().to_string()
    }

    #[test]
    fn pins_that_are_guessed_first_are_refused_by_what_is_wrong_with_them() {
        for pin in ["", "123", "1234567890123", "12a4", "١٢٣٤", "12 34", "-123"] {
            assert_eq!(refusal(pin), Some(PinError::NotFourToTwelveDigits), "{pin}");
        }
        for pin in ["0000", "111111", "1212", "123123", "47114711"] {
            assert_eq!(refusal(pin), Some(PinError::Repeated), "{pin}");
        }
        for pin in ["1234", "4321", "7890", "8901", "2109", "0123456789", "987654321098"] {
            assert_eq!(refusal(pin), Some(PinError::Sequential), "{pin}");
        }
        for pin in ["4711", "1235", "1123", "2580", "112233", "121", "12121"].iter().filter(|pin| pin.len() > 3) {
            assert_eq!(refusal(pin), None, "{pin}");
        }
    }

    #[test]
    fn a_hash_is_stored_as_text_and_read_strictly() {
        let kept = hash(&"4711".into(), &pepper(1), PinCost::CHEAP).unwrap();
        let stored = serde_json::to_string(&kept).unwrap();
        assert!(stored.starts_with("\"$argon2id$v=19$m=64,t=1,p=1,keyid="), "{stored}");
        assert_eq!(serde_json::from_str::<PinHash>(&stored).unwrap(), kept);
        assert_eq!(format!("{kept:?}"), "PinHash(…)");
        for wrong in [
            "",
            "4711",
            "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
            &kept.as_str().replace("m=64", "m=4000000"),
            &kept.as_str().replace("t=1", "t=4000000"),
            &kept.as_str().replace("argon2id", "argon2d"),
        ] {
            assert_eq!(PinHash::parse(wrong), Err(PinError::NotAHash), "{wrong}");
        }
    }
}
