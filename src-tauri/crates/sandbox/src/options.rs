//! What a card's first digits say: bank, network, card programs and their installments.

use crate::money::{Currency, with_commission};

/// One installment option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) number: i64,
    pub(crate) each_minor: i64,
    pub(crate) total_minor: i64,
}

/// One card program with its commission table: number of installments and basis points.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) post_title: &'static str,
    pub(crate) is_default: bool,
    pub(crate) pos_id: i64,
    pub(crate) plans: &'static [(i64, i64)],
}

/// Everything a BIN decides.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    prefix: &'static str,
    pub(crate) bank_code: i64,
    pub(crate) bank: &'static str,
    pub(crate) association: &'static str,
    pub(crate) family: &'static str,
    pub(crate) card_type: &'static str,
    pub(crate) force_3d: bool,
    pub(crate) currencies: &'static [Currency],
    pub(crate) programs: &'static [Program],
    /// Finrota answers a bare object instead of an array.
    pub(crate) bare: bool,
}

const WORLD: Program = Program {
    id: 4,
    name: "World",
    post_title: "Practice Bank World POS",
    is_default: true,
    pos_id: 12,
    plans: &[(1, 0), (3, 180), (6, 450), (12, 1_000)],
};

const MAXIMUM: Program = Program {
    id: 7,
    name: "Maximum",
    post_title: "Practice Bank Maximum POS",
    is_default: false,
    pos_id: 31,
    plans: &[(1, 0), (2, 120), (4, 260)],
};

const USUAL: Profile = Profile {
    prefix: "",
    bank_code: 12,
    bank: "Practice Bank",
    association: "Visa",
    family: "World",
    card_type: "credit",
    force_3d: false,
    currencies: &Currency::ALL,
    programs: &[WORLD],
    bare: true,
};

const PROFILES: &[Profile] = &[
    Profile { prefix: "4", ..USUAL },
    Profile { prefix: "5", association: "MasterCard", ..USUAL },
    Profile { prefix: "552879", association: "MasterCard", bare: false, ..USUAL },
    Profile {
        prefix: "9792",
        association: "Troy",
        family: "Bankkart",
        bank_code: 10,
        programs: &[MAXIMUM, WORLD],
        bare: false,
        ..USUAL
    },
    Profile {
        prefix: "37",
        association: "American Express",
        family: "Amex",
        bank_code: 62,
        programs: &[Program {
            id: 9,
            name: "Amex",
            post_title: "Practice Bank Amex POS",
            plans: &[(1, 0), (3, 250)],
            ..WORLD
        }],
        ..USUAL
    },
    Profile { prefix: "454671", force_3d: true, bare: false, ..USUAL },
    Profile { prefix: "540134", association: "MasterCard", programs: &[], bare: false, ..USUAL },
    Profile {
        prefix: "545616",
        association: "MasterCard",
        currencies: &[Currency::Usd, Currency::Eur],
        programs: &[Program { plans: &[(1, 0)], ..WORLD }],
        ..USUAL
    },
    Profile {
        prefix: "557113",
        association: "MasterCard",
        card_type: "debit",
        programs: &[Program { plans: &[(1, 0)], ..WORLD }],
        ..USUAL
    },
    Profile {
        prefix: "43550843",
        family: "World Platinum",
        programs: &[Program { id: 5, name: "World Platinum", plans: &[(1, 0), (3, 90), (9, 600)], ..WORLD }],
        ..USUAL
    },
];

/// The profile with the longest prefix that fits.
pub(crate) fn profile(bin: &str) -> &'static Profile {
    PROFILES
        .iter()
        .filter(|profile| bin.starts_with(profile.prefix))
        .max_by_key(|profile| profile.prefix.len())
        .unwrap_or(&USUAL)
}

/// The offers of one program. From 100.00 on, an installment is rounded up to 5.00, which gives the document's own example.
pub(crate) fn offers(base_minor: i64, program: &Program) -> Vec<Offer> {
    let step = if base_minor >= 10_000 { 500 } else { 1 };
    let offer = |(number, basis_points): &(i64, i64)| {
        if *number == 1 {
            return Offer { number: 1, each_minor: base_minor, total_minor: base_minor };
        }
        let total = with_commission(base_minor, *basis_points);
        let parts = number.saturating_mul(step).max(1);
        let each_minor = total.saturating_add(parts - 1).checked_div(parts).unwrap_or(0).saturating_mul(step);
        Offer { number: *number, each_minor, total_minor: each_minor.saturating_mul(*number) }
    };
    program.plans.iter().map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_example_comes_out_to_the_kurus() {
        let totals: Vec<_> = offers(54_500, &WORLD).iter().map(|o| (o.number, o.each_minor, o.total_minor)).collect();
        assert_eq!(totals, [(1, 54_500, 54_500), (3, 18_500, 55_500), (6, 9_500, 57_000), (12, 5_000, 60_000)]);
    }

    #[test]
    fn a_small_amount_is_not_rounded_to_whole_liras() {
        let three = offers(9_950, &WORLD)[1];
        assert_eq!(three, Offer { number: 3, each_minor: 3_377, total_minor: 10_131 });
    }

    #[test]
    fn eight_digits_can_say_something_else_than_six() {
        assert_ne!(profile("435508"), profile("43550843"));
        assert_eq!(profile("979209").programs.len(), 2);
        assert!(profile("540134").programs.is_empty());
    }
}
