//! The Sale screen: what is typed, what is offered, and Pay.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use tauri::Manager as _;
use vezne_core::account::{Account, PagePlace};
use vezne_core::attempt::Subject;
use vezne_core::card::Bin;
use vezne_core::ids::{AccountId, AttemptId};
use vezne_core::money::Currency;
use vezne_core::money::typed::read_typed;
use vezne_core::options::{Choice, ProgramId};
use vezne_core::order::OrderId;
use vezne_core::ports::Journal as _;
use vezne_till::{OptionsRequest, PayError, PayMeans, PayRequest, Shown};

use super::desk_only;
use crate::session::{Session, Sessions};
use crate::view::{
    AmountRefusal, AttemptView, BlockView, Code, Fault, Field, GuardQuestion, MeansInput, Names, OptionsQuestion,
    OptionsView, OrderView, PayStop, SaleInput, SubjectInput, TypedAmount, authority, choice_code, money, operator,
};

/// How many option lists are remembered: the newest ones, more than a person looks at before one Pay.
const LISTS_KEPT: usize = 64;

type Desk<'a> = tauri::State<'a, Arc<dyn Sessions>>;

/// Reads an amount as it was typed.
///
/// # Errors
/// Why it is not taken, with both readings where there are two.
#[tauri::command]
#[specta::specta]
pub async fn read_amount(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    account: String,
    text: String,
    currency: String,
) -> Result<TypedAmount, AmountRefusal> {
    desk_only(&window)?;
    amount_typed(&*desk.session()?, &account, &text, &currency)
}

/// Reads a reference or an order id as it was typed.
///
/// # Errors
/// Why it is not taken.
#[tauri::command]
#[specta::specta]
pub async fn read_subject(window: tauri::WebviewWindow, subject: SubjectInput) -> Result<(), Fault> {
    desk_only(&window)?;
    subject.read().map(drop)
}

/// An order before it is paid.
///
/// # Errors
/// Why it can't be read.
#[tauri::command]
#[specta::specta]
pub async fn order(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    account: String,
    order: String,
) -> Result<OrderView, Fault> {
    desk_only(&window)?;
    order_of(&*desk.session()?, &account, &order).await
}

/// What a card may pay, and how. The answer is remembered under its number until Pay.
///
/// # Errors
/// Why it can't be had.
#[tauri::command]
#[specta::specta]
pub async fn options(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    question: OptionsQuestion,
) -> Result<OptionsView, Fault> {
    desk_only(&window)?;
    options_for(&*desk.session()?, question).await
}

/// What the duplicate guard would say, before anything of a card is known.
///
/// # Errors
/// When it can't be asked.
#[tauri::command]
#[specta::specta]
pub async fn guard(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    question: GuardQuestion,
) -> Result<Option<BlockView>, Fault> {
    desk_only(&window)?;
    guarded(&*desk.session()?, question).await
}

/// Begins a payment; returns once it is written down.
///
/// # Errors
/// Why it was not begun; nothing was sent then.
#[tauri::command]
#[specta::specta]
pub async fn pay(window: tauri::WebviewWindow, desk: Desk<'_>, sale: SaleInput) -> Result<AttemptView, PayStop> {
    desk_only(&window)?;
    begin(&*desk.session()?, sale).await
}

/// Wipes every card that is kept: at a new sale, and when the form is left.
#[tauri::command]
#[specta::specta]
pub async fn forget_cards(window: tauri::WebviewWindow) {
    if desk_only(&window).is_err() {
        return;
    }
    // Without an open till there is no card to forget.
    if let Ok(session) = window.state::<Arc<dyn Sessions>>().session() {
        session.till.forget_cards().await;
    }
}

/// Cancels an attempt that has not been sent yet.
///
/// # Errors
/// When it may have left.
#[tauri::command]
#[specta::specta]
pub async fn cancel(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<(), Fault> {
    desk_only(&window)?;
    let attempt: AttemptId = attempt.parse().map_err(Fault::from)?;
    Ok(desk.session()?.till.cancel(attempt).await?)
}

fn account_of<'a>(session: &'a Session, id: &str) -> Result<&'a Account, Fault> {
    let known = id.parse::<AccountId>().ok().and_then(|id| session.accounts.get(&id));
    known.ok_or(Fault::new(Code::UnknownAccount))
}

pub(super) fn amount_typed(
    session: &Session,
    account: &str,
    text: &str,
    currency: &str,
) -> Result<TypedAmount, AmountRefusal> {
    let account = account_of(session, account)?;
    let currency: Currency = currency.parse().map_err(Fault::from)?;
    if !account.currencies.contains(&currency) {
        return Err(Fault::new(Code::CurrencyNotTaken).into());
    }
    let amount = read_typed(text, currency)?;
    Ok(TypedAmount { amount: amount.into(), twice: account.wants_twice(amount) })
}

pub(super) async fn order_of(session: &Session, account: &str, order: &str) -> Result<OrderView, Fault> {
    let account = account_of(session, account)?.reference.id.clone();
    let order: OrderId = order.parse()?;
    let summary = session.till.order(account, order.clone()).await;
    let not_known = |fault: Fault| {
        if fault.code == Code::NotKnown { Fault::new(Code::OrderNotFound).at(Field::Order) } else { fault }
    };
    summary.map(|summary| OrderView::of(&order, &summary)).map_err(|fault| not_known(fault.into()))
}

