//! Changing `config.toml` from a program: what a person wrote there, comments and all, stays as it is.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, RawString, Table, TableLike, Value};

use crate::accounts::id_from;
use crate::error::SettingsError;
use crate::keys;
use crate::model::{CredentialsSource, Gateway, Settings};

/// What the file is called in errors.
const FILE_NAME: &str = "config.toml";
const ACCOUNT: &str = "account";

/// How the customer's browser comes back from the bank's page, as it is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnDraft {
    /// To Vezne's own scheme.
    CustomScheme,
    /// To an https page of the account's owner.
    Https {
        /// That page.
        url: String,
    },
    /// To a short-lived listener on this machine.
    Loopback,
}

/// An account as it is about to be written: texts as they were typed, checked when the whole file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDraft {
    /// What staff see.
    pub name: String,
    /// The id of the account that is changed (or the id that a new one is to have); `None` for a new one, whose id comes
    /// from its name.
    pub id: Option<String>,
    /// Which gateway.
    pub gateway: Gateway,
    /// Where the API begins.
    pub base_url: String,
    /// Where the login is kept; never the login itself.
    pub credentials: CredentialsSource,
    /// Whether the kept credential is a ready token.
    pub token: bool,
    /// How the customer comes back.
    pub return_mode: ReturnDraft,
    /// The currencies that may be taken, as ISO 4217 codes.
    pub currencies: Vec<String>,
    /// Whether the gateway is asked what became of a payment.
    pub status_query: bool,
    /// Whether an explicit return settles where nothing can be asked; `None` where the owner does not say.
    pub return_settles: Option<bool>,
    /// Whether orders may be paid from the credit limit (Yolcu360 only).
    pub credit_limit: bool,
    /// Above this the amount is typed twice; decimal text with a dot. `None` means never.
    pub confirm_above: Option<String>,
}

/// The file with this account: changed where it stands if its id is there, else added behind the other accounts. Comments,
/// other accounts, and keys that a draft does not have stay as they are; keys of another gateway go with that gateway.
///
/// # Errors
/// What [`Settings::parse`] finds wrong with the file, before or after the change.
pub fn with_account(text: &str, draft: &AccountDraft) -> Result<String, SettingsError> {
    let mut document = read(text)?;
    let there = draft.id.as_deref().and_then(|id| place_of(&document, id));
    match there {
        Some(place) => {
            if let Some(table) = account_at(&mut document, place) {
                write_account(table, draft);
            }
        }
        None => add(&mut document, draft),
    }
    checked(&document)
}

/// The file without the account of this id, and without the comment that stands right above its heading; unchanged if there
/// is no such account.
///
/// # Errors
/// What [`Settings::parse`] finds wrong with the file, before or after the change.
pub fn without_account(text: &str, id: &str) -> Result<String, SettingsError> {
    let mut document = read(text)?;
    if let Some(place) = place_of(&document, id) {
        remove(&mut document, place);
    }
    checked(&document)
}

pub(crate) fn read(text: &str) -> Result<DocumentMut, SettingsError> {
    Settings::parse(text, FILE_NAME)?;
    text.parse().map_err(|_| SettingsError::Syntax {
        file_name: FILE_NAME.to_owned(),
        line: 1,
        column: 1,
        message: "it can't be edited".to_owned(),
    })
}

pub(crate) fn checked(document: &DocumentMut) -> Result<String, SettingsError> {
    let text = document.to_string();
    Settings::parse(&text, FILE_NAME)?;
    Ok(text)
}

/// Which of the accounts has this id, by its `id` or by its name.
fn place_of(document: &DocumentMut, id: &str) -> Option<usize> {
    let is_it = |table: &dyn TableLike| {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        match text(keys::ID.name) {
            Some(written) => written == id,
            None => text(keys::NAME.name).is_some_and(|name| id_from(name.trim()) == id),
        }
    };
    match document.get(ACCOUNT)? {
        Item::ArrayOfTables(tables) => tables.iter().position(|table| is_it(table)),
        Item::Value(Value::Array(values)) => {
            values.iter().position(|value| value.as_inline_table().is_some_and(|table| is_it(table)))
        }
        Item::None | Item::Value(_) | Item::Table(_) => None,
    }
}

fn account_at(document: &mut DocumentMut, place: usize) -> Option<&mut dyn TableLike> {
    match document.get_mut(ACCOUNT)? {
        Item::ArrayOfTables(tables) => tables.get_mut(place).map(|table| -> &mut dyn TableLike { table }),
        Item::Value(Value::Array(values)) => {
            let table = values.get_mut(place).and_then(Value::as_inline_table_mut);
            table.map(|table| -> &mut dyn TableLike { table })
        }
        Item::None | Item::Value(_) | Item::Table(_) => None,
    }
}

fn add(document: &mut DocumentMut, draft: &AccountDraft) {
    if let Some(Item::Value(Value::Array(values))) = document.get_mut(ACCOUNT) {
        let mut table = InlineTable::new();
        write_account(&mut table, draft);
        values.push(table);
        return;
    }
    let mut table = Table::new();
    write_account(&mut table, draft);
    table.decor_mut().set_prefix("\n");
    if document.is_empty() {
        // A file of nothing but comments keeps them above.
        let above = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing("");
        table.decor_mut().set_prefix(if above.is_empty() { above } else { format!("{above}\n") });
    }
    let accounts = document.entry(ACCOUNT).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(accounts) = accounts.as_array_of_tables_mut() {
        accounts.push(table);
    }
}

