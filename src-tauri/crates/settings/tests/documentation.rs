//! The committed page is the one that the table of keys prints.

use std::path::Path;

#[test]
fn the_page_about_the_configuration_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/configuration.md");
    let page = vezne_settings::documentation();
    if std::env::var_os("VEZNE_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert_eq!(committed, page, "run VEZNE_UPDATE_DOCS=1 cargo test -p vezne-settings");
}

#[test]
fn the_page_names_every_key_of_the_product() {
    let page = vezne_settings::documentation();
    for key in
        "name gateway base_url credentials return_mode return_url status_query reversals currencies id customer_ip \
                token credit_limit options_auth_header status_path status_parameter return_settles cancel_path \
                refund_path refund_amount_field challenge_minutes duplicate_minutes confirm_above void_until timezone \
                language connect_seconds pay_seconds limiter_wait_seconds"
            .split_whitespace()
    {
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
}
