//! What comes on standard input and nowhere else: cards and PINs. Bounded, strict, and wiped.

use std::io::{BufRead, IsTerminal, Read, Write};

use secrecy::SecretString;
use vezne_core::card::CardDetails;
use vezne_home::{CardJson, CardJsonError};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::messages::Code;

/// The most that is read, in bytes. More than standard input's own buffer holds, so that a read of this size goes past
/// that buffer, which nobody wipes.
const MOST_BYTES: usize = 16 * 1024;

/// The PIN that may stand beside the card.
const PIN_FIELD: &str = "supervisor_pin";

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A card, with the PIN that may come beside it.
pub(crate) struct CardInput {
    pub(crate) card: CardDetails,
    pub(crate) supervisor_pin: Option<Zeroizing<String>>,
}

/// Reads the card, and checks it against today's (year, month).
pub(crate) fn card(today: (u16, u8)) -> Result<CardInput, Failure> {
    let bytes = all(Code::CardUnreadable)?;
    parse_card(&bytes, today)
}

/// A new PIN, then a supervisor's, or only the latter: as many lines as there are prompts.
pub(crate) fn pins(prompts: &[&str]) -> Result<Vec<Zeroizing<String>>, Failure> {
    if std::io::stdin().is_terminal() {
        let ask = |prompt: &&str| rpassword::prompt_password(format!("{prompt}: ")).map(Zeroizing::new);
        let typed: Result<Vec<_>, _> = prompts.iter().map(ask).collect();
        return typed.map_err(|error| Failure::refused(Code::PinMissing).because(error));
    }
    let bytes = all(Code::PinMissing)?;
    lines(&bytes, prompts)
}

/// The lines that were asked for: as many as there are prompts, none of them empty.
fn lines(bytes: &[u8], prompts: &[&str]) -> Result<Vec<Zeroizing<String>>, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|_| Failure::refused(Code::PinRefused).because("It is not text."))?;
    let lines: Vec<&str> =
        text.trim_end_matches(['\r', '\n']).split('\n').map(|line| line.trim_end_matches('\r')).collect();
    if lines.len() != prompts.len() || lines.iter().any(|line| line.is_empty()) {
        return Err(missing(prompts));
    }
    Ok(lines.into_iter().map(|line| Zeroizing::new(line.to_owned())).collect())
}

/// Not as many lines as were asked for.
fn missing(prompts: &[&str]) -> Failure {
    let wanted = prompts.join(", then ");
    let failure = Failure::refused(Code::PinMissing);
    match prompts {
        [] | [_] => failure.because(format!("One line is expected: {wanted}.")),
        [_, _, ..] => {
            let next = "Give each PIN on a line of its own on standard input.".to_owned();
            let words = format!("{} lines are expected, one PIN each: {wanted}.", prompts.len());
            Failure { next: Some(next), ..failure.because(words) }
        }
    }
}

/// Asks once more where a person sits at standard input, unless they said beforehand that nobody need ask. A script has said
/// everything with its arguments and its PIN, so it is not asked.
pub(crate) fn confirm(said_before: bool, statement: &str) -> Result<(), Failure> {
    let mut input = std::io::stdin().lock();
    if said_before || !input.is_terminal() {
        return Ok(());
    }
    is_yes(statement, &mut input, &mut std::io::stderr().lock())
}

/// Asks for a line where a person sits at standard input, who must give one; `None` where nobody does.
pub(crate) fn line(question: &str, missing: Code) -> Result<Option<String>, Failure> {
    let mut input = std::io::stdin().lock();
    if !input.is_terminal() {
        return Ok(None);
    }
    let said = said(question, &mut input, &mut std::io::stderr().lock());
    said.filter(|said| !said.is_empty()).map(Some).ok_or_else(|| Failure::refused(missing))
}

fn said(question: &str, input: &mut impl BufRead, beside: &mut impl Write) -> Option<String> {
    writeln!(beside, "  {question}").and_then(|()| beside.flush()).ok()?;
    let mut answer = String::new();
    // Longer than any text that is taken.
    input.take(4096).read_line(&mut answer).ok()?;
    Some(answer.trim().to_owned())
}

/// The question goes beside the output, which may be read by a program.
fn is_yes(statement: &str, input: &mut impl BufRead, beside: &mut impl Write) -> Result<(), Failure> {
    let not_confirmed = |_error: std::io::Error| Failure::refused(Code::NotConfirmed);
    writeln!(beside, "  {statement}\n  Type yes to go on:").and_then(|()| beside.flush()).map_err(not_confirmed)?;
    let mut answer = String::new();
    // A line that never ends is no answer.
    input.take(64).read_line(&mut answer).map_err(not_confirmed)?;
    if answer.trim().eq_ignore_ascii_case("yes") { Ok(()) } else { Err(Failure::refused(Code::NotConfirmed)) }
}

/// Asks for the sealed file's passphrase where a person sits; `None` otherwise.
pub(crate) fn passphrase(request: vezne_vault::PassphraseRequest) -> Option<SecretString> {
    // The terminal itself is asked, because standard input may carry the card.
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let ask = |prompt: &str| rpassword::prompt_password(prompt).ok().map(Zeroizing::new);
    let typed = match request {
        vezne_vault::PassphraseRequest::Open => ask("Passphrase of the sealed file: ")?,
        vezne_vault::PassphraseRequest::Choose => {
            let first = ask("New passphrase of the sealed file (nobody can recover it): ")?;
            let second = ask("The same again: ")?;
            (*first == *second).then_some(first)?
        }
    };
    Some(SecretString::from(typed.as_str()))
}

