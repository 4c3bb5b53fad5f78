//! `veznectl close`, `close list`, `close show`, `close compare`.

use std::collections::BTreeMap;

use serde::Serialize;
use tokio::sync::broadcast;
use vezne_core::close::{Closed, Comparison, Difference, Sums};
use vezne_core::ids::OperatorId;
use vezne_core::money::{Currency, Money};
use vezne_core::ports::{Journal as _, JournalFault};
use vezne_core::record::Operator;
use vezne_core::time::Timestamp;
use vezne_export::{CloseLine, Language as Written, Separators, close_csv, close_json, close_lines};
use vezne_home::{OpenTill, papers};
use vezne_journal::{CloseLine as Row, Journal};
use vezne_receipt::{ClosePaper, Language, Marks, grid};
use vezne_settings::papers::PdfPaper;
use vezne_till::{Change, ComparingView};

use crate::args::{CloseArgs, ClosePaperArgs, CloseVerb, LanguageArg, LinesArg, RightArgs};
use crate::context::{self, Context, aside};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::stop::Stop;

/// How wide a close is printed.
const WIDTH: usize = 72;

/// The sums of one currency, for a script.
#[derive(Serialize)]
struct Total {
    currency: Option<&'static str>,
    approved: Figure,
    reversed: Figure,
    withdrawn: Figure,
    reinstated: Figure,
    declined: Figure,
    refused: Figure,
    not_sent: Figure,
    net: Option<String>,
}

#[derive(Serialize)]
struct Figure {
    count: u32,
    amount: Option<String>,
}

impl Total {
    fn of(currency: Option<Currency>, sums: Sums) -> Self {
        let text = |minor| currency.map(|currency| Money::from_minor(minor, currency).amount_text());
        let figure = |sum: vezne_core::close::Sum| Figure { count: sum.count, amount: text(sum.minor) };
        Self {
            currency: currency.map(Currency::code),
            approved: figure(sums.approved),
            reversed: figure(sums.reversed),
            withdrawn: figure(sums.withdrawn),
            reinstated: figure(sums.reinstated),
            declined: figure(sums.declined),
            refused: figure(sums.refused),
            not_sent: figure(sums.not_sent),
            net: text(sums.net()),
        }
    }
}

/// A close as a script gets it.
#[derive(Serialize)]
struct Told<'a> {
    close: u32,
    anchor: String,
    day: String,
    from_day: String,
    zone: &'a str,
    at: Timestamp,
    since: Option<Timestamp>,
    after_event: i64,
    last_event: i64,
    operator: Option<String>,
    missing: Option<vezne_core::ports::MissingSpan>,
    totals: Vec<Total>,
    unknown: usize,
    in_progress: usize,
    contradicted: usize,
    training: bool,
    lines: Vec<CloseLine>,
    comparisons: Vec<Compared<'a>>,
}

/// A comparison as a script gets it.
#[derive(Serialize)]
struct Compared<'a> {
    close: u32,
    ended: Timestamp,
    agreed: u32,
    unanswered: u32,
    cannot_be_asked: u32,
    nothing_sent: u32,
    left: u32,
    differences: Vec<Differing<'a>>,
}

#[derive(Serialize)]
struct Differing<'a> {
    payment: String,
    attempt: String,
    subject: &'a str,
    account: &'a str,
    amount: Option<String>,
    currency: Option<&'static str>,
    ours: Option<&'static str>,
    finding: &'static str,
    seen: Option<&'a vezne_core::status::Seen>,
}

impl<'a> Compared<'a> {
    fn of(comparison: &'a Comparison) -> Self {
        let differing = |one: &'a Difference| Differing {
            payment: one.payment.to_string(),
            attempt: one.attempt.to_string(),
            subject: &one.subject,
            account: one.account.as_str(),
            amount: one.amount.map(|money| money.amount_text()),
            currency: one.amount.map(|money| money.currency().code()),
            ours: one.ours.map(vezne_core::attempt::Outcome::word),
            finding: one.finding.word(),
            seen: one.seen.as_ref(),
        };
        Self {
            close: comparison.number,
            ended: comparison.ended,
            agreed: comparison.agreed,
            unanswered: comparison.unanswered,
            cannot_be_asked: comparison.cannot_be_asked,
            nothing_sent: comparison.nothing_sent,
            left: comparison.left,
            differences: comparison.differences.iter().map(differing).collect(),
        }
    }
}

