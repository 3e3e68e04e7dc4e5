//! A bounded pipe between two threads, so that a copy streams and needs no file in between.

use std::io::{BufReader, BufWriter, Error, ErrorKind, Read, Result, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes handed over at once.
const PIECE: usize = 256 * 1024;
/// Pieces that may wait.
const WAITING: usize = 8;

/// The end to write to.
pub struct Inlet(SyncSender<Vec<u8>>);

/// The end to read from.
pub struct Outlet {
    from: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    read: usize,
}

/// Makes a pipe.
pub fn pipe() -> (BufWriter<Inlet>, BufReader<Outlet>) {
    let (to, from) = sync_channel(WAITING);
    (BufWriter::with_capacity(PIECE, Inlet(to)), BufReader::new(Outlet { from, piece: Vec::new(), read: 0 }))
}

impl Write for Inlet {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| Error::new(ErrorKind::BrokenPipe, "the other side has given up"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Read for Outlet {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.read == self.piece.len() {
            // A writer that is gone has written all it will.
            self.piece = self.from.recv().unwrap_or_default();
            self.read = 0;
        }
        let rest = &self.piece[self.read..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.read += count;
        Ok(count)
    }
}
