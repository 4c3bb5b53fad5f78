//! When something that did not succeed is tried again, by a clock that may be set back.

use vezne_core::time::{Millis, Timestamp};

/// The next try, if there is to be one.
pub(crate) struct Again {
    after: Millis,
    at: Option<Timestamp>,
}

impl Again {
    /// None is to be; where one is, so long after the last.
    pub(crate) const fn after(span: Millis) -> Self {
        Self { after: span, at: None }
    }

    /// There is to be one, counted from now.
    pub(crate) fn set(&mut self, now: Timestamp) {
        self.at = Some(now.after(self.after));
    }

    /// There is to be none.
    pub(crate) const fn clear(&mut self) {
        self.at = None;
    }

    /// When: a clock that was set back must not put it off.
    pub(crate) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        self.at.map(|at| at.min(now.after(self.after)))
    }

    /// Whether that moment has come, or lies further ahead than it can.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.at.is_some_and(|at| at <= now || at > now.after(self.after))
    }
}
