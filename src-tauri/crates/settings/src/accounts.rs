//! One account from its heading, and the rules between its keys.

use crate::key::Described;
use crate::keys;
use crate::model::{
    AccountSettings, CredentialsSource, FinrotaSettings, Gateway, GatewaySettings, ReturnMode, Yolcu360Settings,
};
use crate::section::Section;
use crate::value::{CredentialsWord, ReturnWord, is_slug};

/// Names and ids of the accounts before, with their lines: both must be unique.
#[derive(Default)]
pub(crate) struct Seen {
    names: Vec<(String, usize)>,
    ids: Vec<(String, usize)>,
}

/// The account, or nothing when a problem is noted in `section`.
pub(crate) fn account(section: &mut Section<'_>, seen: &mut Seen) -> Option<AccountSettings> {
    let name = section.read(&keys::NAME);
    let id = identity(section, name.as_deref(), seen);
    let gateway = section.read(&keys::GATEWAY);
    if let Some(gateway) = gateway {
        refuse_keys_of_others(section, gateway);
    }
    let gateway = gateway.and_then(|gateway| gateway_settings(section, gateway));
    let base_url = section.read(&keys::BASE_URL);
    let token = section.read(&keys::TOKEN);
    let credentials = credentials(section, token);
    let return_mode = return_mode(section);
    let status_query = section.read(&keys::STATUS_QUERY);
    let return_settles = return_settles(section, status_query);
    let reversals = section.read(&keys::REVERSALS);
    let currencies = section.read(&keys::CURRENCIES);
    let customer_ip = section.read(&keys::CUSTOMER_IP);
    let challenge = section.read(&keys::CHALLENGE_MINUTES);
    let duplicate = section.read(&keys::DUPLICATE_MINUTES);
    let confirm_above = section.read(&keys::CONFIRM_ABOVE);
    let void_until = section.read(&keys::VOID_UNTIL);
    Some(AccountSettings {
        id: id?,
        name: name?,
        gateway: gateway?,
        base_url: base_url?,
        credentials: credentials?,
        token: token?,
        customer_ip,
        return_mode: return_mode?,
        status_query: status_query?,
        return_settles,
        reversals: reversals?,
        currencies: currencies?,
        challenge: challenge?,
        duplicate: duplicate?,
        confirm_above,
        void_until: void_until?,
    })
}

fn identity(section: &mut Section<'_>, name: Option<&str>, seen: &mut Seen) -> Option<String> {
    if let Some(name) = name {
        let line = section.line_of(keys::NAME.name);
        let folded = name.to_lowercase();
        if let Some((_, before)) = seen.names.iter().find(|(known, _)| *known == folded) {
            let message = format!("`name` must be different for every account; line {before} has the same");
            section.problem(line, keys::NAME.name, message);
        } else {
            seen.names.push((folded, line));
        }
    }
    let written = section.is_written(&keys::ID);
    let key = if written { keys::ID.name } else { keys::NAME.name };
    let line = section.line_of(key);
    let id = if written { section.read(&keys::ID)? } else { id_from(name?) };
    if !is_slug(&id, 64) {
        let message = "`id` must be written: this `name` gives none of 1 to 64 characters".to_owned();
        section.problem(line, key, message);
        return None;
    }
    if let Some((_, before)) = seen.ids.iter().find(|(known, _)| *known == id) {
        let same_name = !written && section.problems.iter().any(|problem| problem.key == keys::NAME.name);
        if !same_name {
            let message = format!("the id \"{id}\" is that of the account in line {before}; write another `id`");
            section.problem(line, key, message);
        }
        return None;
    }
    seen.ids.push((id.clone(), line));
    Some(id)
}

/// The id that a name gives when none is written: the same name gives the same id on every machine, for ever.
pub(crate) fn id_from(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars() {
        let folded = match letter {
            'ç' | 'Ç' => "c".to_owned(),
            'ğ' | 'Ğ' => "g".to_owned(),
            'ı' | 'İ' => "i".to_owned(),
            'ö' | 'Ö' => "o".to_owned(),
            'ş' | 'Ş' => "s".to_owned(),
            'ü' | 'Ü' => "u".to_owned(),
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase().to_string(),
            letter if letter.is_ascii() || letter.is_whitespace() => "-".to_owned(),
            letter => format!("u{:x}", u32::from(letter)),
        };
        if folded != "-" || !(id.is_empty() || id.ends_with('-')) {
            id.push_str(&folded);
        }
    }
    id.trim_end_matches('-').to_owned()
}

