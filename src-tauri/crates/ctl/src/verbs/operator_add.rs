//! `veznectl operator add`

use secrecy::SecretString;
use serde::Serialize;
use vezne_core::ids::OperatorId;
use vezne_core::ports::{Clock as _, Entropy as _};
use vezne_core::record::Operator;
use vezne_core::rights::Role;
use vezne_core::text::TypedText;
use vezne_home::{OsEntropy, SystemClock, hash_pin};
use vezne_till::SettleError;

use crate::args::{RightArgs, RoleArg};
use crate::context::{self, Context, NAME_CHARS};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::stdin;

#[derive(Serialize)]
struct Added<'a> {
    operator: OperatorId,
    name: &'a str,
    role: Role,
}

pub(crate) async fn run(context: &Context, name: &str, role: RoleArg, right: &RightArgs) -> Result<Exit, Failure> {
    let name = TypedText::parse(name, NAME_CHARS).map_err(|error| Failure::refused(Code::Name).because(error))?;
    let prompts: &[&str] =
        if context::claimed(right)?.is_some() { &["the new PIN", "the supervisor's PIN"] } else { &["the new PIN"] };
    let mut pins = stdin::pins(prompts)?.into_iter();
    let pin = pins.next().ok_or_else(|| Failure::refused(Code::PinMissing))?;
    let authority = context::authority(right, pins.next())?;
    let claimed = authority.is_some();
    let (mut opening, _news) = context.opening();
    // A desk's first supervisor may be there before its first account.
    opening.settings_may_be_missing = true;
    let open = context.open_till(opening).await?;
    let hashed = hash_pin(SecretString::from(pin.as_str()), &open.chain_key).await;
    let pin_hash = hashed.map_err(|error| Failure::refused(Code::PinRefused).because(error))?;
    let role = match role {
        RoleArg::Cashier => Role::Cashier,
        RoleArg::Supervisor => Role::Supervisor,
    };
    let id = fresh_id();
    let added = open.till.add_operator(Operator { id, name: name.clone(), role, pin_hash }, authority).await;
    open.close().await;
    let operator = match added {
        Err(SettleError::NotASupervisor) if !claimed => return Err(Failure::refused(Code::NeedsSupervisor)),
        added => added?,
    };
    context.output.object(&Added { operator, name: name.as_str(), role });
    context.output.line(&format!("  {name} is added ({operator})."));
    Ok(Exit::Done)
}

fn fresh_id() -> OperatorId {
    let [a, b, c, d, e, f, g, h, i, j, ..] = OsEntropy.sixteen();
    OperatorId::from_parts(SystemClock.now(), [a, b, c, d, e, f, g, h, i, j])
}
