//! The file that a job has made: written while it is fetched, part by part.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use desk::job::export::{Order, fetch as order, headings, part};
use desk::record::export::{Cell, Kind, Sheet, csv};
use desk::{Actor, Desk, DeskError};
use std::sync::Arc;
use uuid::Uuid;

use crate::http::App;
use crate::http::answer::Answered;

/// Parts of a workbook that wait to be written.
const AHEAD: usize = 2;
/// The mark by which spreadsheets know UTF-8.
const BOM: &str = "\u{feff}";

/// Answers with the file.
pub(super) async fn fetch(app: &App, actor: &Arc<Actor>, id: Uuid) -> Answered {
    let who = Arc::clone(actor);
    let found = app.desk.query(move |env, sql| {
        let order = order(env, sql, &who, id)?;
        Ok((headings(env, &order)?, order))
    });
    let (headings, order) = found.await?;
    let content = match order.format {
        Kind::Csv => as_csv(app.desk.clone(), id, &headings, &order)?,
        Kind::Xlsx => Body::from(as_xlsx(&app.desk, id, headings, &order).await?),
    };
    Ok(download(content, &order))
}

fn download(content: Body, order: &Order) -> Response {
    let name = format!("attachment; filename=\"{}.{}\"", order.type_key, order.format.ending());
    let name = HeaderValue::from_str(&name).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(order.format.media_type())),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, content).into_response()
}

async fn rows(desk: &Desk, id: Uuid, no: i64) -> Result<Option<Vec<Vec<Cell>>>, DeskError> {
    desk.query(move |_, sql| part(sql, id, no)).await
}

/// A stream that holds one part at a time.
fn as_csv(desk: Desk, id: Uuid, headings: &[String], order: &Order) -> Result<Body, DeskError> {
    let zone = order.zone()?;
    let mut first = if order.bom { BOM.as_bytes().to_vec() } else { Vec::new() };
    first.extend(csv(&[headings.iter().cloned().map(Cell::Text).collect()], zone)?);
    let stream = futures_util::stream::try_unfold((Some(first), 0), move |(first, no)| {
        let desk = desk.clone();
        async move {
            if let Some(first) = first {
                return Ok(Some((Bytes::from(first), (None, no))));
            }
            let Some(rows) = rows(&desk, id, no).await? else { return Ok(None) };
            Ok::<_, DeskError>(Some((Bytes::from(csv(&rows, zone)?), (None, no + 1))))
        }
    });
    Ok(Body::from_stream(stream))
}

async fn as_xlsx(desk: &Desk, id: Uuid, headings: Vec<String>, order: &Order) -> Result<Vec<u8>, DeskError> {
    let zone = order.zone()?;
    let (send, mut parts) = tokio::sync::mpsc::channel::<Vec<Vec<Cell>>>(AHEAD);
    let writing = tokio::task::spawn_blocking(move || {
        let mut sheet = Sheet::new(&headings, zone)?;
        while let Some(rows) = parts.blocking_recv() {
            sheet.add(&rows)?;
        }
        sheet.finish()
    });
    let mut no = 0;
    while let Some(rows) = rows(desk, id, no).await? {
        if send.send(rows).await.is_err() {
            break;
        }
        no += 1;
    }
    drop(send);
    writing.await.map_err(|error| DeskError::outside("write a workbook", error))?
}
