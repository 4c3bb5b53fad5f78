//! `GET /b2c/paymentOptions`.

use std::collections::BTreeSet;

use vezne_core::account::GatewayKind;
use vezne_core::card::Bin;
use vezne_core::options::OptionList;
use vezne_core::ports::OptionsQuestion;

use crate::check::texts_are_filtered;
use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "finrota_options", run, words: &WORDS, longest: 32 * 1024 };

const WORDS: [&str; 30] = [
    "\"id\":7",
    "\"id\":\"7\"",
    "\"id\":null",
    "\"id\":4155650100416111",
    "\"name\":\"World\"",
    "\"postTitle\":\"POS\"",
    "\"posTitle\":\"POS\"",
    "\"isDefaultPos\":true",
    "\"isDefaultPos\":\"true\"",
    "\"installments\":[]",
    "\"currencyId\":\"TRY\"",
    "\"amount\":545.00",
    "\"amount\":545.001",
    "\"amount\":1e3",
    "\"installment\":0",
    "\"installment\":1",
    "\"installment\":60",
    "\"installment\":61",
    "\"installmentAmount\":45.42",
    "\"token\":\"T\"",
    "\"token\":\"\"",
    "\"token\":7",
    "\"commRate\":1.83",
    "\"data\":[]",
    "200\n",
    "201\n",
    "400\n",
    "401\n",
    "404\n",
    "407\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let reader = samples::reader(GatewayKind::Finrota);
    let Ok(bin) = Bin::parse("41556501") else { unreachable!("samples") };
    let told = reader.options(parts.exchange(), &OptionsQuestion::Amount { bin, amount: samples::lira(54_500) });
    texts_are_filtered(&told);
    let Ok(list) = told else { return };
    assert!(parts.is_one_of(&[200, 201]), "options that no 200 told");
    assert_eq!(list.base, Some(samples::lira(54_500)));
    list_is_sound(&list);
    for option in list.programs.iter().flat_map(|program| &program.options) {
        assert_eq!(option.total.currency().code(), "TRY");
        assert!(
            String::from_utf8_lossy(parts.body).contains("token") || parts.body.contains(&b'\\'),
            "payable without a token"
        );
    }
}

/// What every list of options must be, whoever told it.
pub(super) fn list_is_sound(list: &OptionList) {
    let mut ids = BTreeSet::new();
    let mut count = 0_usize;
    for program in &list.programs {
        assert!(!program.options.is_empty(), "a program without options");
        assert!(ids.insert(program.id.0.as_str().to_owned()), "two programs that can't be told apart");
        let mut before = 0;
        for option in &program.options {
            count = count.saturating_add(1);
            assert!(option.installments > before && option.installments <= 60, "{} installments", option.installments);
            before = option.installments;
            assert!(option.total.is_positive(), "an option that costs nothing");
            assert_eq!(option.monthly.currency(), option.total.currency());
            let _what_the_screen_says = (option.is_uneven(), option.extra_over(list.base));
        }
    }
    assert!(count <= 200, "{count} options");
    let first_is_default = list.programs.first().is_none_or(|program| program.is_default);
    assert!(first_is_default || list.programs.iter().all(|program| !program.is_default), "the default stands first");
}
