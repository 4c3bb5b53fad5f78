//! Work for the network, as a task: whatever becomes of it, the desk hears of it.

use tokio::sync::mpsc::UnboundedSender;

use crate::actor::Inward;
use crate::desk::Desk;

impl Desk {
    /// Runs `work` beside the actor and hands its news in. A task that breaks down tells `broken` instead: an attempt
    /// whose request may have left must never wait for an answer that nobody will bring.
    pub(crate) fn beside(&self, work: impl Future<Output = Inward> + Send + 'static, broken: Inward) {
        run(self.inward.clone(), work, broken);
    }
}

/// The same, where the desk is not at hand.
pub(crate) fn run(
    inward: UnboundedSender<Inward>,
    work: impl Future<Output = Inward> + Send + 'static,
    broken: Inward,
) {
    let task = tokio::spawn(work);
    tokio::spawn(async move {
        let news = match task.await {
            Ok(news) => news,
            Err(error) => {
                // A panic's payload may hold anything; only that it happened is said.
                tracing::error!(cancelled = error.is_cancelled(), "a task broke down");
                broken
            }
        };
        let _till_closed = inward.send(news);
    });
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;
    use vezne_core::ids::AttemptId;
    use vezne_core::time::Timestamp;

    use super::*;

    #[tokio::test]
    async fn a_task_that_breaks_down_is_heard_of() {
        let (inward, mut inbox) = mpsc::unbounded_channel();
        let attempt = AttemptId::from_parts(Timestamp::from_millis(0), [0; 10]);
        run(inward, async { panic!("on purpose") }, Inward::TokenRenewed(attempt, false));
        assert!(matches!(inbox.recv().await, Some(Inward::TokenRenewed(found, false)) if found == attempt));
    }
}
