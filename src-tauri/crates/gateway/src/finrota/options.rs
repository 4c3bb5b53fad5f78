//! Installment options of Finrota: the answer of `GET /b2c/paymentOptions` in core's words, its tokens set aside.

use secrecy::SecretString;
use vezne_core::card::Bin;
use vezne_core::limits::{INSTALLMENTS_MOST, OPTIONS_MOST};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, OptionList, Program, ProgramId, ThreeDsRule};
use vezne_core::ports::ReadFault;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use super::tickets::Row;
use super::wire::{InstallmentAnswer, ProgramAnswer};
use crate::errors::shown;
use crate::field::{Field, json_text, object};
use crate::money::{OddAmounts, decimal};

/// A list and the tokens that belong to it.
pub(crate) struct Options {
    pub(crate) list: OptionList,
    pub(super) rows: Vec<Row>,
}

/// Reads an answer. The root may be one program, a list of them, or the vendor's envelope around either.
pub(super) fn read(
    body: &[u8],
    id_text: &dyn Fn(&str) -> ForeignText,
    asked: (Bin, Money),
    now: Timestamp,
) -> Result<Options, ReadFault> {
    let (bin, amount) = asked;
    let mut programs: Vec<Program> = Vec::new();
    let mut rows = Vec::new();
    let mut odd = OddAmounts::default();
    for answer in programs_of(body).ok_or_else(unreadable)? {
        let room = OPTIONS_MOST.saturating_sub(rows.len());
        let id = program_id(&answer, &programs, id_text);
        let (program, mut more) = read_program(&answer, id, amount.currency(), room, &mut odd);
        rows.append(&mut more);
        if !program.options.is_empty() {
            programs.push(program);
        }
    }
    odd.unless_something_is_left(!programs.is_empty())?;
    programs.sort_by_key(|program| !program.is_default);
    let list = OptionList {
        bin,
        base: Some(amount),
        programs,
        three_ds: ThreeDsRule::Optional,
        bank: None,
        family: None,
        association: None,
        card_type: None,
        currencies: Vec::new(),
        at: now,
    };
    Ok(Options { list, rows })
}

const fn unreadable() -> ReadFault {
    ReadFault::CouldNotAsk(vezne_core::answers::CouldNotAsk::Unreadable)
}

fn programs_of(body: &[u8]) -> Option<Vec<ProgramAnswer>> {
    let text = json_text(body)?;
    if text.starts_with('[') {
        return listed(serde_json::from_str(text).ok()?);
    }
    let root: ProgramAnswer = object(text)?;
    if root.installments.is_there() || root.id.is_there() {
        return Some(vec![root]);
    }
    match root.data.as_list() {
        Some(list) => listed(list),
        None => Some(vec![object(root.data.raw()?.get())?]),
    }
}

fn listed(list: Vec<Field>) -> Option<Vec<ProgramAnswer>> {
    list.iter().map(|element| object(element.raw()?.get())).collect()
}

/// The program's own id, else its name, else its place. Two with the same id are told apart by a number, because a
/// choice must name one of them.
fn program_id(answer: &ProgramAnswer, before: &[Program], id_text: &dyn Fn(&str) -> ForeignText) -> ProgramId {
    let named = answer.id.text().or_else(|| answer.name.text()).unwrap_or_else(|| "program".to_owned());
    let mut id = ProgramId(id_text(&named));
    let mut number = 2_usize;
    while before.iter().any(|program| program.id == id) {
        id = ProgramId(id_text(&format!("{named}#{number}")));
        number = number.saturating_add(1);
    }
    id
}

fn read_program(
    answer: &ProgramAnswer,
    id: ProgramId,
    currency: Currency,
    room: usize,
    odd: &mut OddAmounts,
) -> (Program, Vec<Row>) {
    let mut options: Vec<InstallmentOption> = Vec::new();
    let mut rows = Vec::new();
    for row in answer.installments.as_list().unwrap_or_default() {
        let Some(row) = row.raw().and_then(|raw| object::<InstallmentAnswer>(raw.get())) else { continue };
        let Some((option, token)) = odd.leave_out(read_option(&row, currency)) else {
            tracing::warn!(
                program = id.0.as_str(),
                "an installment option without number, amount or token is left out"
            );
            continue;
        };
        if options.len() >= room || options.iter().any(|known| known.installments == option.installments) {
            continue;
        }
        let (installments, total) = (option.installments, option.total);
        rows.push(Row { program: id.clone(), installments, total, token });
        options.push(option);
    }
    options.sort_by_key(|option| option.installments);
    let name = answer.name.or(&answer.post_title).or(&answer.pos_title).text().map(|text| shown(&text));
    (Program { id, name, is_default: answer.is_default_pos.flag() == Some(true), options }, rows)
}

/// One option; `None` when something is missing without which it can't be shown or paid.
fn read_option(
    row: &InstallmentAnswer,
    currency: Currency,
) -> Result<Option<(InstallmentOption, SecretString)>, ReadFault> {
    let money = |field, name| decimal(field, currency).map_err(|why| ReadFault::Amount { field: name, why });
    let total = money(&row.amount, "amount")?;
    let monthly = money(&row.installment_amount, "installmentAmount")?;
    let installments = match row.installment.int() {
        // Zero installments is how some terminals write a single payment.
        Some(0) => Some(1),
        Some(number) => u8::try_from(number).ok().filter(|number| *number <= INSTALLMENTS_MOST),
        None => None,
    };
    let (Some(total), Some(installments), Some(token)) = (total, installments, row.token.secret()) else {
        return Ok(None);
    };
    let Some(monthly) = monthly.or((installments == 1).then_some(total)) else { return Ok(None) };
    if !total.is_positive() {
        return Ok(None);
    }
    let commission = row.comm_rate.text().map(|text| shown(&text));
    Ok(Some((InstallmentOption { installments, monthly, total, commission }, token)))
}
