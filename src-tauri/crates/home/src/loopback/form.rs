//! The fields of a return: a query, a form, or a multipart form.

use vezne_core::attempt::ReturnFields;

/// The longest body of a return that is looked at, in bytes.
pub const RETURN_BODY_BYTES: usize = 64 * 1024;
/// The longest query of a return that is looked at, in bytes.
pub const RETURN_QUERY_BYTES: usize = 16 * 1024;

/// The most fields that are looked at.
const FIELDS_MOST: usize = 64;

/// Picks the fields that are kept out of a return's query and body; a body that is no form says nothing.
#[must_use]
pub fn return_fields(query: &str, body: &[u8], content_type: &str) -> ReturnFields {
    let mut fields = urlencoded(query.as_bytes());
    fields.extend(body_fields(body, content_type));
    ReturnFields::pick(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn body_fields(body: &[u8], kind: &str) -> Vec<(String, String)> {
    match essence(kind).as_str() {
        "multipart/form-data" => multipart(body, kind),
        _ if is_form(kind) => urlencoded(body),
        _ => Vec::new(),
    }
}

/// Whether a body of this type is a posted form. Some processors post one without saying so.
pub(super) fn is_form(kind: &str) -> bool {
    matches!(essence(kind).as_str(), "multipart/form-data" | "application/x-www-form-urlencoded" | "")
}

fn essence(kind: &str) -> String {
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Names and values of a query or form.
fn urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(bytes)
        .take(FIELDS_MOST)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Names and values of a multipart form; what is not text, or not well formed, is left out.
fn multipart(body: &[u8], content_type: &str) -> Vec<(String, String)> {
    let Some(boundary) = boundary(content_type) else { return Vec::new() };
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    text.split(delimiter.as_str())
        .skip(1)
        .take(FIELDS_MOST)
        .take_while(|part| !part.starts_with("--"))
        .filter_map(field)
        .collect()
}

fn field(part: &str) -> Option<(String, String)> {
    let part = part.strip_prefix("\r\n").or_else(|| part.strip_prefix('\n'))?;
    let (headers, value) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))?;
    let disposition = headers.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let name = parameter(disposition, "name")?;
    let value = value.strip_suffix("\r\n").or_else(|| value.strip_suffix('\n')).unwrap_or(value);
    Some((name, value.to_owned()))
}

fn boundary(content_type: &str) -> Option<String> {
    parameter(content_type, "boundary").filter(|boundary| (1..=70).contains(&boundary.len()))
}

/// A parameter of a header, quoted or not.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|piece| {
        let (found, value) = piece.split_once('=')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read() {
        assert_eq!(
            urlencoded(b"status=success&orderID=a%2Bb"),
            [("status".to_owned(), "success".to_owned()), ("orderID".to_owned(), "a+b".to_owned())]
        );
        assert_eq!(urlencoded("a=1&".repeat(1000).as_bytes()).len(), FIELDS_MOST);
    }

    #[test]
    fn a_multipart_form_is_read_and_what_is_none_gives_nothing() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"success\"\r\n\r\ntrue\r\n--XX\r\n\
content-disposition: form-data; name=clientReferenceCode\r\nContent-Type: text/plain\r\n\r\nVZ1\r\n--XX--\r\nname=\"x\"";
        assert_eq!(
            multipart(body.as_bytes(), "multipart/form-data; boundary=\"XX\""),
            [("success".to_owned(), "true".to_owned()), ("clientReferenceCode".to_owned(), "VZ1".to_owned())]
        );
        for (body, kind) in [(body, "multipart/form-data"), ("garbage", "multipart/form-data; boundary=XX"), ("", "")] {
            assert!(multipart(body.as_bytes(), kind).is_empty(), "{kind}");
        }
    }
}
