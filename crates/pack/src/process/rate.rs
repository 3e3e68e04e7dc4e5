//! The requester judges the work.

use super::Refusal;
use super::performed::FieldError;
use super::work::Work;
use crate::manifest::Phase;

pub(super) fn rate(work: &mut Work<'_>, score: u8, comment: Option<&str>) -> Result<(), Refusal> {
    let pack = work.pack;
    let Some(fields) = &pack.manifest.rating else {
        return Err(Refusal::not_available("this type is not rated"));
    };
    if !matches!(work.phase(), Some(Phase::Resolved | Phase::Closed)) {
        return Err(Refusal::not_available("there is no result to rate yet"));
    }
    if !(1..=5).contains(&score) {
        let message = "a rating is a number from 1 to 5".to_owned();
        let code = if score < 1 { "minimum" } else { "maximum" };
        return Err(Refusal::invalid(FieldError { pointer: "/score".to_owned(), code: code.to_owned(), message }));
    }
    work.set(&fields.score, score.into());
    work.set_text(&fields.comment, comment.map(str::trim).filter(|comment| !comment.is_empty()));
    Ok(())
}