fn all(code: Code) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(vec![0; MOST_BYTES]);
    let mut filled = 0;
    let mut input = std::io::stdin().lock();
    loop {
        let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) else {
            return Err(Failure::refused(code).because("Standard input is longer than 16 KiB."));
        };
        match input.read(room) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::refused(code).because(error)),
        }
    }
    bytes.truncate(filled);
    // Some programs put a byte order mark before everything that they write as UTF-8.
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(bytes)
}

fn parse_card(bytes: &[u8], today: (u16, u8)) -> Result<CardInput, Failure> {
    let fields = CardJson::read(bytes, &[PIN_FIELD]).map_err(not_read)?;
    let card = fields.card(today).map_err(not_read)?;
    let pin = fields.text(PIN_FIELD).map_err(not_read)?;
    Ok(CardInput { card, supervisor_pin: pin.map(|pin| Zeroizing::new(pin.to_owned())) })
}

fn not_read(error: CardJsonError) -> Failure {
    let unreadable = Failure::refused(Code::CardUnreadable);
    match error {
        CardJsonError::Card(error) => error.into(),
        CardJsonError::Empty => unreadable.because("Standard input is empty."),
        CardJsonError::UnknownField(_) => {
            unreadable.because(format!("{error} There are {}.", CardJson::FIELDS.join(", ") + ", " + PIN_FIELD))
        }
        CardJsonError::NoObject { .. }
        | CardJsonError::Twice(_)
        | CardJsonError::Missing(_)
        | CardJsonError::NotText(_)
        | CardJsonError::NotANumber(_) => unreadable.because(error),
    }
}

#[cfg(test)]
#[path = "stdin_fuzz.rs"]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    const GOOD: &str =
        r#"{"number":"4155650100416111","holder":"AYŞE YILMAZ","expiry_month":12,"expiry_year":2026,"cvc":"000"}"#;

    fn refused(text: &str) -> (Code, String) {
        let failure = parse_card(text.as_bytes(), (2026, 11)).err().unwrap();
        assert_eq!(failure.exit, Exit::Refused);
        (failure.code, failure.detail.unwrap_or_default())
    }

    #[test]
    fn only_a_yes_that_was_typed_confirms() {
        for (typed, goes_on) in [("yes\n", true), (" YES \r\n", true), ("y\n", false), ("\n", false), ("", false)] {
            let mut beside = Vec::new();
            let confirmed = is_yes("att_1 will count as DECLINED.", &mut typed.as_bytes(), &mut beside);
            assert_eq!(confirmed.is_ok(), goes_on, "{typed:?}");
            assert!(String::from_utf8(beside).unwrap().contains("att_1 will count as DECLINED."));
        }
    }

    #[test]
    fn a_card_is_read_with_or_without_a_pin_and_with_escapes() {
        assert!(parse_card(GOOD.as_bytes(), (2026, 11)).is_ok());
        let with_pin = GOOD.replace('}', r#","supervisor_pin":"7391"}"#);
        let input = parse_card(with_pin.as_bytes(), (2026, 11)).ok().unwrap();
        assert_eq!(input.supervisor_pin.unwrap().as_str(), "7391");
        let escaped = GOOD.replace('Ş', "\\u015e");
        assert_eq!(parse_card(escaped.as_bytes(), (2026, 11)).ok().unwrap().card.holder.expose(), "AYŞE YILMAZ");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field_and_no_value_is_repeated() {
        for (text, code, words) in [
            ("", Code::CardUnreadable, "empty"),
            ("4155650100416111", Code::CardUnreadable, "no JSON object"),
            ("{\"number\":\"4155650100416111\"", Code::CardUnreadable, "no JSON object"),
            (&GOOD.replace("\"number\"", "\"pan\""), Code::CardUnreadable, "field pan is not known"),
            (&GOOD.replace("\"number\"", "\"4155650100416111\""), Code::CardUnreadable, "Field number 1"),
            (&GOOD.replace("\"cvc\":\"000\"", "\"number\":\"1\""), Code::CardUnreadable, "twice"),
            (&GOOD.replace(",\"cvc\":\"000\"", ""), Code::CardUnreadable, "cvc is missing"),
            (&GOOD.replace("\"4155650100416111\"", "4155650100416111"), Code::CardUnreadable, "number must be text"),
            (&GOOD.replace("\"expiry_month\":12", "\"expiry_month\":\"12\""), Code::CardUnreadable, "whole number"),
            (&GOOD.replace("6111", "6112"), Code::CardNumber, "check digit"),
            (&GOOD.replace("2026", "2025"), Code::CardExpiry, "expired"),
            (&GOOD.replace("\"expiry_month\":12", "\"expiry_month\":13"), Code::CardExpiry, "1 to 12"),
            (&GOOD.replace("\"000\"", "\"00\""), Code::CardCvc, "number of digits"),
            (&GOOD.replace("AYŞE YILMAZ", "4155650100416111"), Code::CardHolder, "card data"),
        ] {
            let (found, detail) = refused(text);
            assert_eq!(found, code, "{detail}");
            assert!(detail.contains(words), "{detail}");
            for secret in ["4155650100416", "AYŞE", "\"00\""] {
                assert!(!detail.contains(secret), "{detail}");
            }
        }
    }
}
