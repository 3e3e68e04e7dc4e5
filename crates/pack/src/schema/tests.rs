use super::*;

#[test]
fn every_schema_compiles() {
    assert_eq!(COMPILED.len(), TEXTS.len());
    for (text, compiled) in TEXTS.iter().zip(COMPILED.iter()) {
        assert!(compiled.is_some(), "does not compile: {}", &text[..200]);
        let schema: Value = serde_json::from_str(text).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
    }
}
