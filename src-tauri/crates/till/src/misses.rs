//! Wrong PINs: each further one under a name holds its answer back longer, so that guessing takes for ever.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use vezne_core::record::Operator;
use vezne_core::time::Millis;

use crate::authority::key_of;

/// So many wrong PINs in a row are a slip of the finger.
const FREE: u32 = 2;
/// No answer is held back longer.
const LONGEST: Millis = Millis::seconds(30);
/// So many names are counted; beyond that only those of operators.
const NAMES_MOST: usize = 1_000;

/// How many wrong PINs came in a row under one name. It is held while a PIN of that name is checked and while the answer
/// is held back, so that tries made side by side wait for each other.
pub(crate) type Tries = Arc<tokio::sync::Mutex<u32>>;

/// The wrong PINs of every name since the desk started. Unknown names count like known ones: nobody is told which exist.
#[derive(Default)]
pub(crate) struct Misses {
    names: Mutex<BTreeMap<String, Tries>>,
}

impl Misses {
    /// The tries under a name.
    pub(crate) fn under(&self, name: &str, operators: &[Operator]) -> Tries {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= NAMES_MOST {
            // Whoever makes up names must neither fill the memory nor wash an operator's misses out of it.
            names.retain(|known, _| operators.iter().any(|operator| key_of(operator.name.as_str()) == *known));
        }
        Arc::clone(names.entry(key_of(name)).or_default())
    }
}

/// How long the answer to the latest of so many misses in a row is held back.
pub(crate) fn held_back(misses: u32) -> Millis {
    let Some(doublings) = misses.checked_sub(FREE + 1) else { return Millis::ZERO };
    let seconds = 1_u64.checked_shl(doublings).filter(|seconds| *seconds < LONGEST.as_millis() / 1_000);
    seconds.map_or(LONGEST, Millis::seconds)
}

#[cfg(test)]
mod tests {
    use vezne_core::ids::OperatorId;
    use vezne_core::rights::Role;
    use vezne_core::time::Timestamp;

    use super::*;

    #[test]
    fn the_answer_is_held_back_twice_as_long_each_time_and_half_a_minute_at_most() {
        let seconds: Vec<u64> = (0..9).map(|misses| held_back(misses).as_millis() / 1_000).collect();
        assert_eq!(seconds, [0, 0, 0, 1, 2, 4, 8, 16, 30]);
        for misses in [66, 67, 100, u32::MAX] {
            assert_eq!(held_back(misses), LONGEST, "{misses}");
        }
    }

    #[tokio::test]
    async fn made_up_names_do_not_wash_an_operators_misses_away() {
        let operator = Operator {
            id: OperatorId::from_parts(Timestamp::from_millis(0), [1; 10]),
            name: "Şefika".parse().unwrap(),
            role: Role::Supervisor,
            pin_hash: String::new(),
        };
        let operators = [operator];
        let misses = Misses::default();
        *misses.under(" ŞEFİKA", &operators).lock().await = 7;
        for number in 0..3 * NAMES_MOST {
            misses.under(&format!("nobody {number}"), &operators);
        }
        assert_eq!(*misses.under("Şefika", &operators).lock().await, 7);
        assert!(misses.names.lock().unwrap().len() <= NAMES_MOST);
    }
}
