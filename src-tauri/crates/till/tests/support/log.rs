//! One log for all ports.

use std::sync::{Arc, Mutex};

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// How often this very line stands there.
    pub(crate) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|known| *known == line).count()
    }

    /// These lines stand there in this order, whatever stands between them.
    pub(crate) fn assert_order(&self, wanted: &[&str]) {
        let lines = self.lines();
        let mut rest = lines.iter();
        for line in wanted {
            assert!(rest.any(|known| known == line), "{line:?} is missing or too early in {lines:#?}");
        }
    }
}
