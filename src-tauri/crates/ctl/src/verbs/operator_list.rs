//! `veznectl operator list`

use serde::Serialize;
use vezne_core::ids::OperatorId;
use vezne_core::ports::Journal as _;
use vezne_core::rights::Role;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Serialize)]
struct Listed<'a> {
    operator: OperatorId,
    name: &'a str,
    role: Role,
}

pub(crate) async fn run(context: &Context) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let operators = reading.journal.operators().await?;
    for operator in &operators {
        context.output.object(&Listed { operator: operator.id, name: operator.name.as_str(), role: operator.role });
        let role = match operator.role {
            Role::Cashier => "cashier",
            Role::Supervisor => "supervisor",
        };
        context.output.line(&format!("  {role:<12}{}  {}", operator.id, operator.name));
    }
    if operators.is_empty() {
        context.output.line("  There is nobody yet: veznectl operator add --name NAME --role supervisor");
    }
    reading.journal.close().await;
    Ok(Exit::Done)
}
