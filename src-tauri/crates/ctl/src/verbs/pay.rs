//! `veznectl pay`

use vezne_core::account::PagePlace;
use vezne_core::attempt::Subject;
use vezne_core::ids::AttemptId;
use vezne_core::money::{Currency, Money};
use vezne_core::options::Choice;
use vezne_core::order::OrderId;
use vezne_core::reference::{Part, Reference};
use vezne_home::Home;
use vezne_till::{AttemptView, Authority, PayError, PayMeans, PayRequest, Till};
use zeroize::Zeroizing;

use crate::args::PayArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::stop::Stop;
use crate::watch::Watch;
use crate::{report, stdin};

/// What was asked for, read and checked before anything is opened.
struct Wanted {
    subject: Subject,
    amount: Option<Money>,
    amount_again: Option<Money>,
    means: PayMeans,
    authority: Option<Authority>,
    overrides: Option<AttemptId>,
}

pub(crate) async fn run(context: &Context, args: PayArgs) -> Result<Exit, Failure> {
    let settings = context.home.settings()?;
    let account = settings.accounts.iter().find(|account| account.name == args.account || account.id == args.account);
    let usual = account.and_then(|account| account.currencies.first().copied());
    if account.is_none() {
        let names: Vec<&str> = settings.accounts.iter().map(|account| account.name.as_str()).collect();
        return Err(Failure::arguments(Code::UnknownAccount).because(format!("There are: {}.", names.join(", "))));
    }
    let wanted = read(&context.home, &args, usual)?;
    let (opening, news) = context.opening();
    let mut open = context.open_till(opening).await?;
    let account = context::account(&mut open, &args.account)?;
    let operator = context::operator(&open.ports, args.operator.as_deref()).await?;
    let mut stop = Stop::listen();
    let changes = open.till.changes();
    let request = PayRequest {
        account,
        subject: wanted.subject,
        amount: wanted.amount,
        amount_again: wanted.amount_again,
        means: wanted.means,
        operator,
        authority: wanted.authority,
        overrides: wanted.overrides,
        twin_confirmed: args.twin_ok,
        page: Some(PagePlace::Browser),
    };
    let begun = begin(context, &open.till, request, &mut stop).await;
    let outcome = match begun {
        Ok(first) => {
            let watch = Watch { output: &context.output, till: &open.till, changes, news, stop };
            watch.outcome(first).await
        }
        Err(error) => Err(Failure::from(error)),
    };
    open.close().await;
    let watched = outcome?;
    Ok(report::attempt(&context.output, &watched.view, watched.interrupted))
}

/// Begins the payment. Never dropped half-way: only the till's answer tells whether there is an attempt, and which one is
/// to be cancelled when someone stops it meanwhile.
async fn begin(context: &Context, till: &Till, request: PayRequest, stop: &mut Stop) -> Result<AttemptView, PayError> {
    let begun = till.pay(request);
    tokio::pin!(begun);
    tokio::select! {
        begun = &mut begun => begun,
        () = stop.asked() => {
            context.output.warn("  Stopping …");
            stop.ask_again();
            begun.await
        }
    }
}

fn read(home: &Home, args: &PayArgs, usual: Option<Currency>) -> Result<Wanted, Failure> {
    // Before the card is read: what can't be allowed anyway asks for no card.
    if context::claimed(&args.right)?.is_none() && (args.overrides.is_some() || args.no_3ds) {
        return Err(Failure::refused(Code::NeedsSupervisor));
    }
    let currency = args.currency.as_deref().map(context::currency).transpose()?.or(usual);
    let amount_of = |text: &Option<String>| match (text, currency) {
        (Some(text), Some(currency)) => context::amount(text, currency).map(Some),
        (Some(_), None) | (None, _) => Ok(None),
    };
    let subject = subject(args)?;
    let (amount, amount_again) = (amount_of(&args.amount)?, amount_of(&args.confirm_amount)?);
    let overrides = args.overrides.as_deref().map(context::id).transpose()?;
    let (means, pin) = means(home, args)?;
    let authority = context::authority(&args.right, pin)?;
    Ok(Wanted { subject, amount, amount_again, means, authority, overrides })
}

fn subject(args: &PayArgs) -> Result<Subject, Failure> {
    if let Some(order) = &args.order {
        let order: OrderId = order.parse().map_err(|error| Failure::refused(Code::Order).because(error))?;
        return Ok(Subject::Order(order));
    }
    let reference = args.reference.as_deref().unwrap_or_default();
    let reference: Reference = reference.parse().map_err(|error| Failure::refused(Code::Reference).because(error))?;
    let part = args.part.as_deref().map(str::parse::<Part>).transpose();
    let part = part.map_err(|error| Failure::refused(Code::Part).because(error))?;
    Ok(Subject::Reference { reference, part })
}

fn means(home: &Home, args: &PayArgs) -> Result<(PayMeans, Option<Zeroizing<String>>), Failure> {
    if args.from_limit {
        let pin = match args.right.supervisor {
            Some(_) => stdin::pins(&["the supervisor's PIN"])?.pop(),
            None => None,
        };
        return Ok((PayMeans::CreditLimit, pin));
    }
    let now = jiff::Timestamp::now().to_zoned(context::zone(home));
    let today = (u16::try_from(now.year()).unwrap_or(u16::MAX), u8::try_from(now.month()).unwrap_or(u8::MAX));
    let input = stdin::card(today)?;
    let choice = Choice {
        program: args.program.as_deref().map(vezne_core::options::ProgramId::named),
        installments: args.installments,
        shown_total: None,
    };
    let means = PayMeans::Card { card: Box::new(input.card), choice, shown: None, three_ds: !args.no_3ds };
    Ok((means, input.supervisor_pin))
}
