//! Every committed input through its target, and some thousand changed ones: quick, and the same every time.

use vezne_fuzz::{engine, targets};

macro_rules! replayed {
    ($($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                let target = targets::named(stringify!($name));
                assert!(target.is_some(), "there is no such target");
                engine::in_a_test(&target.unwrap_or_else(|| unreachable!()));
            }
        )+

        #[test]
        fn every_target_is_replayed() {
            let named = [$(stringify!($name)),+];
            assert_eq!(targets::ALL.map(|target| target.name), named);
        }
    };
}

replayed!(
    amount,
    anchor,
    bank_page,
    bank_return,
    card,
    config,
    exported,
    faults,
    finrota_options,
    finrota_pay,
    finrota_status,
    journal,
    papers,
    reversals,
    search,
    sign_in,
    text,
    vault,
    yolcu_options,
    yolcu_order,
    yolcu_pay,
);

#[test]
fn the_corpora_stay_small() {
    let all = targets::ALL.map(|target| engine::read(&engine::committed(target.name)));
    let bytes: usize = all.into_iter().flat_map(Result::unwrap_or_default).map(|(_, input)| input.len()).sum();
    assert!(bytes > 0 && bytes < 300 * 1024, "{bytes} bytes");
}
