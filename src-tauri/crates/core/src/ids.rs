//! Names of things. Each kind is a type of its own, so that one can't stand where another belongs.

use std::fmt;
use std::str::FromStr;

use ulid::Ulid;

use crate::text::serde_as_text;
use crate::time::Timestamp;

/// The text is not the id that was expected. It does not repeat the text, which may be anything that was pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{article} {what} id is expected: {prefix} and 26 letters and digits, such as {prefix}01JD7Z3GK8M2Q4R6T8V0X1Y2Z3."
)]
pub struct IdError {
    article: &'static str,
    what: &'static str,
    prefix: &'static str,
}

/// Kind by kind: the type, its prefix, and the words for its error.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $article:literal $what:literal;)*) => {$(
        $(#[$doc])*
        #[doc = concat!(
            "\n\nWritten `", $prefix, "` and a ULID: 48 bits of the moment it was made and 80 random bits. Sorts by that moment."
        )]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// The id of something made at `made_at`, told apart from others of that millisecond by 80 random bits. A
            /// moment before 1970 counts as 1970.
            #[must_use]
            pub fn from_parts(made_at: Timestamp, random: [u8; 10]) -> Self {
                Self(ulid_from(made_at, random))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// In capitals or not; the prefix must be there.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                read_id(text, $prefix).map(Self).ok_or(IdError { article: $article, what: $what, prefix: $prefix })
            }
        }

        serde_as_text!($name);
    )*};
}

ids! {
    /// A payment: what a customer owes.
    PaymentId "pay_" "A" "payment";
    /// One attempt at a payment.
    AttemptId "att_" "An" "attempt";
    /// A void or refund.
    ReversalId "rev_" "A" "reversal";
    /// An event in the journal.
    EventId "evt_" "An" "event";
    /// An operator or supervisor.
    OperatorId "opr_" "An" "operator";
    /// One desk, between two restorations of a backup.
    DeskId "dsk_" "A" "desk";
    /// A card that the till holds while a payment with it is still being asked about.
    HeldId "hld_" "A" "held card";
    /// A person's name in the side table that can be erased.
    NameId "nam_" "A" "name";
}

fn ulid_from(made_at: Timestamp, random: [u8; 10]) -> Ulid {
    let [a, b, c, d, e, f, g, h, i, j] = random;
    let random = u128::from_be_bytes([0, 0, 0, 0, 0, 0, a, b, c, d, e, f, g, h, i, j]);
    Ulid::from_parts(u64::try_from(made_at.as_millis()).unwrap_or(0), random)
}

fn read_id(text: &str, prefix: &str) -> Option<Ulid> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    read_ulid(tail)
}

/// Exactly one text, capitals aside, stands for each value: 26 digits could hold 130 bits, and what is beyond 128 is
/// refused instead of being dropped.
fn read_ulid(text: &str) -> Option<Ulid> {
    let ulid = Ulid::from_string(text).ok()?;
    ulid.to_string().eq_ignore_ascii_case(text).then_some(ulid)
}

/// The stable id of a merchant account: 1 to 64 of `a`–`z`, `0`–`9`, `_` and `-`. Attempts keep it, whatever the
/// account is called later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

/// The text is no account id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("An account id has 1 to 64 characters, each a small letter from a to z, a digit, _ or -.")]
pub struct AccountIdError;

impl AccountId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = AccountIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
        fits.then(|| Self(text.to_owned())).ok_or(AccountIdError)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(AccountId);

/// The name of a merchant account as staff see it: 1 to 40 characters, no control characters, trimmed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

/// The text is no account name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("An account name has 1 to 40 visible characters.")]
pub struct AccountNameError;

impl AccountName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = AccountNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let fits = (1..=40).contains(&trimmed.chars().count()) && !trimmed.chars().any(crate::text::is_invisible);
        fits.then(|| Self(trimmed.to_owned())).ok_or(AccountNameError)
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(AccountName);

/// What the gateway knows an attempt by (Finrota's `clientReferenceCode`): `VZ` and 26 letters and digits that carry
/// 128 random bits. Two desks, or a restored backup, never make the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptReference(String);

/// The text is no attempt reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("An attempt reference is VZ and 16 to 30 capital letters and digits.")]
pub struct AttemptReferenceError;