fn remove(document: &mut DocumentMut, place: usize) {
    match document.get_mut(ACCOUNT) {
        Some(Item::ArrayOfTables(tables)) => {
            let Some(table) = tables.get(place) else { return };
            let above = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
            let stays = not_its_own(above).to_owned();
            let position = table.position();
            tables.remove(place);
            if tables.is_empty() {
                document.remove(ACCOUNT);
            }
            hand_on(document, position, &stays);
        }
        Some(Item::Value(Value::Array(values))) => {
            values.remove(place);
        }
        Some(Item::None | Item::Value(_) | Item::Table(_)) | None => {}
    }
}

/// What stands above a heading and is not about it: everything before the last empty line.
fn not_its_own(above: &str) -> &str {
    let text = above.trim_end_matches([' ', '\t']);
    text.rfind("\n\n").and_then(|end| text.get(..=end)).filter(|kept| !kept.trim().is_empty()).unwrap_or_default()
}

/// Puts text above the heading that comes next, or at the end of the file.
fn hand_on(document: &mut DocumentMut, position: Option<isize>, text: &str) {
    if text.is_empty() {
        return;
    }
    let mut next: Option<&mut Table> = None;
    for (_, item) in document.iter_mut() {
        let tables: Vec<&mut Table> = match item {
            Item::Table(table) => vec![table],
            Item::ArrayOfTables(tables) => tables.iter_mut().collect(),
            Item::None | Item::Value(_) => Vec::new(),
        };
        for table in tables {
            let sooner = next.as_ref().is_none_or(|next| table.position() < next.position());
            if table.position() > position && sooner {
                next = Some(table);
            }
        }
    }
    match next {
        Some(table) => {
            let below = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
            let joined = format!("{text}{}{below}", if below.starts_with('\n') { "" } else { "\n" });
            table.decor_mut().set_prefix(joined);
        }
        None => {
            let trailing = format!("{text}{}", document.trailing().as_str().unwrap_or_default());
            document.set_trailing(trailing);
        }
    }
}

fn write_account(table: &mut dyn TableLike, draft: &AccountDraft) {
    let others = |only: Option<Gateway>| only.is_some_and(|only| only != draft.gateway);
    for key in keys::ACCOUNT.keys.iter().filter(|key| others(key.only())) {
        table.remove(key.name());
    }
    put(table, keys::NAME.name, draft.name.as_str());
    if let Some(id) = draft.id.as_deref().filter(|id| table.contains_key(keys::ID.name) || id_from(&draft.name) != **id)
    {
        put(table, keys::ID.name, id);
    }
    put(table, keys::GATEWAY.name, draft.gateway.word());
    put(table, keys::BASE_URL.name, draft.base_url.as_str());
    put(table, keys::CREDENTIALS.name, credentials(&draft.credentials));
    put_unless_usual(table, keys::TOKEN.name, draft.token, false);
    let (word, url) = match &draft.return_mode {
        ReturnDraft::CustomScheme => ("custom_scheme", None),
        ReturnDraft::Https { url } => ("https", Some(url.as_str())),
        ReturnDraft::Loopback => ("loopback", None),
    };
    put(table, keys::RETURN_MODE.name, word);
    put_or_remove(table, keys::RETURN_URL.name, url);
    put(table, keys::CURRENCIES.name, draft.currencies.iter().collect::<Array>());
    put_unless_usual(table, keys::STATUS_QUERY.name, draft.status_query, true);
    put_or_remove(table, keys::RETURN_SETTLES.name, draft.return_settles);
    put_unless_usual(table, keys::CREDIT_LIMIT.name, draft.credit_limit, false);
    put_or_remove(table, keys::CONFIRM_ABOVE.name, draft.confirm_above.as_deref());
}

fn credentials(source: &CredentialsSource) -> Value {
    let names: Array = match source {
        CredentialsSource::Keychain => return "keychain".into(),
        CredentialsSource::Sealed => return "sealed".into(),
        CredentialsSource::EnvironmentPair { key, secret } => [key, secret].into_iter().collect(),
        CredentialsSource::EnvironmentToken { variable } => [variable].into_iter().collect(),
    };
    let mut table = InlineTable::new();
    table.insert("env", names.into());
    table.into()
}

/// A switch whose usual position needs no words, unless they are there.
pub(crate) fn put_unless_usual(table: &mut dyn TableLike, key: &str, value: bool, usual: bool) {
    if value != usual || table.contains_key(key) {
        put(table, key, value);
    }
}

pub(crate) fn put_or_remove<T: Into<Value>>(table: &mut dyn TableLike, key: &str, value: Option<T>) {
    match value {
        Some(value) => put(table, key, value),
        None => {
            table.remove(key);
        }
    }
}

/// Writes a value; one that says the same stays as it is written, and a comment beside it stays in any case.
pub(crate) fn put(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(written) => {
            if !same(written, &value) {
                *value.decor_mut() = written.decor().clone();
                *written = value;
            }
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Whether two values say the same, however they are written.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.value() == other.value(),
        (Value::Boolean(one), Value::Boolean(other)) => one.value() == other.value(),
        (Value::Integer(one), Value::Integer(other)) => one.value() == other.value(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| same(one, other))
        }
        (Value::InlineTable(one), Value::InlineTable(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        // Fractions and times are in no draft.
        (
            Value::String(_)
            | Value::Boolean(_)
            | Value::Array(_)
            | Value::InlineTable(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Datetime(_),
            _,
        ) => false,
    }
}