fn refuse_keys_of_others(section: &mut Section<'_>, gateway: Gateway) {
    for key in keys::ACCOUNT.keys {
        let key: &dyn Described = *key;
        if let Some(only) = key.only().filter(|only| *only != gateway && section.is_written(key)) {
            let message = format!(
                "`{}` is only for gateway = \"{}\"; this account is \"{}\": take it out",
                key.name(),
                only.word(),
                gateway.word()
            );
            section.problem(section.line_of(key.name()), key.name(), message);
        }
    }
}

fn gateway_settings(section: &mut Section<'_>, gateway: Gateway) -> Option<GatewaySettings> {
    match gateway {
        Gateway::Finrota => {
            let options_auth_header = section.read(&keys::OPTIONS_AUTH_HEADER);
            let status_path = section.read(&keys::STATUS_PATH);
            let status_parameter = section.read(&keys::STATUS_PARAMETER);
            let cancel_path = section.read(&keys::CANCEL_PATH);
            let refund_path = section.read(&keys::REFUND_PATH);
            let refund_amount_field = section.read(&keys::REFUND_AMOUNT_FIELD);
            Some(GatewaySettings::Finrota(FinrotaSettings {
                options_auth_header: options_auth_header?.to_owned(),
                status_path: status_path?,
                status_parameter: status_parameter?,
                cancel_path: cancel_path?,
                refund_path: refund_path?,
                refund_amount_field: refund_amount_field?.to_owned(),
            }))
        }
        Gateway::Yolcu360 => {
            let credit_limit = section.read(&keys::CREDIT_LIMIT)?;
            Some(GatewaySettings::Yolcu360(Yolcu360Settings { credit_limit }))
        }
    }
}

fn credentials(section: &mut Section<'_>, token: Option<bool>) -> Option<CredentialsSource> {
    let line = section.line_of(keys::CREDENTIALS.name);
    let names = match section.read(&keys::CREDENTIALS)? {
        CredentialsWord::Keychain => return Some(CredentialsSource::Keychain),
        CredentialsWord::Sealed => return Some(CredentialsSource::Sealed),
        CredentialsWord::Environment(names) => names,
    };
    let message = match (names.as_slice(), token?) {
        ([variable], true) => return Some(CredentialsSource::EnvironmentToken { variable: variable.clone() }),
        ([key, secret], false) => {
            return Some(CredentialsSource::EnvironmentPair { key: key.clone(), secret: secret.clone() });
        }
        (_, true) => "`credentials` must name one variable, since `token = true` says that it holds a ready token",
        (_, false) => {
            "`credentials` must name two variables, one for the key and one for the secret (or set `token = true`)"
        }
    };
    section.problem(line, keys::CREDENTIALS.name, message.to_owned());
    None
}

fn return_mode(section: &mut Section<'_>) -> Option<ReturnMode> {
    let line = section.line_of(keys::RETURN_URL.name);
    let mode = section.read(&keys::RETURN_MODE);
    let url = section.read(&keys::RETURN_URL);
    let message = match (mode?, url?) {
        (ReturnWord::CustomScheme, None) => return Some(ReturnMode::CustomScheme),
        (ReturnWord::Loopback, None) => return Some(ReturnMode::Loopback),
        (ReturnWord::Https, Some(url)) => return Some(ReturnMode::Https { url }),
        (ReturnWord::Https, None) => "`return_url` must be an https address, since return_mode is \"https\"",
        (ReturnWord::CustomScheme | ReturnWord::Loopback, Some(_)) => {
            "`return_url` is only for return_mode = \"https\": take it out or leave it empty"
        }
    };
    section.problem(line, keys::RETURN_URL.name, message.to_owned());
    None
}

/// Where nothing can be asked, the owner must have decided what a return is worth.
fn return_settles(section: &mut Section<'_>, status_query: Option<bool>) -> Option<bool> {
    let stated = section.read(&keys::RETURN_SETTLES);
    if status_query == Some(false) && !section.is_written(&keys::RETURN_SETTLES) {
        let line = section.line_of(keys::STATUS_QUERY.name);
        let message = "`return_settles` must be stated (true or false), since `status_query = false` leaves only the \
                       bank's return: true lets it decide, unconfirmed; false leaves such payments unknown until a \
                       supervisor settles them";
        section.problem(line, keys::RETURN_SETTLES.name, message.to_owned());
    }
    stated
}

#[cfg(test)]
mod tests {
    use super::id_from;

    #[test]
    fn a_name_gives_the_same_plain_id_everywhere() {
        for (name, id) in [
            ("agency", "agency"),
            ("Şişli Ofis 2", "sisli-ofis-2"),
            ("İSTANBUL — Iğdır", "istanbul-u2014-igdir"),
            ("  a / b  ", "a-b"),
            ("店", "u5e97"),
            ("!!!", ""),
        ] {
            assert_eq!(id_from(name), id, "{name}");
        }
    }
}
