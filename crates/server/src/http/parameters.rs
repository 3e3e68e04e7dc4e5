//! The query parameters that each route knows: what the API's document says, and nothing else.

use std::collections::{HashMap, HashSet};

use axum::extract::{FromRequestParts, MatchedPath, Query};
use axum::http::Method;
use axum::http::request::Parts;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{OpenApi, RefOr};

use super::App;
use super::problem::Problem;

/// Known query parameters by `METHOD path`.
#[derive(Debug, Default)]
pub struct Parameters(HashMap<String, HashSet<String>>);

impl Parameters {
    /// Reads them from the API's document.
    pub fn of(document: &OpenApi) -> Self {
        let mut known = HashMap::new();
        for (path, item) in &document.paths.paths {
            let operations: [(&str, &Option<Operation>); 5] =
                [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("PATCH", &item.patch), ("DELETE", &item.delete)];
            for (method, operation) in operations {
                let Some(operation) = operation else { continue };
                let query = |parameter: &RefOr<Parameter>| match parameter {
                    RefOr::T(parameter) if matches!(parameter.parameter_in, ParameterIn::Query) => Some(parameter.name.clone()),
                    _ => None,
                };
                let names = operation.parameters.iter().flatten().filter_map(query);
                known.insert(format!("{method} {path}"), names.collect());
            }
        }
        Self(known)
    }

    /// Refuses a request with a parameter that its route does not know: a misspelt filter must not widen an answer.
    pub fn check(&self, parts: &Parts) -> Result<(), Problem> {
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        // HEAD is GET without the body.
        let method = if parts.method == Method::HEAD { "GET" } else { parts.method.as_str() };
        let known = self.0.get(&format!("{method} {route}"));
        for (name, value) in pairs(parts)? {
            // `fields.{field}` stands for all own fields of a type.
            let meant = if name.starts_with("fields.") { "fields.{field}" } else { name.as_str() };
            if !known.is_some_and(|known| known.contains(meant)) {
                let mut names: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
                names.sort_unstable();
                let known = if names.is_empty() { "it takes none".to_owned() } else { format!("known are {}", names.join(", ")) };
                return Err(Problem::malformed(format!("the query parameter '{name}' is not known here; {known}")));
            }
            if value.contains('\0') {
                return Err(Problem::malformed(format!("the query parameter '{name}' holds a zero byte")));
            }
        }
        Ok(())
    }
}

/// Names and values of a query, in order.
pub fn pairs(parts: &Parts) -> Result<Vec<(String, String)>, Problem> {
    Query::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).map_err(|error| Problem::malformed(error.body_text()))
}

/// For routes that anybody may ask; where somebody signs in, `Signed` checks.
pub struct Known;

impl FromRequestParts<App> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        app.parameters.check(parts).map(|()| Self)
    }
}
