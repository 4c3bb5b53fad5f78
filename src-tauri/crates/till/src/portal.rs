//! What went back by hand in the gateway's own portal: written down, counted against what is left, never sent.

use vezne_core::attempt::Attempt;
use vezne_core::ids::ReversalId;
use vezne_core::money::Money;
use vezne_core::reversal::{self, Intent, Target};
use vezne_core::rights::Act;

use crate::authority::{self, Known, NoAuthority};
use crate::desk::{Desk, LiveReversal};
use crate::request::{PortalReturn, ReverseError, ReverseSize};
use crate::returnable::amount_of;
use crate::reverse::batch_of;
use crate::unwritten::Doubt;
use crate::view::ReversalView;

impl Desk {
    /// Whether it could be written down, before a PIN is checked for it.
    pub(crate) async fn look_at_portal_return(&self, request: &PortalReturn) -> Result<(), ReverseError> {
        self.recordable(request).await.map(|_| ())
    }

    /// The attempt whose money went back, and how much of it.
    async fn recordable(&self, request: &PortalReturn) -> Result<(Attempt, Money), ReverseError> {
        self.may_write_down().map_err(ReverseError::Journal)?;
        let standing = self.standing(request.payment, request.attempt).await?;
        let amount = match (standing.may_go_back(request.shown_left)?, request.size) {
            (Some(sums), size) => amount_of(size, sums.left)?,
            // What was paid is not known, so nothing bounds it: the supervisor says how much the portal gave back.
            (None, ReverseSize::Part(amount)) if amount.is_positive() => amount,
            (None, ReverseSize::Part(amount)) => return Err(ReverseError::BadAmount(amount.currency())),
            (None, ReverseSize::Whole) => return Err(ReverseError::AmountNotKnown),
        };
        Ok((standing.attempt, amount))
    }

    /// The PIN was checked: what went back is written down, as final as it is told.
    pub(crate) async fn record_return(
        &mut self,
        request: PortalReturn,
        known: Result<Known, NoAuthority>,
    ) -> Result<ReversalView, ReverseError> {
        let supervisor = known.and_then(|known| known.may(Act::RecordReturn)).map_err(|no| match no {
            NoAuthority::NotASupervisor => ReverseError::NotASupervisor,
            NoAuthority::Journal(fault) => ReverseError::Journal(fault),
        })?;
        // Asked again: something may have been returned while the PIN was checked.
        let (attempt, amount) = self.recordable(&request).await?;
        let now = self.now();
        let id = ReversalId::from_parts(now, self.ten());
        let intent = Intent {
            reversal: id,
            payment: request.payment,
            attempt: attempt.intent.attempt,
            account: attempt.intent.account.clone(),
            kind: request.kind,
            amount,
            target: Target::Portal,
            word: authority::word(supervisor, &request.authority, Some(request.saw)),
        };
        let (reversal, entries) = reversal::recorded(intent, now);
        if let Err(fault) = self.write(batch_of(&reversal, &entries), now).await {
            self.doubt(Doubt::Reversal(id)).await;
            return Err(ReverseError::Journal(fault));
        }
        self.reversals.insert(id, LiveReversal::new(reversal.clone()));
        self.tell_reversal(id);
        self.let_go_reversal(id);
        Ok(self.reversal_view(&reversal))
    }
}
