//! Card brands: how a number's first digits tell them, and what each brand's cards look like.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A card's brand, told by its first digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brand {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Troy, Turkey's own scheme.
    Troy,
    /// Maestro, Mastercard's old debit brand.
    Maestro,
    /// Discover. Troy cards co-badged with Discover begin with 65 like Discover's own, and nothing in the number tells
    /// them apart; lengths and security code are the same, and the gateway routes them, so only the name shown differs.
    Discover,
    /// JCB.
    Jcb,
    /// Diners Club.
    Diners,
    /// UnionPay.
    UnionPay,
    /// Any other, or not enough digits to tell. The gateway decides.
    Other,
}

/// Numbers whose first `digits` digits are from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PrefixRange {
    /// The lowest prefix.
    pub low: u32,
    /// The highest prefix.
    pub high: u32,
    /// How many digits both have.
    pub digits: u8,
}

/// A length that a brand's numbers may have, and how such a number is grouped on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NumberLength {
    /// Digits in all.
    pub digits: u8,
    /// Digits in each group; they add up to `digits`.
    pub groups: &'static [u8],
}

/// What is known of one brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BrandRules {
    /// The brand.
    pub brand: Brand,
    /// The name as the brand writes it.
    pub name: &'static str,
    /// The first digits. Where the ranges of two brands overlap, the longer prefix decides.
    pub ranges: &'static [PrefixRange],
    /// The lengths its numbers may have, the usual one first.
    pub lengths: &'static [NumberLength],
    /// How many digits its security code may have, the usual count first.
    pub cvc_digits: &'static [u8],
}

const fn range(low: u32, high: u32, digits: u8) -> PrefixRange {
    PrefixRange { low, high, digits }
}

const fn one(prefix: u32, digits: u8) -> PrefixRange {
    range(prefix, prefix, digits)
}

const fn length(digits: u8, groups: &'static [u8]) -> NumberLength {
    NumberLength { digits, groups }
}

const L12: NumberLength = length(12, &[4, 4, 4]);
const L13: NumberLength = length(13, &[4, 4, 4, 1]);
const L14: NumberLength = length(14, &[4, 4, 4, 2]);
const L15: NumberLength = length(15, &[4, 4, 4, 3]);
const L16: NumberLength = length(16, &[4, 4, 4, 4]);
const L17: NumberLength = length(17, &[4, 4, 4, 4, 1]);
const L18: NumberLength = length(18, &[4, 4, 4, 4, 2]);
const L19: NumberLength = length(19, &[4, 4, 4, 4, 3]);

static VISA: BrandRules =
    BrandRules { brand: Brand::Visa, name: "Visa", ranges: &[one(4, 1)], lengths: &[L16, L13, L19], cvc_digits: &[3] };

static MASTERCARD: BrandRules = BrandRules {
    brand: Brand::Mastercard,
    name: "Mastercard",
    ranges: &[range(51, 55, 2), range(2221, 2720, 4)],
    lengths: &[L16],
    cvc_digits: &[3],
};

static AMEX: BrandRules = BrandRules {
    brand: Brand::Amex,
    name: "American Express",
    ranges: &[one(34, 2), one(37, 2)],
    lengths: &[length(15, &[4, 6, 5])],
    cvc_digits: &[4],
};

static TROY: BrandRules =
    BrandRules { brand: Brand::Troy, name: "Troy", ranges: &[one(9792, 4)], lengths: &[L16], cvc_digits: &[3] };

static MAESTRO: BrandRules = BrandRules {
    brand: Brand::Maestro,
    name: "Maestro",
    ranges: &[one(5018, 4), one(5020, 4), one(5038, 4), one(5893, 4), one(6304, 4), one(6759, 4), range(6761, 6763, 4)],
    lengths: &[L16, L12, L13, L14, L15, L17, L18, L19],
    cvc_digits: &[3],
};

static DISCOVER: BrandRules = BrandRules {
    brand: Brand::Discover,
    name: "Discover",
    ranges: &[one(6011, 4), range(644, 649, 3), one(65, 2)],
    lengths: &[L16, L17, L18, L19],
    cvc_digits: &[3],
};

static JCB: BrandRules = BrandRules {
    brand: Brand::Jcb,
    name: "JCB",
    ranges: &[range(3528, 3589, 4)],
    lengths: &[L16, L17, L18, L19],
    cvc_digits: &[3],
};

static DINERS: BrandRules = BrandRules {
    brand: Brand::Diners,
    name: "Diners Club",
    ranges: &[range(300, 305, 3), one(3095, 4), one(36, 2), range(38, 39, 2)],
    lengths: &[length(14, &[4, 6, 4]), L15, L16, L17, L18, L19],
    cvc_digits: &[3],
};

static UNION_PAY: BrandRules = BrandRules {
    brand: Brand::UnionPay,
    name: "UnionPay",
    ranges: &[one(62, 2), one(81, 2)],
    lengths: &[L16, L17, L18, L19],
    cvc_digits: &[3],
};

static OTHER: BrandRules = BrandRules {
    brand: Brand::Other,
    name: "Card",
    ranges: &[],
    lengths: &[L16, L12, L13, L14, L15, L17, L18, L19],
    cvc_digits: &[3, 4],
};

