//! Does the chain still say what was written?
//!
//! The walk is pure: whoever holds the events hands them over in the order of their chains, and answers what stands beside
//! them for the names that it asks about.

use std::collections::BTreeMap;

use vezne_core::ports::JournalFault;

use crate::chain::{self, GENESIS};
use crate::chained::Commitment;
use crate::event::Event;
use crate::keys::{ChainKey, Keys};
use crate::report::{Break, Broken, Lost, Report, Unverifiable};

/// What stands in the side table for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// The name and the salt of its commitment.
    Name {
        /// The name.
        text: String,
        /// The salt.
        salt: Vec<u8>,
    },
    /// It was erased by the program.
    Erased,
}

/// Walks along one desk's chain.
struct Walk {
    desk: String,
    seq: i64,
    epoch: i64,
    hash: Vec<u8>,
    /// The keys of this epoch, each with the first event that names it; the current one is the last.
    keys: Vec<(String, i64)>,
    /// Whether the events just before the next one are declared lost.
    after_loss: bool,
}

impl Walk {
    fn start(desk: &str) -> Self {
        Self { desk: desk.to_owned(), seq: 0, epoch: 0, hash: GENESIS.to_vec(), keys: Vec::new(), after_loss: false }
    }

    /// What is wrong with the next event as far as its place goes.
    fn place(&self, event: &Event) -> Option<(i64, Break)> {
        let expected = self.seq.saturating_add(1);
        if event.seq != expected {
            return Some((expected, Break::Gap { found: event.seq }));
        }
        // What a lost event's hash was, nobody knows; the next event's own hash covers it all the same.
        let follows = self.after_loss || chain::same(&event.previous_hash, &self.hash);
        let new_epoch = event.epoch > self.epoch && (event.kind == "epoch_started" || self.after_loss);
        let in_order = follows && (event.epoch == self.epoch || new_epoch);
        if !in_order {
            return Some((event.seq, Break::Order));
        }
        // A key that was left does not come back within an epoch: a lost key named in between would only hide a change.
        let (_, left) = self.keys.split_last()?;
        let returns = event.epoch == self.epoch && left.iter().any(|(key, _)| *key == event.key_id);
        let since = self.keys.last().map_or(event.seq, |(_, since)| *since);
        returns.then_some((since, Break::Changed))
    }

    fn go(&mut self, event: &Event) {
        if event.epoch != self.epoch {
            self.keys.clear();
        }
        if self.keys.last().is_none_or(|(key, _)| *key != event.key_id) {
            self.keys.push((event.key_id.clone(), event.seq));
        }
        self.after_loss = false;
        self.seq = event.seq;
        self.epoch = event.epoch;
        self.hash.clone_from(&event.hash);
    }
}

/// Verifies chains, event by event, desk by desk. After the first fault it only counts.
pub struct Verification<'a> {
    keys: &'a Keys,
    declared: Vec<Lost>,
    known: BTreeMap<String, Option<ChainKey>>,
    walk: Walk,
    report: Report,
}

impl<'a> Verification<'a> {
    /// Begins. `declared` is what the journal's [`SPAN_LOST`](crate::chained::SPAN_LOST) events say, read beforehand: they
    /// stand behind the gaps that they speak of, and are verified like any other event when their turn comes.
    #[must_use]
    pub fn new(keys: &'a Keys, declared: Vec<Lost>) -> Self {
        Self { keys, declared, known: BTreeMap::new(), walk: Walk::start(""), report: Report::default() }
    }

    /// The desk and number of the newest event taken; an empty desk before the first.
    #[must_use]
    pub fn stands_at(&self) -> (&str, i64) {
        (&self.walk.desk, self.walk.seq)
    }

    /// Takes the next event, and says what must be asked about its names: hand each to [`Self::name`].
    ///
    /// # Errors
    /// [`JournalFault::Unreadable`] when the commitments of an event that is as it was written can't be read.
    pub fn take(&mut self, event: &Event) -> Result<Vec<Commitment>, JournalFault> {
        if event.desk_id != self.walk.desk {
            self.walk = Walk::start(&event.desk_id);
        }
        self.report.events = self.report.events.saturating_add(1);
        if event.epoch != self.walk.epoch {
            self.report.epochs = self.report.epochs.saturating_add(1);
        }
        self.skip_declared(event.seq);
        let mut names = Vec::new();
        if self.report.broken.is_none() {
            match self.walk.place(event) {
                Some((seq, what)) => self.broken(event, seq, what),
                None => names = self.content(event)?,
            }
        }
        self.walk.go(event);
        Ok(names)
    }

    /// Passes over a gap before event `seq` if exactly this gap was declared.
    fn skip_declared(&mut self, seq: i64) {
        let gap = Lost { first: self.walk.seq.saturating_add(1), last: seq.saturating_sub(1) };
        if gap.first <= gap.last && self.declared.contains(&gap) {
            self.walk.seq = gap.last;
            self.walk.after_loss = true;
            self.report.lost.push(gap);
        }
    }

    /// Checks one event with its key, and gives back its commitments.
    fn content(&mut self, event: &Event) -> Result<Vec<Commitment>, JournalFault> {
        if !self.known.contains_key(&event.key_id) {
            self.known.insert(event.key_id.clone(), self.keys.find(&event.key_id));
        }
        let Some(Some(key)) = self.known.get(&event.key_id) else {
            note_unverifiable(event, &mut self.report);
            return Ok(Vec::new());
        };
        if !chain::same(&event.link().hash(key), &event.hash) {
            self.broken(event, event.seq, Break::Changed);
            return Ok(Vec::new());
        }
        serde_json::from_str(&event.names)
            .map_err(|error| JournalFault::Unreadable(format!("the names of event {}: {error}", event.seq)))
    }

