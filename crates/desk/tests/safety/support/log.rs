//! Another system's log, to be imported.

use desk::import::Import;

use super::Place;

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/servicenow-log.map.yaml");
const HEADER: &str = "number,incident_state,sys_updated_at,sys_updated_by,opened_at,resolved_at,closed_at,category,subcategory,u_symptom,\
    contact_type,impact,urgency,priority,reassignment_count,reopen_count,closed_code,caller_id,assigned_to,assignment_group,location";

/// A log of records that are all alike, one row each.
pub fn log(place: &Place, keys: &[String]) -> Import {
    let file = place.path("log.csv");
    let line = |key: &String| {
        format!(
            "{key},Active,01/03/2026 08:00,Updated by 1,01/03/2026 07:00,?,?,Category 1,Subcategory 2,Symptom 3,Phone,2 - Medium,2 - Medium,\
             3 - Moderate,0,0,code 6,Caller 4,Resolver 5,Group 1,Location 6"
        )
    };
    let lines: Vec<String> = std::iter::once(HEADER.to_owned()).chain(keys.iter().map(line)).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    Import { type_key: "incident".to_owned(), map: MAP.into(), file, until: None }
}