/// Every brand's rules, for the UI's own table. [`Brand::Other`], which has no ranges, is last.
#[must_use]
pub fn table() -> [&'static BrandRules; 10] {
    [&VISA, &MASTERCARD, &AMEX, &TROY, &MAESTRO, &DISCOVER, &JCB, &DINERS, &UNION_PAY, &OTHER]
}

impl Brand {
    /// The brand of a number that begins with these digits; [`Brand::Other`] while they are too few to tell.
    #[must_use]
    pub fn of_prefix(digits: &str) -> Self {
        let matching = table().into_iter().flat_map(|rules| rules.ranges.iter().map(|range| (rules.brand, range)));
        let longest = matching.filter(|(_, range)| range.holds(digits)).max_by_key(|(_, range)| range.digits);
        longest.map_or(Self::Other, |(brand, _)| brand)
    }

    /// What is known of the brand.
    #[must_use]
    pub fn rules(self) -> &'static BrandRules {
        match self {
            Self::Visa => &VISA,
            Self::Mastercard => &MASTERCARD,
            Self::Amex => &AMEX,
            Self::Troy => &TROY,
            Self::Maestro => &MAESTRO,
            Self::Discover => &DISCOVER,
            Self::Jcb => &JCB,
            Self::Diners => &DINERS,
            Self::UnionPay => &UNION_PAY,
            Self::Other => &OTHER,
        }
    }

    /// How many digits its numbers may have, the usual count first.
    #[must_use]
    pub fn lengths(self) -> Vec<u8> {
        self.rules().lengths.iter().map(|length| length.digits).collect()
    }

    /// Whether its numbers may have so many digits.
    #[must_use]
    pub fn allows_digits(self, count: usize) -> bool {
        self.rules().lengths.iter().any(|length| usize::from(length.digits) == count)
    }

    /// Whether its security codes may have so many digits.
    #[must_use]
    pub fn allows_cvc_digits(self, count: usize) -> bool {
        self.rules().cvc_digits.iter().any(|digits| usize::from(*digits) == count)
    }
}

impl PrefixRange {
    fn holds(&self, digits: &str) -> bool {
        let prefix = digits.get(..usize::from(self.digits)).and_then(|prefix| prefix.parse::<u32>().ok());
        prefix.is_some_and(|prefix| (self.low..=self.high).contains(&prefix))
    }
}

impl fmt::Display for Brand {
    /// The name as the brand writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.rules().name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brands_lengths_are_told_with_the_usual_one_first() {
        assert_eq!(Brand::Visa.lengths(), [16, 13, 19]);
        assert_eq!(Brand::Amex.lengths(), [15]);
    }

    #[test]
    fn a_brand_is_told_by_its_published_ranges() {
        for (prefix, brand) in [
            ("4", Brand::Visa),
            ("51", Brand::Mastercard),
            ("55", Brand::Mastercard),
            ("56", Brand::Other),
            ("2220", Brand::Other),
            ("2221", Brand::Mastercard),
            ("2720", Brand::Mastercard),
            ("2721", Brand::Other),
            ("34", Brand::Amex),
            ("37", Brand::Amex),
            ("9792", Brand::Troy),
            ("979", Brand::Other),
            ("6759", Brand::Maestro),
            ("6011", Brand::Discover),
            ("643", Brand::Other),
            ("644", Brand::Discover),
            ("65", Brand::Discover),
            ("3527", Brand::Other),
            ("3528", Brand::Jcb),
            ("3589", Brand::Jcb),
            ("3590", Brand::Other),
            ("305", Brand::Diners),
            ("306", Brand::Other),
            ("3095", Brand::Diners),
            ("36", Brand::Diners),
            ("62", Brand::UnionPay),
            ("81", Brand::UnionPay),
            ("", Brand::Other),
            ("6", Brand::Other),
            ("٤", Brand::Other),
        ] {
            assert_eq!(Brand::of_prefix(prefix), brand, "{prefix}");
        }
    }

    #[test]
    fn the_table_is_whole_and_agrees_with_itself() {
        for rules in table() {
            assert_eq!(rules.brand.rules(), rules);
            for range in rules.ranges {
                assert!(range.low <= range.high, "{range:?}");
                assert_eq!(range.low.to_string().len(), usize::from(range.digits), "{range:?}");
                assert_eq!(range.high.to_string().len(), usize::from(range.digits), "{range:?}");
                assert_eq!(Brand::of_prefix(&range.low.to_string()), rules.brand);
                assert_eq!(Brand::of_prefix(&range.high.to_string()), rules.brand);
            }
            for length in rules.lengths {
                assert_eq!(length.groups.iter().sum::<u8>(), length.digits, "{}", rules.name);
                assert!((12..=19).contains(&length.digits));
            }
            assert!(!rules.lengths.is_empty() && !rules.cvc_digits.is_empty());
        }
    }

    #[test]
    fn only_american_express_groups_by_4_6_5_and_has_four_digits_behind() {
        assert_eq!(Brand::Amex.rules().lengths[0].groups, [4, 6, 5]);
        assert!(Brand::Amex.allows_cvc_digits(4) && !Brand::Amex.allows_cvc_digits(3));
        assert!(Brand::Visa.allows_cvc_digits(3) && !Brand::Visa.allows_cvc_digits(4));
        assert!(Brand::Visa.allows_digits(16) && !Brand::Visa.allows_digits(15));
    }
}