    /// Holds a name of the event just taken against its commitment. `None` when the side table does not know it.
    pub fn name(&mut self, event: &Event, committed: Commitment, kept: Option<Kept>) {
        if self.report.broken.is_some() {
            return;
        }
        let Commitment { name, commitment } = committed;
        match kept {
            None => self.broken(event, event.seq, Break::NameGone { name }),
            Some(Kept::Erased) => self.report.names_erased = self.report.names_erased.saturating_add(1),
            Some(Kept::Name { text, salt }) => {
                self.report.names = self.report.names.saturating_add(1);
                let Some(Some(key)) = self.known.get(&event.key_id) else { return };
                let hash = chain::commitment(key, &name, &salt, &text);
                if !chain::same(chain::hex(&hash).as_bytes(), commitment.as_bytes()) {
                    self.broken(event, event.seq, Break::Name { name });
                }
            }
        }
    }

    /// What was found.
    #[must_use]
    pub fn end(self) -> Report {
        self.report
    }

    fn broken(&mut self, event: &Event, seq: i64, what: Break) {
        self.report.broken = Some(Broken { desk: event.desk_id.clone(), seq, what });
    }
}

/// Verifies events in the order of their chains, with the names beside them. All of them are there: none is declared lost.
///
/// # Errors
/// [`JournalFault::Unreadable`] when the commitments of an event that is as it was written can't be read.
pub fn events<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    keys: &Keys,
    names: impl Fn(&str) -> Option<Kept>,
) -> Result<Report, JournalFault> {
    let mut verification = Verification::new(keys, Vec::new());
    for event in events {
        for committed in verification.take(event)? {
            let kept = names(&committed.name);
            verification.name(event, committed, kept);
        }
    }
    Ok(verification.end())
}

fn note_unverifiable(event: &Event, report: &mut Report) {
    if let Some(last) = report.unverifiable.last_mut()
        && last.desk == event.desk_id
        && last.key_id == event.key_id
        && last.to.saturating_add(1) == event.seq
    {
        last.to = event.seq;
        return;
    }
    report.unverifiable.push(Unverifiable {
        desk: event.desk_id.clone(),
        from: event.seq,
        to: event.seq,
        key_id: event.key_id.clone(),
    });
}

#[cfg(test)]
mod tests {
    use vezne_core::ids::NameId;
    use vezne_core::ports::Entropy;
    use vezne_core::record::{Batch, EpochReason, PersonName, Record};
    use vezne_core::time::Timestamp;
    use zeroize::Zeroizing;

    use super::*;
    use crate::chained::{Draft, Place, chained};

    struct Zeros;

    impl Entropy for Zeros {
        fn sixteen(&self) -> [u8; 16] {
            [0; 16]
        }
    }

    fn keys() -> Keys {
        Keys::only(ChainKey::new("key-1", Zeroizing::new([1; 32])))
    }

    fn name_id() -> NameId {
        NameId::from_parts(Timestamp::from_millis(0), [1; 10])
    }

    /// Four events; the first speaks of a name.
    fn written() -> Vec<Event> {
        let records = vec![Record::EpochStarted { epoch: 1, why: EpochReason::NewJournal }; 4];
        let batch = Batch { records, names: vec![(name_id(), PersonName::new("AYŞE"))] };
        let draft = Draft::of(batch, Timestamp::from_millis(1), &Zeros).unwrap().unwrap();
        chained(&draft, keys().current(), &Zeros, Place::after(None, "dsk_1", None).unwrap()).unwrap()
    }

    fn ayse() -> Kept {
        Kept::Name { text: "AYŞE".to_owned(), salt: vec![0; 16] }
    }

    fn broken(found: &[Event], kept: Option<Kept>) -> Option<(i64, Break)> {
        let report = events(found, &keys(), |_| kept.clone()).unwrap();
        report.broken.map(|broken| (broken.seq, broken.what))
    }

    #[test]
    fn what_was_written_verifies_and_an_erased_name_breaks_nothing() {
        let report = events(&written(), &keys(), |_| Some(ayse())).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.events, report.epochs, report.names, report.names_erased), (4, 1, 1, 0));
        let report = events(&written(), &keys(), |_| Some(Kept::Erased)).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.names, report.names_erased), (0, 1));
    }

    #[test]
    fn the_first_event_that_is_not_as_it_was_written_is_named() {
        let name = name_id().to_string();
        let mut changed = written();
        changed[1].body.push(' ');
        changed[3].body.push(' ');
        assert_eq!(broken(&changed, Some(ayse())), Some((2, Break::Changed)));
        let mut removed = written();
        removed.remove(2);
        assert_eq!(broken(&removed, Some(ayse())), Some((3, Break::Gap { found: 4 })));
        let mut exchanged = written();
        exchanged.swap(1, 2);
        exchanged[1].seq = 2;
        exchanged[2].seq = 3;
        assert_eq!(broken(&exchanged, Some(ayse())), Some((2, Break::Order)));
        assert_eq!(broken(&written(), None), Some((1, Break::NameGone { name: name.clone() })));
        let other = Kept::Name { text: "ALİ".to_owned(), salt: vec![0; 16] };
        assert_eq!(broken(&written(), Some(other)), Some((1, Break::Name { name })));
    }

    #[test]
    fn events_under_a_lost_key_can_not_be_verified_and_are_not_broken() {
        let other = Keys::only(ChainKey::new("key-2", Zeroizing::new([2; 32])));
        let report = events(&written(), &other, |_| None).unwrap();
        let span = Unverifiable { desk: "dsk_1".to_owned(), from: 1, to: 4, key_id: "key-1".to_owned() };
        assert!(report.is_sound());
        assert_eq!(report.unverifiable, [span]);
    }
}