pub(crate) async fn run(context: &Context, args: CloseArgs) -> Result<Exit, Failure> {
    match args.verb {
        None => close(context, args.operator.as_deref(), args.right, language(context, args.lang)).await,
        Some(CloseVerb::List { limit }) => list(context, limit).await,
        Some(CloseVerb::Show { number, lines: _, lang, paper }) if paper.print || paper.pdf.is_some() => {
            issue(context, number, &paper, language(context, lang)).await
        }
        Some(CloseVerb::Show { number, lines, lang, paper: _ }) => {
            show(context, number, lines, language(context, lang)).await
        }
        Some(CloseVerb::Compare { number, operator }) => compare(context, number, operator.as_deref()).await,
    }
}

async fn close(
    context: &Context,
    operator: Option<&str>,
    right: RightArgs,
    language: Language,
) -> Result<Exit, Failure> {
    let asked = right.supervisor.is_some() || right.reason.is_some();
    let authority = if asked { Some(aside(move || context::needed_authority(&right)).await?) } else { None };
    let (opening, _news) = context.opening();
    let open = context.open_till(opening).await?;
    let made = async {
        let operator = context::operator(&open.ports, operator).await?;
        let closed = open.till.close_day_as(operator, authority).await?;
        let names = names_of(&open.journal).await?;
        tell(context, &closed, &names, language);
        Ok(Exit::Done)
    }
    .await;
    open.close().await;
    made
}

/// The language that was asked for, else the one that papers have by the settings.
fn language(context: &Context, asked: Option<LanguageArg>) -> Language {
    match (asked, context.home.settings()) {
        (Some(LanguageArg::En), _) => Language::English,
        (Some(LanguageArg::Tr), _) => Language::Turkish,
        (None, Ok(settings)) => papers::language(settings.receipt.language.unwrap_or(settings.desk.language)),
        (None, Err(_)) => Language::English,
    }
}

async fn names_of(journal: &Journal) -> Result<BTreeMap<OperatorId, String>, JournalFault> {
    let operators: Vec<Operator> = journal.operators().await?;
    Ok(operators.into_iter().map(|operator| (operator.id, operator.name.as_str().to_owned())).collect())
}

fn tell(context: &Context, closed: &Closed, names: &BTreeMap<OperatorId, String>, language: Language) {
    use vezne_core::close::Standing;
    let close = &closed.close;
    let figures = &close.figures;
    let training = context.home.is_practice();
    context.output.object(&Told {
        close: close.number,
        anchor: closed.anchor.to_string(),
        day: close.label.to.to_string(),
        from_day: close.label.from.to_string(),
        zone: &close.label.zone,
        at: close.at,
        since: close.covers.since,
        after_event: close.covers.after,
        last_event: close.covers.tip,
        operator: close.operator.map(|id| names.get(&id).cloned().unwrap_or_else(|| id.to_string())),
        missing: close.missing,
        totals: figures.totals().into_iter().map(|(currency, sums)| Total::of(currency, sums)).collect(),
        unknown: figures.standing(Standing::Unknown).saturating_add(figures.standing(Standing::SetAside)),
        in_progress: figures.standing(Standing::InProgress),
        contradicted: figures.standing(Standing::Contradicted),
        training,
        lines: close_lines(closed, names, training),
        comparisons: closed.comparisons.iter().map(Compared::of).collect(),
    });
    let merchant = context.home.settings().map(|settings| papers::merchant(&settings)).unwrap_or_default();
    let marks = Marks { training, ..Marks::default() };
    let paper = ClosePaper { merchant, closed: closed.clone(), names: names.clone(), marks };
    for line in grid::plain_text(&paper.document(language), WIDTH).lines() {
        context.output.line(&format!("  {line}"));
    }
}