pub(super) async fn options_for(session: &Session, question: OptionsQuestion) -> Result<OptionsView, Fault> {
    let account = account_of(session, &question.account)?.reference.id.clone();
    let bin =
        Bin::parse(&question.bin).map_err(|error| Fault::new(Code::CardNumber).because(error).at(Field::Number))?;
    let owed = money(question.amount.as_ref())?;
    let request = match (question.order.as_deref(), owed) {
        (Some(order), _) => OptionsRequest::Order { account, bin, order: order.parse()? },
        (None, Some(amount)) => OptionsRequest::Amount { account, bin, amount },
        (None, None) => return Err(Fault::new(Code::WrongSubject)),
    };
    let shown = session.till.options(request).await?;
    let number = session.next_list.fetch_add(1, Ordering::Relaxed);
    let view = OptionsView::of(number, &shown.list, owed);
    remember(session, number, shown);
    Ok(view)
}

pub(super) fn remember(session: &Session, number: u32, shown: Shown) {
    let mut lists = session.shown.lock().unwrap_or_else(PoisonError::into_inner);
    lists.insert(number, shown);
    while lists.len() > LISTS_KEPT {
        let Some(oldest) = lists.keys().min().copied() else { break };
        lists.remove(&oldest);
    }
}

pub(super) fn remembered(session: &Session, number: u32) -> Option<Shown> {
    session.shown.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
}

pub(super) async fn guarded(session: &Session, question: GuardQuestion) -> Result<Option<BlockView>, Fault> {
    let account = account_of(session, &question.account)?.reference.id.clone();
    let (subject, amount) = (question.subject.read()?, money(question.amount.as_ref())?);
    let asked = vezne_till::GuardQuestion { account, subject: subject.clone(), amount };
    let Some(block) = session.till.guard(asked).await? else { return Ok(None) };
    Ok(Some(BlockView::of(&block, &subject, &names(session).await?)))
}

/// Operators' names, as they stand in the journal now.
pub(super) async fn names(session: &Session) -> Result<Names, Fault> {
    Ok(Names::of(&session.journal.operators().await?))
}

pub(super) async fn begin(session: &Session, sale: SaleInput) -> Result<AttemptView, PayStop> {
    let sale = Sale::read(session, sale)?;
    let (subject, choice) = (sale.request.subject.clone(), sale.choice.clone());
    let amount = sale.request.amount;
    match session.till.pay(sale.request).await {
        Ok(view) => Ok((&view).into()),
        Err(error) => {
            let code = choice.and_then(|(list, choice)| choice_code(&list.list, &choice, amount, session.clock.now()));
            Err(stop(session, error, &subject, code).await)
        }
    }
}

/// Why it was not begun, with names for ids where an earlier attempt is shown.
async fn stop(session: &Session, error: PayError, subject: &Subject, choice: Option<Code>) -> PayStop {
    // What stands in the way is told even if nobody can say who sat there.
    let names = names(session).await.unwrap_or_default();
    PayStop::of(error, subject, &names, choice)
}

/// A sale as the window sent it, read.
struct Sale {
    request: PayRequest,
    /// What was chosen, and from what.
    choice: Option<(Shown, Choice)>,
}

impl Sale {
    fn read(session: &Session, sale: SaleInput) -> Result<Self, PayStop> {
        let SaleInput { account, subject, amount, amount_again, means, operator: sits, supervisor, overrides, .. } =
            sale;
        let authority = supervisor.map(authority).transpose()?;
        let account = account_of(session, &account)?.reference.id.clone();
        let subject = subject.read()?;
        let (means, choice, page) = read_means(session, means)?;
        let request = PayRequest {
            account,
            subject,
            amount: money(amount.as_ref())?,
            amount_again: money(amount_again.as_ref())?,
            means,
            operator: operator(sits.as_deref())?,
            authority,
            overrides: overrides.map(|attempt| attempt.parse()).transpose().map_err(Fault::from)?,
            twin_confirmed: sale.twin_confirmed,
            page,
        };
        Ok(Self { request, choice })
    }
}

type Means = (PayMeans, Option<(Shown, Choice)>, Option<PagePlace>);

fn read_means(session: &Session, means: MeansInput) -> Result<Means, PayStop> {
    let (held, program, installments, shown_total, list, three_ds, in_browser) = match means {
        MeansInput::CreditLimit => return Ok((PayMeans::CreditLimit, None, None)),
        MeansInput::Card { held, program, installments, shown_total, list, three_ds, in_browser } => {
            (held, program, installments, shown_total, list, three_ds, in_browser)
        }
    };
    let held = held.parse().map_err(|_| Fault::new(Code::CardForgotten).at(Field::Number))?;
    let program = program.as_deref().map(ProgramId::named);
    let choice = Choice { program, installments, shown_total: Some(shown_total.read()?) };
    let Some(shown) = remembered(session, list) else {
        return Err(PayStop::Options { fault: Fault::new(Code::OptionsTooOld) });
    };
    let page = in_browser.then_some(PagePlace::Browser);
    let chosen = (shown.clone(), choice.clone());
    let means = PayMeans::Held { held, choice, shown: Some(Box::new(shown)), three_ds };
    Ok((means, Some(chosen), page))
}