impl AttemptReference {
    const PREFIX: &'static str = "VZ";
    /// 16 characters of 32 kinds are the 80 random bits that every reference has at least; with the prefix, 30 make
    /// the 32 characters that a gateway takes at most.
    const RANDOM_CHARS: std::ops::RangeInclusive<usize> = 16..=30;
    /// So many digits in a row are no card number yet.
    const DIGITS_MOST: usize = 12;
    /// A letter that a ULID never has.
    const BREAK: char = 'U';

    /// The reference made of these random bytes.
    ///
    /// No more than twelve digits stand in a row. Thirteen may pass for a card number, and are masked wherever they come back
    /// from outside: no answer about that payment would be known for one, some once in two million.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        let mut reference = Self::PREFIX.to_owned();
        let mut digits = 0_usize;
        for c in Ulid(u128::from_be_bytes(random)).to_string().chars() {
            digits = if c.is_ascii_digit() { digits.saturating_add(1) } else { 0 };
            if digits > Self::DIGITS_MOST {
                reference.push(Self::BREAK);
                digits = 1;
            }
            reference.push(c);
        }
        Self(reference)
    }

    /// The reference as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AttemptReference {
    type Err = AttemptReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let random = text.strip_prefix(Self::PREFIX).ok_or(AttemptReferenceError)?;
        let fits = Self::RANDOM_CHARS.contains(&random.len())
            && random.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned())).ok_or(AttemptReferenceError)
    }
}

impl fmt::Display for AttemptReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(AttemptReference);

/// What binds a return from the bank to its attempt: 128 random bits in the address that the bank's page comes back
/// to. Whoever knows it can make the program ask a question, so it is hidden in debug output; it is serialised only
/// because the journal keeps it with its attempt for returns that come after a restart.
#[derive(Clone, Copy)]
pub struct Nonce(u128);

/// The text is no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A return's nonce has 26 letters and digits.")]
pub struct NonceError;

impl Nonce {
    /// The nonce made of these random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(random))
    }

    /// The text for the return address: 26 letters and digits, safe anywhere in an address. For the return address
    /// and the journal, nothing else.
    #[must_use]
    pub fn expose(&self) -> String {
        Ulid(self.0).to_string()
    }
}

impl PartialEq for Nonce {
    /// In the same time whatever the values, so that a forger learns nothing from how long a wrong one takes.
    fn eq(&self, other: &Self) -> bool {
        std::hint::black_box(self.0 ^ other.0) == 0
    }
}

impl Eq for Nonce {}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(***)")
    }
}

impl FromStr for Nonce {
    type Err = NonceError;

    /// In capitals or not: browsers write some parts of an address in small letters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read_ulid(text).map(|ulid| Self(ulid.0)).ok_or(NonceError)
    }
}

impl serde::Serialize for Nonce {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.expose())
    }
}

impl<'de> serde::Deserialize<'de> for Nonce {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::ForeignText;

    fn attempt(millis: i64, last: u8) -> AttemptId {
        AttemptId::from_parts(Timestamp::from_millis(millis), [0, 0, 0, 0, 0, 0, 0, 0, 0, last])
    }

    #[test]
    fn an_id_says_its_kind_and_sorts_by_the_moment_it_was_made() {
        let (early, late) = (attempt(1_700_000_000_000, 9), attempt(1_700_000_000_001, 1));
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(early.to_string(), "att_01HF7YAT000000000000000009");
        assert_eq!(format!("{early:?}"), early.to_string());
    }

    #[test]
    fn an_id_of_another_kind_is_refused_with_what_was_expected() {
        let text = attempt(1, 1).to_string();
        let error = text.parse::<PaymentId>().unwrap_err();
        assert!(error.to_string().starts_with("A payment id is expected: pay_ and 26"), "{error}");
        assert!(text.to_lowercase().parse::<AttemptId>().is_ok());
        assert!(text.to_uppercase().parse::<AttemptId>().is_ok());
        for odd in [
            "",
            "att_",
            "01HF7YAT000000000000000009",
            "att_81HF7YAT000000000000000009",
            "att_0İHF7YAT00000000000000009",
        ] {
            assert!(odd.parse::<AttemptId>().is_err(), "{odd}");
        }
    }

