//! Several commands in one transaction: each reads what the one before has written, and all of it is kept or none.
//!
//! A single command is prepared on a reader and applied apart ([`Desk::execute`]); this holds the writer for as long as the commands
//! take, so it is for few of them.

use std::sync::mpsc;

use store::{StoreError, Tx, WriteSet};

use crate::desk::{TRIES, keep, kept, pause};
use crate::{Answer, Desk, DeskError, Env, Idempotency};

impl Desk {
    /// Does what the body does whole, or nothing of it when it refuses; tries again when somebody else was faster.
    pub async fn transact<T, F>(&self, body: F) -> Result<T, DeskError>
    where
        F: Fn(&Env, &mut dyn Tx) -> Result<T, DeskError> + Clone + Send + 'static,
        T: Send + 'static,
    {
        let done = self.attempts(body, true).await?;
        self.tell_written();
        Ok(done)
    }

    /// As [`Desk::transact`], and undoes all of it: gives what would happen.
    pub async fn rehearse<T, F>(&self, body: F) -> Result<T, DeskError>
    where
        F: Fn(&Env, &mut dyn Tx) -> Result<T, DeskError> + Clone + Send + 'static,
        T: Send + 'static,
    {
        self.attempts(body, false).await
    }

    /// As [`Desk::transact`], keeping the answer under an idempotency key in the same transaction.
    pub async fn transact_once<F>(&self, once: Option<Idempotency>, body: F) -> Result<Answer, DeskError>
    where
        F: Fn(&Env, &mut dyn Tx) -> Result<Answer, DeskError> + Clone + Send + 'static,
    {
        self.transact(move |env, tx| {
            let Some(once) = &once else { return body(env, tx) };
            if let Some(answer) = kept(env, tx, once)? {
                return Ok(answer);
            }
            let answer = body(env, tx)?;
            tx.apply(&WriteSet { statements: vec![keep(env, once, &answer)?] })?;
            Ok(answer)
        })
        .await
    }

    async fn attempts<T, F>(&self, body: F, keep: bool) -> Result<T, DeskError>
    where
        F: Fn(&Env, &mut dyn Tx) -> Result<T, DeskError> + Clone + Send + 'static,
        T: Send + 'static,
    {
        let mut last = DeskError::Conflict("others keep changing this: try again".to_owned());
        for attempt in 0..TRIES {
            pause(self.world(), attempt).await;
            match self.attempt(body.clone(), keep).await {
                Err(DeskError::Store(error @ StoreError::Busy(_))) => last = error.into(),
                Err(DeskError::Store(StoreError::Stale | StoreError::Duplicate(_))) => {}
                other => return other,
            }
        }
        Err(last)
    }

    async fn attempt<T, F>(&self, body: F, keep: bool) -> Result<T, DeskError>
    where
        F: FnOnce(&Env, &mut dyn Tx) -> Result<T, DeskError> + Send + 'static,
        T: Send + 'static,
    {
        let _keys = self.keys_at_work().await;
        let env = Env { binding: keep, ..self.env() };
        // Only an error undoes a transaction; what the body came to goes past it.
        let (say, hear) = mpsc::channel();
        let written = self.write(move |tx| match body(&env, tx) {
            Ok(done) if keep => Ok(done),
            Err(DeskError::Store(error)) => Err(error),
            other => {
                let _ = say.send(other);
                Err(StoreError::Undone)
            }
        });
        match written.await {
            Err(DeskError::Store(StoreError::Undone)) => hear.try_recv().unwrap_or(Err(DeskError::Store(StoreError::Undone))),
            other => other,
        }
    }
}