async fn list(context: &Context, limit: u32) -> Result<Exit, Failure> {
    #[derive(Serialize)]
    struct Listed<'a> {
        close: u32,
        anchor: &'a str,
        day: &'a str,
        from_day: &'a str,
        zone: &'a str,
        at: Timestamp,
    }
    let zone = context::zone(&context.home);
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let rows = reading.journal.closes(None, limit).await;
    reading.journal.close().await;
    let rows: Vec<Row> = rows?;
    for Row { number, at, from_day, day, zone: made_in, operator: _, anchor } in &rows {
        context.output.object(&Listed { close: *number, anchor, day, from_day, zone: made_in, at: *at });
        let days = if from_day == day { day.clone() } else { format!("{from_day} \u{2013} {day}") };
        context.output.line(&format!("  {number:>5}  {}  {days:<23}  {anchor}", context::local(*at, &zone)));
    }
    if rows.is_empty() {
        context.output.line("  No day has been closed.");
    }
    Ok(Exit::Done)
}

async fn show(
    context: &Context,
    number: Option<u32>,
    lines: Option<LinesArg>,
    language: Language,
) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let found =
        async { Ok::<_, JournalFault>((reading.journal.day_close(number).await?, names_of(&reading.journal).await?)) };
    let found = found.await;
    reading.journal.close().await;
    let (closed, names) = found?;
    let closed = closed.ok_or_else(|| Failure::refused(Code::NoSuchClose))?;
    match lines {
        None => tell(context, &closed, &names, language),
        Some(lines) => {
            write_lines(context, &close_lines(&closed, &names, context.home.is_practice()), lines, language)?
        }
    }
    Ok(Exit::Done)
}

/// A paper that left.
#[derive(Serialize)]
struct Left<'a> {
    close: u32,
    paper: &'a str,
    way: &'static str,
    copy: Option<std::num::NonZeroU32>,
    file: Option<String>,
}

/// Prints or saves the paper of a close: numbered and written down before it leaves.
async fn issue(
    context: &Context,
    number: Option<u32>,
    how: &ClosePaperArgs,
    language: Language,
) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let issued = async {
        let operator = context::operator(&open.ports, how.by.as_deref()).await?;
        let closed = open.journal.day_close(number).await?.ok_or_else(|| Failure::refused(Code::NoSuchClose))?;
        let close = closed.close.number;
        let (names, training) = (names_of(&open.journal).await?, context.home.is_practice());
        let paper = papers::ClosedDay { closed, names, training }.paper(&open.settings, language);
        let left = Left { close, paper: paper.name.as_str(), way: "printer", copy: None, file: None };
        let left = if let Some(file) = &how.pdf {
            let to = papers::PdfTo { file: Some(file.clone()), paper: Some(PdfPaper::A4) };
            let saved = open.papers.save(&paper, to, operator).await?;
            Left { way: "pdf", copy: saved.copy, file: Some(saved.path.display().to_string()), ..left }
        } else {
            open.papers.start_printing().await;
            let copy = open.papers.print(&paper, operator).await?;
            super::receipt::printed(&open.papers, paper.name.as_str(), copy).await?;
            Left { copy, ..left }
        };
        let copy = left.copy.map_or_else(String::new, |copy| format!(", copy no. {copy}"));
        context.output.line(&format!("  {} {}{copy}", left.paper, left.file.as_deref().unwrap_or(left.way)));
        context.output.object(&left);
        Ok(Exit::Done)
    }
    .await;
    open.close().await;
    issued
}

fn write_lines(context: &Context, lines: &[CloseLine], how: LinesArg, language: Language) -> Result<(), Failure> {
    let language = match language {
        Language::English => Written::English,
        Language::Turkish => Written::Turkish,
    };
    let mut bytes = Vec::new();
    let written = match how {
        LinesArg::Csv => close_csv(lines, Separators::of(language), language, &mut bytes),
        LinesArg::Jsonl => close_json(lines, &mut bytes),
    };
    let written = written.and_then(|()| context.output.bytes(&bytes));
    written.map_err(|error| Failure::environment(Code::File).because(error))
}

async fn compare(context: &Context, number: u32, operator: Option<&str>) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let compared = compare_with(context, &open, number, operator).await;
    open.close().await;
    compared
}

