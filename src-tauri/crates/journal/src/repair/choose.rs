//! Which of the found events make the chain: from its end to its beginning, each the one that the next one names.

use std::collections::BTreeMap;

use vezne_core::ports::JournalFault;
use vezne_events::head::Head;
use vezne_events::{Lost, chain};

use super::found::{self, Found, Link};

/// A chain that was put together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chain {
    /// The numbers that are missing in it, ascending.
    pub(super) gaps: Vec<Lost>,
    /// The number and epoch of its newest event.
    pub(super) newest: Option<(i64, i64)>,
    /// Whether its newest event is the one that the marker names: nothing is missing at its end.
    pub(super) reaches_marker: bool,
}

impl Chain {
    /// Whether nothing is missing that has not been declared lost before.
    pub(super) fn is_whole(&self, declared: &[Lost]) -> bool {
        self.reaches_marker && self.gaps.iter().all(|gap| declared.contains(gap))
    }
}

/// Marks the events of the chain as taken.
pub(super) async fn choose(found: &mut Found, desk: &str, marker: Option<&Head>) -> Result<Chain, JournalFault> {
    found.begin().await?;
    found.forget_taken().await?;
    let mut choice = Choice { began: found.epochs(desk).await?, next: None, chain: Chain::default() };
    let Some(newest) = found.newest(desk).await? else {
        found.commit().await?;
        return Ok(choice.chain);
    };
    let is_marked = |marker: &Head| marker.seq == newest.seq && marker.hash == chain::hex(&newest.hash);
    choice.chain.newest = Some((newest.seq, newest.epoch));
    choice.chain.reaches_marker = marker.is_some_and(is_marked);
    let mut from = newest.seq.saturating_sub(1);
    found.take(newest.place).await?;
    choice.next = Some(newest);
    loop {
        let page = found.backwards(desk, from).await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { break };
        // The page may end between two events of one number: they are looked at together on the next one.
        let last = if first.seq == last.seq { last.seq.saturating_sub(1) } else { last.seq };
        let is_end = page.len() < found::PAGE;
        from = last;
        for link in page.into_iter().filter(|link| is_end || link.seq > last) {
            if choice.follows(&link) {
                found.take(link.place).await?;
                choice.next = Some(link);
            }
        }
        if is_end {
            break;
        }
    }
    found.commit().await?;
    choice.close();
    Ok(choice.chain)
}

/// Where the way back stands.
struct Choice {
    /// Where each epoch began, as far as that event was found.
    began: BTreeMap<i64, i64>,
    /// The event taken last: the one after the next.
    next: Option<Link>,
    chain: Chain,
}

impl Choice {
    /// Whether this event stands before the one taken last. A gap that it leaves is noted.
    fn follows(&mut self, link: &Link) -> bool {
        let Some(next) = &self.next else { return false };
        let before = next.seq.saturating_sub(1);
        if link.seq > before || link.epoch > next.epoch {
            return false;
        }
        // A newer epoch had begun by then: this is what a restored backup left behind, another branch.
        let later = |(epoch, began): (&i64, &i64)| link.epoch < *epoch && *epoch <= next.epoch && *began <= link.seq;
        if self.began.iter().any(later) {
            return false;
        }
        if link.seq == before {
            return chain::same(&link.hash, &next.previous_hash);
        }
        self.chain.gaps.push(Lost { first: link.seq.saturating_add(1), last: before });
        true
    }

    fn close(&mut self) {
        if let Some(first) = self.next.as_ref().filter(|first| first.seq > 1) {
            self.chain.gaps.push(Lost { first: 1, last: first.seq.saturating_sub(1) });
        }
        self.chain.gaps.reverse();
    }
}
