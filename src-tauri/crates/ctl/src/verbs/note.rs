//! `veznectl payment note`

use serde::Serialize;
use vezne_core::ids::{OperatorId, PaymentId};
use vezne_core::note::Note;

use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Serialize)]
struct Noted<'a> {
    payment: PaymentId,
    operator: Option<OperatorId>,
    note: &'a str,
}

/// What is written down, and about what.
pub(crate) struct Wanted {
    pub(crate) payment: String,
    pub(crate) text: String,
    pub(crate) operator: Option<String>,
}

pub(crate) async fn run(context: &Context, wanted: Wanted) -> Result<Exit, Failure> {
    let text = context::text("--text", &wanted.text)?;
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let done = async {
        let payment = context::payment(&open.journal, &wanted.payment).await?;
        let operator = context::operator(&open.ports, wanted.operator.as_deref()).await?;
        let note = Note { payment, operator, text };
        open.till.add_note(note.clone()).await?;
        Ok::<Note, Failure>(note)
    }
    .await;
    open.close().await;
    let note = done?;
    context.output.object(&Noted { payment: note.payment, operator: note.operator, note: note.text.as_str() });
    context.output.line(&format!("  Written down with {}.", note.payment));
    Ok(Exit::Done)
}
