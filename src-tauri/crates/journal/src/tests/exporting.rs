use jiff::tz::TimeZone;

use super::*;
use crate::{ExportRequest, Format, What};

async fn exported(journal: &Journal, what: What, from: u64, until: u64) -> String {
    let zone = TimeZone::get("Europe/Istanbul").unwrap();
    let request = ExportRequest { what, from: at(from), until: at(until), zone };
    let mut output = Vec::new();
    journal.export(&request, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

#[tokio::test]
async fn the_table_for_a_spreadsheet_is_exactly_this() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let table = exported(&journal, What::Payments(Format::Csv), 0, 100).await;
    let expected = [
        "kind,id,payment,attempt,reference,opened [Europe/Istanbul],since [Europe/Istanbul],account,gateway,\
         order_or_reference,part,state,outcome,refused_by,evidence,unconfirmed,reason,base,amount,currency,\
         installments,means,brand,first_six,last_four,holder,operator,contradicted,alarmed",
        "payment,att_01M7YNAYM00000000000000001,pay_01M7YNAYM00000000000000001,,VZ00000000000000000000000001,\
         2026-11-21T12:00:02.000+03:00,2026-11-21T12:00:04.000+03:00,Tezgâh,finrota,REZ-İ1,,approved,approved,,\
         pay_answer,false,,545.00,555.00,TRY,3,card,visa,415565,6111,ÇAĞLA IŞIK,Ayşe Işık,false,false",
        "payment,att_01M7YNAYM00000000000000002,pay_01M7YNAYM00000000000000002,,VZ00000000000000000000000002,\
         2026-11-21T12:00:05.000+03:00,2026-11-21T12:00:05.000+03:00,Tezgâh,finrota,'=cmd,,unknown,unknown,,,false,\
         no_final_answer,545.00,555.00,TRY,3,card,visa,415565,6111,ALİ,Ayşe Işık,false,false",
        "payment,att_01M7YNAYM00000000000000003,pay_01M7YNAYM00000000000000003,,VZ00000000000000000000000003,\
         2026-11-21T12:00:06.000+03:00,2026-11-21T12:00:06.000+03:00,Tezgâh,finrota,REZ-3,,ready,,,,false,,545.00,\
         545.00,TRY,,credit_limit,,,,,Ayşe Işık,false,false",
        "refund,rev_01M7YNAYM00000000000000001,pay_01M7YNAYM00000000000000001,att_01M7YNAYM00000000000000001,,\
         2026-11-21T12:00:07.000+03:00,2026-11-21T12:00:08.000+03:00,Tezgâh,finrota,,,done,,,,,,,100.00,TRY,,,,,,,\
         Ayşe Işık,,false",
        "",
    ];
    assert_eq!(table, expected.join("\r\n"));
}

#[tokio::test]
async fn the_lines_for_programs_state_their_zone_and_range() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let lines = exported(&journal, What::Payments(Format::Json), 6, 8).await;
    let expected = [
        r#"{"export":"vezne payments","from":"2026-11-21T12:00:06.000+03:00","time_zone":"Europe/Istanbul","until":"2026-11-21T12:00:08.000+03:00","version":1}"#,
        r#"{"account":"Tezgâh","alarmed":false,"amount":"545.00","attempt":null,"base":"545.00","brand":null,"contradicted":false,"currency":"TRY","evidence":null,"first_six":null,"gateway":"finrota","holder":null,"id":"att_01M7YNAYM00000000000000003","installments":null,"kind":"payment","last_four":null,"means":"credit_limit","opened":"2026-11-21T12:00:06.000+03:00","operator":"Ayşe Işık","order_or_reference":"REZ-3","outcome":null,"part":null,"payment":"pay_01M7YNAYM00000000000000003","reason":null,"reference":"VZ00000000000000000000000003","refused_by":null,"since":"2026-11-21T12:00:06.000+03:00","state":"ready","unconfirmed":false}"#,
        r#"{"account":"Tezgâh","alarmed":false,"amount":"100.00","attempt":"att_01M7YNAYM00000000000000001","base":null,"brand":null,"contradicted":null,"currency":"TRY","evidence":null,"first_six":null,"gateway":"finrota","holder":null,"id":"rev_01M7YNAYM00000000000000001","installments":null,"kind":"refund","last_four":null,"means":null,"opened":"2026-11-21T12:00:07.000+03:00","operator":"Ayşe Işık","order_or_reference":null,"outcome":null,"part":null,"payment":"pay_01M7YNAYM00000000000000001","reason":null,"reference":null,"refused_by":null,"since":"2026-11-21T12:00:08.000+03:00","state":"done","unconfirmed":null}"#,
        "",
    ];
    assert_eq!(lines, expected.join("\n"));
}

#[tokio::test]
async fn exported_events_carry_their_chain_and_no_pin_hash() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let lines = exported(&journal, What::Events, 0, 100).await;
    assert!(!lines.contains("argon2id") && !lines.contains("pin_hash"));
    let events: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 13);
    for pair in events.windows(2) {
        assert_eq!(pair[0]["hash"], pair[1]["previous"]);
    }
    assert_eq!(events[1]["body"]["operator_added"]["name"], "Ayşe Işık");
    assert_eq!(events[3]["names"][0]["name"], name_id(1).to_string());
    assert!(exported(&journal, What::Events, 100, 200).await.is_empty());
}

#[tokio::test]
async fn an_output_that_breaks_stops_the_export() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (_folder, journal) = journal().await;
    let request = ExportRequest { what: What::Events, from: at(0), until: at(9), zone: TimeZone::UTC };
    let stopped = journal.export(&request, &mut Full).await;
    assert!(matches!(stopped, Err(crate::ExportFault::Output(_))), "{stopped:?}");
}
