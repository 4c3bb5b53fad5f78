//! `veznectl options`: asks the gateway only; no journal, no lock, so it works beside a running desk.

use serde::Serialize;
use vezne_core::card::Bin;
use vezne_core::options::{OptionList, ThreeDsRule};
use vezne_core::ports::OptionsQuestion;

use crate::args::OptionsArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;

#[derive(Serialize)]
struct Offered<'a> {
    bin: &'a str,
    three_ds: &'static str,
    bank: Option<&'a str>,
    family: Option<&'a str>,
    currencies: Vec<&'static str>,
    programs: Vec<ProgramOffered<'a>>,
}

#[derive(Serialize)]
struct ProgramOffered<'a> {
    program: &'a str,
    name: Option<&'a str>,
    default: bool,
    options: Vec<OptionOffered<'a>>,
}

#[derive(Serialize)]
struct OptionOffered<'a> {
    installments: u8,
    monthly: String,
    total: String,
    currency: &'static str,
    commission: Option<&'a str>,
}

pub(crate) async fn run(context: &Context, args: OptionsArgs) -> Result<Exit, Failure> {
    let bin = Bin::parse(&args.bin).map_err(|_| Failure::refused(Code::Bin))?;
    let question = match (&args.order, &args.amount, &args.currency) {
        (Some(order), _, _) => {
            let order = order.parse().map_err(|error| Failure::refused(Code::Order).because(error))?;
            OptionsQuestion::Order { bin: bin.first_six(), order }
        }
        (None, Some(amount), Some(currency)) => {
            OptionsQuestion::Amount { bin, amount: context::amount(amount, context::currency(currency)?)? }
        }
        (None, _, _) => return Err(Failure::arguments(Code::Arguments)),
    };
    let (opening, _news) = context.opening();
    let served = context.home.account(&args.account, &opening).await?;
    let served = served.ok_or_else(|| Failure::arguments(Code::UnknownAccount))?;
    let fits = match (&question, served.account.reference.gateway) {
        (OptionsQuestion::Amount { .. }, vezne_core::account::GatewayKind::Finrota)
        | (OptionsQuestion::Order { .. }, vezne_core::account::GatewayKind::Yolcu360) => true,
        (OptionsQuestion::Amount { .. }, vezne_core::account::GatewayKind::Yolcu360)
        | (OptionsQuestion::Order { .. }, vezne_core::account::GatewayKind::Finrota) => false,
    };
    if !fits {
        let why = "Finrota is asked with --amount and --currency, Yolcu360 with --order.";
        return Err(Failure::refused(Code::WrongSubject).because(why));
    }
    let (list, _ticket) = served.gateway.options(question).await?;
    show(context, &list);
    Ok(Exit::Done)
}

fn show(context: &Context, list: &OptionList) {
    let output = &context.output;
    output.object(&offered(list));
    let forced = match list.three_ds {
        ThreeDsRule::Forced => "the gateway insists on it",
        ThreeDsRule::Optional => "on, unless a supervisor turns it off",
    };
    output.field("card", &format!("{} {}", list.bin.brand(), list.bin));
    for (label, value) in [("bank", &list.bank), ("family", &list.family), ("kind", &list.card_type)] {
        if let Some(value) = value {
            output.field(label, value.as_str());
        }
    }
    output.field("3-D Secure", forced);
    if list.programs.iter().all(|program| program.options.is_empty()) {
        output.line("");
        output.line("  The gateway offers no way to pay with this card.");
    }
    for program in &list.programs {
        output.line("");
        let name = program.name.as_ref().map_or("", |name| name.as_str());
        let default = if program.is_default { " (default)" } else { "" };
        output.line(&format!("  {name} [--program {}]{default}", program.id.0));
        for option in &program.options {
            let commission = option.commission.as_ref().map(|rate| format!("   {rate} %")).unwrap_or_default();
            let monthly = option.monthly.to_string();
            let total = option.total.to_string();
            output.line(&format!("  {:>3} × {monthly:>14} = {total:>14}{commission}", option.installments));
        }
    }
}

fn offered(list: &OptionList) -> Offered<'_> {
    Offered {
        bin: list.bin.as_str(),
        three_ds: match list.three_ds {
            ThreeDsRule::Forced => "forced",
            ThreeDsRule::Optional => "optional",
        },
        bank: list.bank.as_ref().map(|text| text.as_str()),
        family: list.family.as_ref().map(|text| text.as_str()),
        currencies: list.currencies.iter().map(|currency| currency.code()).collect(),
        programs: list
            .programs
            .iter()
            .map(|program| ProgramOffered {
                program: program.id.0.as_str(),
                name: program.name.as_ref().map(|text| text.as_str()),
                default: program.is_default,
                options: program
                    .options
                    .iter()
                    .map(|option| OptionOffered {
                        installments: option.installments,
                        monthly: option.monthly.amount_text(),
                        total: option.total.amount_text(),
                        currency: option.total.currency().code(),
                        commission: option.commission.as_ref().map(|text| text.as_str()),
                    })
                    .collect(),
            })
            .collect(),
    }
}
