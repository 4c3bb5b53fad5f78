//! `veznectl journal rebuild`

use serde::Serialize;
use vezne_core::record::EpochReason;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// What a person at a terminal confirms.
const STATEMENT: &str = "A new epoch begins with a new key: what was written before can never be verified again, and PINs \
that were set under the old key count no more.";

#[derive(Serialize)]
struct Rebuilt {
    rebuilt: bool,
    epoch: u32,
    began: Option<EpochReason>,
}

pub(crate) async fn run(context: &Context, key_is_lost: bool) -> Result<Exit, Failure> {
    if key_is_lost {
        crate::stdin::confirm(false, STATEMENT)?;
    }
    let (mut opening, _news) = context.opening();
    opening.settings_may_be_missing = true;
    opening.new_chain_key = key_is_lost;
    let open = context.open_standing(opening).await?;
    let rebuilt = open.journal.rebuild().await;
    let (epoch, began) = (open.start.epoch, open.start.began);
    open.close().await;
    rebuilt?;
    context.output.object(&Rebuilt { rebuilt: true, epoch, began });
    context.output.line("  Everything that is shown was made anew from the events.");
    if began == Some(EpochReason::KeyLost) {
        context
            .output
            .line(&format!("  Epoch {epoch} began with a new key; what came before can't be verified any more."));
    }
    Ok(Exit::Done)
}
