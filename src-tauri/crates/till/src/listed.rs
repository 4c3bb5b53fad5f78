//! A list settled with one PIN (`RULES.md` 2 and 3): what nobody can confirm, and what has been unknown for a day. Each one
//! with what was seen of it, and each by the same rules as alone.

use vezne_core::attempt::Event;
use vezne_core::ids::AttemptId;
use vezne_core::rights::Act;

use crate::authority::{self, Known, NoAuthority};
use crate::desk::Desk;
use crate::request::{Authority, ListedWord, SettleError};
use crate::view::AttemptView;

/// How many are settled in one step: a person has looked at each of them.
pub const LIST_MOST: usize = 100;

/// What came of each of a list.
pub type Settled = Vec<(AttemptId, Result<AttemptView, SettleError>)>;

impl Desk {
    /// Whether the list is one at all, before a PIN is checked for it.
    pub(crate) fn look_at_list(words: &[ListedWord]) -> Result<(), SettleError> {
        match words.len() {
            0 => Err(SettleError::NotListed("the list is empty")),
            many if many > LIST_MOST => Err(SettleError::NotListed("a list holds a hundred at most")),
            _ => Ok(()),
        }
    }

    /// The PIN was checked: each is settled by itself, and one that can't be stops no other.
    pub(crate) async fn settle_list(
        &mut self,
        words: Vec<ListedWord>,
        authority: &Authority,
        known: Result<Known, NoAuthority>,
    ) -> Result<Settled, SettleError> {
        let known = known?;
        let mut settled = Vec::with_capacity(words.len());
        for word in words {
            let attempt = word.attempt;
            settled.push((attempt, self.settle_listed(word, authority, known).await));
        }
        Ok(settled)
    }

    async fn settle_listed(
        &mut self,
        word: ListedWord,
        authority: &Authority,
        known: Known,
    ) -> Result<AttemptView, SettleError> {
        let ListedWord { attempt, outcome, saw } = word;
        let supervisor = known.may(Act::Resolve)?;
        let view = self.show_attempt(attempt).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)?;
        if view.listed_from.is_none_or(|from| self.now() < from) {
            return Err(SettleError::NotListed("only what has been unknown for a day, or what nobody can confirm"));
        }
        let word = authority::word(supervisor, authority, Some(saw));
        self.person(attempt, Event::Resolved { outcome, word }).await?;
        self.show_attempt(attempt).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)
    }
}
