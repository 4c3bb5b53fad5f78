//! The active currencies of ISO 4217 with the number of decimals of each.

use std::fmt;
use std::str::FromStr;

use crate::text::serde_as_text;

/// An active currency of ISO 4217, fund codes included. Metals, units of account and the test codes have no minor
/// unit, so no amount can be stated in them, and they are left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

macro_rules! currencies {
    ($($code:ident $exponent:literal),* $(,)?) => {
        impl Currency {
            $(
                #[doc = concat!("The ISO 4217 currency ", stringify!($code), ", with ", $exponent, " decimals.")]
                pub const $code: Self = Self { code: stringify!($code), exponent: $exponent };
            )*

            /// Every currency Vezne knows, by code. (`ALL` is the Albanian lek.)
            pub const EVERY: &'static [Self] = &[$(Self::$code),*];
        }
    };
}

// ISO 4217 list one as of 2026 (BGN ended with 2025; ANG became XCG, ZWL became ZWG). In the order of the codes,
// because they are found by bisection.
currencies! {
    AED 2, AFN 2, ALL 2, AMD 2, AOA 2, ARS 2, AUD 2, AWG 2, AZN 2, BAM 2, BBD 2, BDT 2, BHD 3,
    BIF 0, BMD 2, BND 2, BOB 2, BOV 2, BRL 2, BSD 2, BTN 2, BWP 2, BYN 2, BZD 2, CAD 2, CDF 2,
    CHE 2, CHF 2, CHW 2, CLF 4, CLP 0, CNY 2, COP 2, COU 2, CRC 2, CUP 2, CVE 2, CZK 2, DJF 0,
    DKK 2, DOP 2, DZD 2, EGP 2, ERN 2, ETB 2, EUR 2, FJD 2, FKP 2, GBP 2, GEL 2, GHS 2, GIP 2,
    GMD 2, GNF 0, GTQ 2, GYD 2, HKD 2, HNL 2, HTG 2, HUF 2, IDR 2, ILS 2, INR 2, IQD 3, IRR 2,
    ISK 0, JMD 2, JOD 3, JPY 0, KES 2, KGS 2, KHR 2, KMF 0, KPW 2, KRW 0, KWD 3, KYD 2, KZT 2,
    LAK 2, LBP 2, LKR 2, LRD 2, LSL 2, LYD 3, MAD 2, MDL 2, MGA 2, MKD 2, MMK 2, MNT 2, MOP 2,
    MRU 2, MUR 2, MVR 2, MWK 2, MXN 2, MXV 2, MYR 2, MZN 2, NAD 2, NGN 2, NIO 2, NOK 2, NPR 2,
    NZD 2, OMR 3, PAB 2, PEN 2, PGK 2, PHP 2, PKR 2, PLN 2, PYG 0, QAR 2, RON 2, RSD 2, RUB 2,
    RWF 0, SAR 2, SBD 2, SCR 2, SDG 2, SEK 2, SGD 2, SHP 2, SLE 2, SOS 2, SRD 2, SSP 2, STN 2,
    SVC 2, SYP 2, SZL 2, THB 2, TJS 2, TMT 2, TND 3, TOP 2, TRY 2, TTD 2, TWD 2, TZS 2, UAH 2,
    UGX 0, USD 2, USN 2, UYI 0, UYU 2, UYW 4, UZS 2, VED 2, VES 2, VND 0, VUV 0, WST 2, XAD 2,
    XAF 0, XCD 2, XCG 2, XOF 0, XPF 0, YER 2, ZAR 2, ZMW 2, ZWG 2,
}

impl Currency {
    /// The currency of a three-letter code in capitals. None for anything else, lower case too: a code that is not
    /// written as the standard writes it is more likely a mistake than a currency.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let place = Self::EVERY.binary_search_by(|known| known.code.cmp(code)).ok()?;
        Self::EVERY.get(place).copied()
    }

    /// The three-letter code, such as `TRY`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many decimals an amount has: 0, 2, 3 or 4. One unit is 10 to this power minor units.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// Minor units in one unit: 100 for TRY, 1 for JPY, 1000 for KWD.
    #[must_use]
    pub const fn minor_units_in_one(self) -> i64 {
        10_i64.saturating_pow(u32::from_le_bytes([self.exponent, 0, 0, 0]))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// The text is not the code of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A currency is written as its three-letter code in capitals, such as TRY or EUR.")]
pub struct CurrencyError;

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_code(text).ok_or(CurrencyError)
    }
}

serde_as_text!(Currency);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_three_capitals_in_order_and_finds_itself() {
        assert!(Currency::EVERY.windows(2).all(|pair| pair[0].code < pair[1].code));
        for currency in Currency::EVERY {
            assert!(currency.code.len() == 3 && currency.code.bytes().all(|b| b.is_ascii_uppercase()), "{currency}");
            assert_eq!(Currency::from_code(currency.code()), Some(*currency));
            assert_eq!(currency.code(), currency.to_string());
        }
    }

    #[test]
    fn the_currencies_without_two_decimals_are_exactly_these() {
        let with = |exponent| -> String {
            Currency::EVERY.iter().filter(|c| c.exponent == exponent).map(|c| c.code).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(with(0), "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF");
        assert_eq!(with(3), "BHD IQD JOD KWD LYD OMR TND");
        assert_eq!(with(4), "CLF UYW");
        assert!(Currency::EVERY.iter().all(|c| [0, 2, 3, 4].contains(&c.exponent)));
    }

    #[test]
    fn one_unit_holds_ten_to_the_exponent_minor_units() {
        assert_eq!(Currency::JPY.minor_units_in_one(), 1);
        assert_eq!(Currency::TRY.minor_units_in_one(), 100);
        assert_eq!(Currency::KWD.minor_units_in_one(), 1_000);
        assert_eq!(Currency::CLF.minor_units_in_one(), 10_000);
    }

    #[test]
    fn what_is_not_an_exact_code_is_refused() {
        for text in ["", "try", "TL", "TRYX", "TRY ", "XXX", "XAU", "ZWL"] {
            assert_eq!(Currency::from_code(text), None, "{text}");
        }
        assert!(serde_json::from_str::<Currency>("\"try\"").is_err());
        assert_eq!(serde_json::from_str::<Currency>("\"TRY\"").unwrap(), Currency::TRY);
    }
}