    #[test]
    fn an_account_id_is_plain_and_an_account_name_is_trimmed() {
        let id: AccountId = "agency-1_x".parse().unwrap();
        assert_eq!((id.as_str(), id.to_string().as_str()), ("agency-1_x", "agency-1_x"));
        for odd in ["", "Agency", "a b", "ş", &"a".repeat(65)] {
            assert!(odd.parse::<AccountId>().is_err(), "{odd}");
        }
        let name: AccountName = " Şube 1 ".parse().unwrap();
        assert_eq!((name.as_str(), name.to_string().as_str()), ("Şube 1", "Şube 1"));
        for odd in ["", "  ", "a\tb", "a\u{202e}b", &"a".repeat(41)] {
            assert!(odd.parse::<AccountName>().is_err(), "{odd}");
        }
        assert!(serde_json::from_str::<AccountId>("\"A\"").is_err());
    }

    #[test]
    fn an_attempt_reference_with_fewer_than_80_random_bits_is_refused() {
        let shortest: AttemptReference = "VZ0123456789ABCDEF".parse().unwrap();
        assert_eq!((shortest.as_str(), shortest.to_string().as_str()), ("VZ0123456789ABCDEF", "VZ0123456789ABCDEF"));
        for odd in ["", "VZ0123456789ABCDE", "XX0123456789ABCDEF", "vz0123456789abcdef", "VZ0123456789ABCDE-"] {
            assert!(odd.parse::<AttemptReference>().is_err(), "{odd}");
        }
        assert!(format!("VZ{}", "A".repeat(31)).parse::<AttemptReference>().is_err());
    }

    #[test]
    fn a_nonce_is_hidden_and_read_back() {
        let nonce = Nonce::from_random([7; 16]);
        assert!(!format!("{nonce:?}").contains(&nonce.expose()));
        assert_eq!(nonce.expose().to_lowercase().parse(), Ok(nonce));
        assert_ne!(nonce, Nonce::from_random([8; 16]));
        assert_ne!(Nonce::from_random([1; 16]), Nonce::from_random([2; 16]), "not one bit is the same");
        assert_eq!(Nonce::from_random([0xff; 16]), Nonce::from_random([0xff; 16]));
        assert!("".parse::<Nonce>().is_err());
    }

    #[test]
    fn a_letter_stands_after_each_twelve_digits_of_a_reference_and_nowhere_else() {
        let of = |random: u128| AttemptReference::from_random(random.to_be_bytes()).as_str().to_owned();
        assert_eq!(of(0), "VZ000000000000U000000000000U00");
        // Twelve, a letter of its own, and twelve again.
        assert_eq!(of(10 << 65), format!("VZ{}A{}U0", "0".repeat(12), "0".repeat(12)));
        assert_eq!(of(10), "VZ000000000000U000000000000U0A");
    }

    /// Seed 1751206 of the simulation at c850f11: its third reference came back as `VZ*************JP4NQCV6SB479`.
    #[test]
    fn no_reference_passes_for_a_card_number() {
        for digits in ["01234567890123456789012345", "41556501000416111ABCDEFGHJ", "2ABCDEFGHJ4155650100416111"] {
            let random: Ulid = digits.parse().unwrap();
            let reference = AttemptReference::from_random(random.0.to_be_bytes());
            assert_eq!(ForeignText::filter(reference.as_str()).as_str(), reference.as_str());
            assert_eq!(reference.as_str().replace('U', ""), format!("VZ{digits}"));
            assert_eq!(reference.to_string().parse(), Ok(reference));
        }
    }

    proptest! {
        #[test]
        fn every_id_reference_and_nonce_survives_its_text(millis in 0_i64..253_402_207_200_999, short: [u8; 10], long: [u8; 16]) {
            let id = PaymentId::from_parts(Timestamp::from_millis(millis), short);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let reference = AttemptReference::from_random(long);
            prop_assert!(reference.as_str().len() <= 32 && reference.as_str().bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
            let nonce = Nonce::from_random(long);
            prop_assert_eq!(nonce.expose().parse(), Ok(nonce));
        }

        #[test]
        fn other_random_bytes_give_another_reference(a: [u8; 16], b: [u8; 16]) {
            prop_assume!(a != b);
            prop_assert_ne!(AttemptReference::from_random(a), AttemptReference::from_random(b));
        }
    }
}