async fn compare_with(
    context: &Context,
    open: &OpenTill,
    number: u32,
    operator: Option<&str>,
) -> Result<Exit, Failure> {
    let operator = context::operator(&open.ports, operator).await?;
    let mut changes = open.till.changes();
    let mut stop = Stop::listen();
    let mut view = open.till.compare_close(number, operator).await?;
    while !view.ended {
        progress(context, &view);
        tokio::select! {
            changed = changes.recv() => match changed {
                Ok(Change::Comparing(changed)) => view = *changed,
                Ok(Change::Attempt(_) | Change::Reversal(_) | Change::Journal(_) | Change::Closed { .. }) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => match open.till.comparing().await {
                    Some(now) => view = now,
                    None => view.ended = true,
                },
                Err(broadcast::error::RecvError::Closed) => return Err(Failure::environment(Code::Closing)),
            },
            // What was heard so far is kept.
            () = stop.asked() => open.till.stop_comparing().await,
        }
    }
    if let Some(why) = &view.not_kept {
        return Err(Failure::environment(Code::Journal).because(why));
    }
    let closed = open.journal.day_close(Some(number)).await?;
    let comparison = closed.as_ref().and_then(|closed| closed.comparisons.last());
    let comparison = comparison.ok_or_else(|| Failure::refused(Code::NoSuchClose))?;
    Ok(told(context, comparison))
}

fn progress(context: &Context, view: &ComparingView) {
    context.output.waiting(&format!("asked about {} of {} payments", view.done, view.of));
}

fn told(context: &Context, comparison: &Comparison) -> Exit {
    let output = &context.output;
    output.object(&Compared::of(comparison));
    output.field("agree", &comparison.agreed.to_string());
    for (label, count) in [
        ("not answered", comparison.unanswered),
        ("can't be asked about", comparison.cannot_be_asked),
        ("never sent", comparison.nothing_sent),
        ("not asked", comparison.left),
    ] {
        if count > 0 {
            output.field(label, &count.to_string());
        }
    }
    for one in &comparison.differences {
        let amount = one.amount.map(|money| money.to_string()).unwrap_or_default();
        let words = format!("{}  {amount}  {}\n{}", one.subject, one.payment, what_to_do(one));
        output.field("DIFFERS", &words);
    }
    if !comparison.differences.is_empty() {
        Exit::CheckFailed
    } else if comparison.is_whole() {
        Exit::Done
    } else {
        Exit::Unknown
    }
}

/// What a difference is, and what to do about it.
fn what_to_do(one: &Difference) -> &'static str {
    use vezne_core::close::Finding;
    match &one.finding {
        Finding::MissingThere => {
            "Approved here; the gateway knows nothing of it. Look in its portal with the attempt's reference, and call the gateway."
        }
        Finding::NotPaidThere => {
            "Approved here; the gateway says that it was not paid. It is contradicted: a supervisor settles it by a counter-entry."
        }
        Finding::ReturnedThere { .. } => {
            "Less stands there than here: something went back that this desk did not order. Find out in the portal who did."
        }
        Finding::NotReturnedThere => {
            "It was cancelled here, and the order still stands there. Look in the gateway's portal, and call the gateway."
        }
        Finding::OtherAmount { .. } => "Another amount stands there. It is contradicted: compare it with the portal.",
        Finding::AmountUnreadable => "The amount there can't be read. Compare it with the portal.",
        Finding::OtherCard => "Another card stands there. Compare it with the portal.",
        Finding::PaidThere => {
            "No money moved, says the journal; the gateway says paid. It is contradicted: a supervisor settles it by a counter-entry."
        }
        Finding::NotFinalThere => "The gateway has no final word on it yet. Compare again later.",
        Finding::Attention => "The gateway's state is one that a person must judge. Look in its portal.",
        Finding::PaidByUnknownCard => "The order is paid, by which card is not known. Look in the gateway's portal.",
        Finding::SettledThere => "It was not settled when the day was closed, and is now. It stands in the next close.",
        Finding::StillOpen => "It is not settled yet, there neither. It is asked about.",
    }
}
