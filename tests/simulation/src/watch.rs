//! Panics and logged errors of a run, caught where they happen: tokio keeps a task's panic to itself.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// What was heard of a run beside its course.
#[derive(Debug, Default)]
pub(crate) struct Noise {
    pub(crate) panics: Vec<String>,
    pub(crate) errors: Vec<String>,
}

thread_local! {
    /// There while a run goes on in this thread.
    static HEARD: RefCell<Option<Noise>> = const { RefCell::new(None) };
}

fn hear(note: impl FnOnce(&mut Noise)) -> bool {
    HEARD.with_borrow_mut(|heard| match heard {
        Some(noise) => {
            note(noise);
            true
        }
        None => false,
    })
}

/// A run begins in this thread.
pub(crate) fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let words = panic.to_string();
            if !hear(|noise| noise.panics.push(words)) {
                before(panic);
            }
        }));
        // Where a program has a subscriber of its own, errors are its matter.
        let _mine_or_not = tracing::subscriber::set_global_default(Errors);
    });
    HEARD.set(Some(Noise::default()));
}

/// The run in this thread is over.
pub(crate) fn end() -> Noise {
    HEARD.take().unwrap_or_default()
}

/// Listens to errors only.
struct Errors;

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _never_fails = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Subscriber for Errors {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::ERROR)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        hear(|noise| {
            let mut words = Words(String::new());
            event.record(&mut words);
            noise.errors.push(words.0);
        });
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}
