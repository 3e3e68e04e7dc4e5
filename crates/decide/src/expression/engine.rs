//! Running compiled expressions.

use crate::ExpressionError;
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zen_expression::expression::{Standard, Unary};
use zen_expression::variable::VariableMap;
use zen_expression::vm::VM;
use zen_expression::{IsolateError, Scope, Variable};

/// The values and the machine of one evaluation. Its values are reference-counted without locks, so it stays on the
/// thread that made it; only the compiled code is shared.
pub(crate) struct Engine {
    scope: Scope,
    vm: VM,
}

impl Engine {
    /// Copies just the named values, which for a table is a fraction of a record.
    pub(crate) fn over<'a>(roots: impl Iterator<Item = &'a str>, values: &Map<String, Value>) -> Engine {
        let known = roots.filter_map(|root| values.get(root).map(|value| (Variable::key(root), Variable::from(value))));
        let base: VariableMap = known.collect();
        Engine { scope: Scope::new(Variable::from_object(base)), vm: VM::new() }
    }

    pub(crate) fn value(&mut self, code: &zen_expression::Expression<Standard>) -> Result<Variable, ExpressionError> {
        guarded(|| code.evaluate_with_scope(&self.scope, &mut self.vm))
    }

    pub(crate) fn test(&mut self, code: &zen_expression::Expression<Unary>, column: &Variable) -> Result<bool, ExpressionError> {
        self.scope.set_local(Variable::dollar_key(), column.clone());
        guarded(|| code.evaluate_with_scope(&self.scope, &mut self.vm))
    }
}

/// Runs a constant expression over one text, to find out at compile time what a literal would do at run time.
pub(super) fn trial(source: &str, text: &str) -> Result<Variable, ExpressionError> {
    guarded(|| zen_expression::evaluate_expression(source, Variable::from(serde_json::json!({ "v": text }))))
}

/// Turns zen's errors into ours, its panics included: known ones (a bad `format`, `median([])`) are refused earlier or
/// harmless, and one we do not know must cost one rule, not the thread that writes for everybody.
pub(super) fn guarded<T>(run: impl FnOnce() -> Result<T, IsolateError>) -> Result<T, ExpressionError> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(translate(&error)),
        Err(_) => {
            let message = "the expression engine failed on these values";
            Err(ExpressionError::new("engine_failed", message, "write the expression differently and report this"))
        }
    }
}

fn translate(error: &IsolateError) -> ExpressionError {
    match error {
        IsolateError::VMError { source } => {
            let message = format!("cannot be evaluated: {source}");
            let mend = "a value is missing or of another type; test for it first, such as `x != null and x > 3`";
            ExpressionError::new("does_not_fit", message, mend)
        }
        IsolateError::CompilerError { source } => ExpressionError::new("malformed", source.to_string(), "look up the function's arguments"),
        IsolateError::ValueCastError => {
            let message = "the result is neither true nor false";
            ExpressionError::new("not_a_condition", message, "compare with something, such as `x == 'a'` or `> 3`")
        }
        other => ExpressionError::new("malformed", other.to_string(), "check the spelling"),
    }
}
