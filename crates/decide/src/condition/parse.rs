//! From JSON to a checked [`Condition`].

use super::{
    Condition, ConditionError, FieldType, MAX_DEPTH, MAX_ITEMS, MAX_LIST, MAX_MINE, MAX_NODES, MAX_NUMBER, MAX_TEXT, Op, Operand, Scalar,
    Schema, Span, Test,
};
use serde_json::{Map, Value};

type Parsed<T> = Result<T, ConditionError>;

pub(super) fn condition(json: &Value, schema: &dyn Schema) -> Parsed<Condition> {
    let mut parser = Parser { schema, path: Vec::new(), nodes: 0, items: 0, mine: 0 };
    parser.node(json, 1)
}

struct Parser<'a> {
    schema: &'a dyn Schema,
    path: Vec<String>,
    nodes: usize,
    items: usize,
    mine: usize,
}

impl Parser<'_> {
    fn node(&mut self, json: &Value, depth: usize) -> Parsed<Condition> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("the condition has more than {MAX_NODES} parts");
            return Err(self.error("too_many_nodes", message, "use `in` with a list instead of many tests"));
        }
        if depth > MAX_DEPTH {
            let message = format!("the condition is nested deeper than {MAX_DEPTH} levels");
            return Err(self.error("too_deep", message, "join nested `all` and `any` of the same kind"));
        }
        let Some(object) = json.as_object() else {
            let message = format!("a condition is an object, this is {}", kind_of(json));
            return Err(self.error("malformed", message, SHAPE));
        };
        match object.keys().map(String::as_str).collect::<Vec<_>>()[..] {
            ["all"] => Ok(Condition::All(self.group(object, "all", depth)?)),
            ["any"] => Ok(Condition::Any(self.group(object, "any", depth)?)),
            ["not"] => {
                let part = self.at("not", |parser| parser.node(&object["not"], depth + 1))?;
                Ok(Condition::Not(Box::new(part)))
            }
            _ => self.test(object).map(Condition::Test),
        }
    }

    fn group(&mut self, object: &Map<String, Value>, key: &str, depth: usize) -> Parsed<Vec<Condition>> {
        self.at(key, |parser| {
            let Some(parts) = object.get(key).and_then(Value::as_array) else {
                let message = format!("`{key}` needs a list of conditions");
                return Err(parser.error("malformed", message, "write the conditions in [ ]"));
            };
            let read = |(index, part): (usize, &Value)| parser.at(&index.to_string(), |p| p.node(part, depth + 1));
            parts.iter().enumerate().map(read).collect()
        })
    }

    fn test(&mut self, object: &Map<String, Value>) -> Parsed<Test> {
        if let Some(odd) = object.keys().find(|key| !matches!(key.as_str(), "field" | "op" | "value")) {
            let message = format!("`{odd}` does not belong here");
            return self.fail_at(odd, "malformed", message, SHAPE);
        }
        let field = self.word(object, "field")?;
        let Some(kind) = self.schema.field_type(field) else {
            let message = format!("there is no field `{}`", shorten(field));
            return self.fail_at("field", "unknown_field", message, "name a field of this record type");
        };
        let name = self.word(object, "op")?;
        let Some(op) = Op::named(name) else {
            let message = format!("there is no operator `{}`", shorten(name));
            return self.fail_at("op", "unknown_operator", message, &format!("use one of {}", ops_for(kind)));
        };
        if !op.fits(kind) {
            let message = format!("`{name}` does not apply to the {} field `{field}`", type_name(kind));
            return self.fail_at("op", "operator_not_for_type", message, &format!("use one of {}", ops_for(kind)));
        }
        let operand = self.at("value", |parser| parser.operand(object.get("value"), kind, op))?;
        Ok(Test { field: field.to_owned(), kind, op, operand })
    }

    fn word<'j>(&mut self, object: &'j Map<String, Value>, key: &str) -> Parsed<&'j str> {
        match object.get(key).and_then(Value::as_str) {
            Some(word) => Ok(word),
            None => self.fail_at(key, "malformed", format!("`{key}` is missing or no text"), SHAPE),
        }
    }

    fn operand(&mut self, json: Option<&Value>, kind: FieldType, op: Op) -> Parsed<Operand> {
        let given = json.filter(|value| !value.is_null());
        if op.takes_no_operand() {
            return match given {
                None => Ok(Operand::Nothing),
                Some(_) => {
                    let message = format!("`{}` takes no value", op.name());
                    Err(self.error("unexpected_operand", message, "leave `value` out"))
                }
            };
        }
        let Some(value) = given else {
            let message = format!("`{}` needs a value", op.name());
            return Err(self.error("missing_operand", message, "give a `value`, or use `is_empty` to find missing ones"));
        };
        let operand = match value.as_array() {
            Some(items) if op.takes_list(kind) => self.list(items, kind)?,
            Some(_) => {
                let message = format!("`{}` on a {} field takes one value, not a list", op.name(), type_name(kind));
                return Err(self.error("unlike_types", message, "give one value, or use `in`"));
            }
            None => self.single(value, kind)?,
        };
        let plural = matches!(operand, Operand::List(_) | Operand::MyTeams | Operand::MySites);
        match op {
            Op::In | Op::NotIn if !plural => {
                let message = format!("`{}` needs a list", op.name());
                Err(self.error("unlike_types", message, "put the value in [ ], or use `eq` or `ne`"))
            }
            _ if plural && !op.takes_list(kind) => {
                let message = format!("`{}` takes one value, and this stands for several", op.name());
                Err(self.error("unlike_types", message, "use `in` or `not_in`"))
            }
            _ => Ok(operand),
        }
    }

    fn list(&mut self, items: &[Value], kind: FieldType) -> Parsed<Operand> {
        self.items += items.len();
        if items.len() > MAX_LIST || self.items > MAX_ITEMS {
            let message = format!("a list has at most {MAX_LIST} items, a whole condition {MAX_ITEMS}");
            return Err(self.error("list_too_long", message, "test a common property instead of listing so many"));
        }
        let read = |(index, item): (usize, &Value)| self.at(&index.to_string(), |parser| parser.single(item, kind));
        items.iter().enumerate().map(read).collect::<Parsed<Vec<_>>>().map(Operand::List)
    }

    fn single(&mut self, value: &Value, kind: FieldType) -> Parsed<Operand> {
        if let Some(object) = value.as_object() {
            return self.relative(object, kind);
        }
        match (kind, value) {
            (FieldType::Text | FieldType::Ref | FieldType::TextList, Value::String(text)) => self.text(text),
            (FieldType::Bool, Value::Bool(flag)) => Ok(Operand::Scalar(Scalar::Bool(*flag))),
            (FieldType::Number, Value::Number(_)) => self.number(value).map(Operand::Scalar),
            (FieldType::Instant, Value::Number(number)) if number.is_i64() => self.number(value).map(Operand::Scalar),
            _ => {
                let message = format!("a {} field cannot be compared with {}", type_name(kind), kind_of(value));
                Err(self.error("unlike_types", message, operand_for(kind)))
            }
        }
    }

    fn text(&self, text: &str) -> Parsed<Operand> {
        if text.len() > MAX_TEXT {
            let message = format!("the text is longer than {MAX_TEXT} bytes");
            return Err(self.error("text_too_long", message, "compare with something shorter"));
        }
        if text.contains('\0') {
            // PostgreSQL cannot store U+0000, so the two databases could not agree on it.
            let message = "the text contains the character U+0000".to_owned();
            return Err(self.error("bad_text", message, "remove the character"));
        }
        Ok(Operand::Scalar(Scalar::Text(text.to_owned())))
    }

    fn number(&self, value: &Value) -> Parsed<Scalar> {
        const LIMIT: f64 = MAX_NUMBER as f64;
        let scalar = match (value.as_i64(), value.as_f64()) {
            (Some(int), _) if (-MAX_NUMBER..=MAX_NUMBER).contains(&int) => Some(Scalar::Int(int)),
            (None, Some(real)) if real.abs() <= LIMIT && real.fract() == 0.0 => Some(Scalar::Int(real as i64)),
            (None, Some(real)) if real.abs() <= LIMIT => Some(Scalar::Real(real)),
            _ => None,
        };
        scalar.ok_or_else(|| {
            let message = format!("the number {value} is too large");
            self.error("out_of_range", message, &format!("stay between -{MAX_NUMBER} and {MAX_NUMBER}"))
        })
    }

    fn relative(&mut self, object: &Map<String, Value>, kind: FieldType) -> Parsed<Operand> {
        let single = object.iter().next().filter(|_| object.len() == 1);
        let (operand, who) = match single {
            Some((key, Value::Bool(true))) if key == "me" => (Operand::Me, true),
            Some((key, Value::Bool(true))) if key == "my_teams" => (Operand::MyTeams, true),
            Some((key, Value::Bool(true))) if key == "my_sites" => (Operand::MySites, true),
            Some((key, Value::Bool(true))) if key == "my_customer" => (Operand::MyCustomer, true),
            Some((key, Value::String(text))) if key == "ago" => (Operand::Ago(self.span(key, text)?), false),
            Some((key, Value::String(text))) if key == "ahead" => (Operand::Ahead(self.span(key, text)?), false),
            _ => {
                let message = "this object is no operand".to_owned();
                return Err(self.error("unknown_operand", message, RELATIVE));
            }
        };
        let fits = match kind {
            FieldType::Text | FieldType::Ref | FieldType::TextList => who,
            FieldType::Instant => !who,
            FieldType::Number | FieldType::Bool => false,
        };
        if !fits {
            let message = format!("a {} field cannot be compared with {}", type_name(kind), operand.to_json());
            return Err(self.error("unlike_types", message, operand_for(kind)));
        }
        self.mine += usize::from(matches!(operand, Operand::MyTeams | Operand::MySites));
        if self.mine > MAX_MINE {
            let message = format!("`my_teams` and `my_sites` are used more than {MAX_MINE} times");
            return Err(self.error("too_many_nodes", message, "use them once, around the other tests"));
        }
        Ok(operand)
    }

    fn span(&mut self, key: &str, text: &str) -> Parsed<Span> {
        match Span::parse(text) {
            Some(span) => Ok(span),
            None => {
                let message = format!("`{}` is no duration", shorten(text));
                let mend = "write weeks or days and hours, minutes, seconds: P2W, P7D, PT4H, P1DT12H; at most 100 years";
                self.fail_at(key, "bad_duration", message, mend)
            }
        }
    }

    fn at<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.path.push(key.replace('~', "~0").replace('/', "~1"));
        let result = read(self);
        self.path.pop();
        result
    }

    fn fail_at<T>(&mut self, key: &str, code: &'static str, message: String, mend: &str) -> Parsed<T> {
        self.at(key, |parser| Err(parser.error(code, message, mend)))
    }

    fn error(&self, code: &'static str, message: String, mend: &str) -> ConditionError {
        let pointer = self.path.iter().map(|step| format!("/{step}")).collect();
        ConditionError { pointer, code, message, mend: mend.to_owned() }
    }
}

const SHAPE: &str = r#"write {"all": [..]}, {"any": [..]}, {"not": {..}} or {"field": .., "op": .., "value": ..}"#;
const RELATIVE: &str =
    r#"write {"me": true}, {"my_teams": true}, {"my_sites": true}, {"my_customer": true}, {"ago": "P7D"} or {"ahead": "PT4H"}"#;

fn type_name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Number => "number",
        FieldType::Bool => "yes/no",
        FieldType::Instant => "time",
        FieldType::Ref => "reference",
        FieldType::TextList => "list",
    }
}

fn operand_for(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text | FieldType::Ref | FieldType::TextList => {
            r#"give a text, {"me": true}, {"my_teams": true}, {"my_sites": true} or {"my_customer": true}"#
        }
        FieldType::Number => "give a number",
        FieldType::Bool => "give true or false",
        FieldType::Instant => r#"give {"ago": "P7D"}, {"ahead": "PT4H"} or whole UTC milliseconds"#,
    }
}

fn ops_for(kind: FieldType) -> String {
    let names: Vec<_> = Op::ALL.into_iter().filter(|op| op.fits(kind)).map(Op::name).collect();
    names.join(", ")
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Keeps an error message readable whatever was sent.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
