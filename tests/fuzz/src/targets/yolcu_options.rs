//! `POST /payment/installment-info`: options, and the second sign.

use vezne_core::account::GatewayKind;
use vezne_core::answers::Probe;
use vezne_core::card::Bin;
use vezne_core::ports::OptionsQuestion;

use super::finrota_options::list_is_sound;
use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "yolcu_options", run, words: &WORDS, longest: 32 * 1024 };

const WORDS: [&str; 28] = [
    "\"bankCode\":46",
    "\"bankName\":\"Akbank\"",
    "\"binNumber\":\"415565\"",
    "\"cardAssociation\":\"VISA\"",
    "\"cardFamily\":\"World\"",
    "\"cardType\":\"credit\"",
    "\"shouldForceTo3D\":true",
    "\"shouldForceTo3D\":false",
    "\"shouldForceTo3D\":\"false\"",
    "\"supportedCurrencies\":[\"TRY\"]",
    "\"installmentPrices\":[]",
    "\"number\":1",
    "\"number\":12",
    "\"number\":0",
    "\"number\":61",
    "\"number\":256",
    "\"price\":{\"amount\":54500,\"currency\":\"TRY\"}",
    "\"totalPrice\":{\"amount\":54500,\"currency\":\"TRY\"}",
    "\"amount\":0",
    "\"amount\":-1",
    "\"currency\":\"USD\"",
    "200\n",
    "201\n",
    "400\n",
    "402\n",
    "404\n",
    "407\n",
    "500\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let reader = samples::reader(GatewayKind::Yolcu360);
    let (Ok(bin), Ok(order)) = (Bin::parse("41556501"), "order_1".parse()) else { unreachable!("samples") };
    let question = OptionsQuestion::Order { bin, order };
    let told = reader.options(parts.exchange(), &question);
    crate::check::texts_are_filtered(&told);
    if let Ok(list) = &told {
        assert!(parts.is_one_of(&[200, 201]), "options that no 200 told");
        assert_eq!(list.bin.as_str(), "415565");
        list_is_sound(list);
    }
    let is_json = crate::check::is_json(parts.body);
    match reader.probe(parts.exchange()) {
        Probe::StillOpen => assert!(parts.is_one_of(&[200, 201])),
        Probe::Gone => assert!(parts.is(404)),
        Probe::NoAnswer => {
            let is_object = parts.body.trim_ascii().starts_with(b"{");
            assert!(!(parts.is_one_of(&[200, 404]) && is_json && is_object), "an answer that counts as none");
        }
    }
}
