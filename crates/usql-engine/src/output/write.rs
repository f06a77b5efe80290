//! Streams of batches into one writer.

use std::{
    io::{self, Write},
    sync::Arc,
};

use datafusion::execution::{SendableRecordBatchStream, memory_pool::MemoryReservation};
use flate2::write::GzEncoder;
use futures::StreamExt;
use tokio::{runtime::Handle, sync::mpsc};
use tokio_util::task::AbortOnDropHandle;
use usql_sema::{LakePath, text_format::Compression};

use super::TextEncoder;
use crate::{error::RuntimeError, limits::check_rows};

/// How much may wait for its turn before the order of partitions is given up.
const REORDER: usize = 32 << 20;

/// How many batches of one partition are encoded at a time.
const ENCODERS: usize = 2;

/// Rows and bytes that were written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

enum Message {
    Rows {
        partition: usize,
        rows: usize,
        bytes: Vec<u8>,
    },
    Done {
        partition: usize,
    },
    Failed(RuntimeError),
}

/// Writes every partition, packed if the encoder says so. The rows of a partition stay in their order.
///
/// Partitions follow each other while that costs little memory, which `memory` must grant, so that small results come
/// out in the same order every time; large ones are written as they come, which no reader of an unordered rowset can mind.
pub(crate) async fn write(
    partitions: Vec<SendableRecordBatchStream>,
    encoder: Arc<TextEncoder>,
    memory: MemoryReservation,
    file: &mut (dyn Write + Send),
    path: &LakePath,
) -> Result<Written, RuntimeError> {
    let failed = |error| RuntimeError::files("write", path, error);
    let mut file = Counted { file, bytes: 0 };
    let rows = match encoder.compression() {
        Compression::None => write_rows(partitions, encoder, memory, &mut file, path).await?,
        Compression::Gzip => {
            let mut packed = GzEncoder::new(&mut file, flate2::Compression::default());
            let rows = write_rows(partitions, encoder, memory, &mut packed, path).await?;
            packed.finish().map_err(failed)?;
            rows
        }
    };
    file.flush().map_err(failed)?;
    Ok(Written {
        rows,
        bytes: file.bytes,
    })
}

/// A file, and how much was written to it.
struct Counted<'a> {
    file: &'a mut (dyn Write + Send),
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Gives the number of rows.
async fn write_rows(
    partitions: Vec<SendableRecordBatchStream>,
    encoder: Arc<TextEncoder>,
    memory: MemoryReservation,
    file: &mut (dyn Write + Send),
    path: &LakePath,
) -> Result<u64, RuntimeError> {
    let (sender, mut receiver) = mpsc::channel(partitions.len() * 2);
    let runtime = Handle::current();
    let mut queue = Queue::new(partitions.len(), memory);
    let _encoders: Vec<AbortOnDropHandle<()>> = partitions
        .into_iter()
        .enumerate()
        .map(|(partition, batches)| {
            let encoder = Arc::clone(&encoder);
            let task = encode(partition, batches, encoder, runtime.clone(), sender.clone());
            AbortOnDropHandle::new(runtime.spawn(task))
        })
        .collect();
    drop(sender);
    let mut emit = |bytes: &[u8]| {
        file.write_all(bytes)
            .map_err(|error| RuntimeError::files("write", path, error))
    };
    if let Some(header) = encoder.header() {
        emit(&header)?;
    }
    let mut rows = 0;
    let mut done = 0;
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Rows {
                partition,
                rows: count,
                bytes,
            } => {
                rows += count as u64;
                queue.push(partition, bytes, &mut emit)?;
            }
            Message::Done { partition } => {
                done += 1;
                queue.finish(partition, &mut emit)?;
            }
            Message::Failed(error) => return Err(error),
        }
    }
    if done != queue.finished.len() {
        return Err(RuntimeError::bug(
            "an encoder stopped before its rows ended",
        ));
    }
    Ok(rows)
}

async fn encode(
    partition: usize,
    batches: SendableRecordBatchStream,
    encoder: Arc<TextEncoder>,
    runtime: Handle,
    sender: mpsc::Sender<Message>,
) {
    let encoded = batches.map(|batch| {
        let encoder = Arc::clone(&encoder);
        let task = runtime.spawn(async move {
            let batch = batch.map_err(RuntimeError::from)?;
            check_rows(&batch)?;
            Ok((batch.num_rows(), encoder.encode(&batch)))
        });
        AbortOnDropHandle::new(task)
    });
    let mut encoded = encoded.buffered(ENCODERS);
    while let Some(result) = encoded.next().await {
        let message = match result {
            Ok(Ok((rows, bytes))) => Message::Rows {
                partition,
                rows,
                bytes,
            },
            Ok(Err(error)) => Message::Failed(error),
            Err(error) => Message::Failed(RuntimeError::bug(error)),
        };
        let failed = matches!(message, Message::Failed(_));
        // Nobody listens any more when the writer has failed.
        if sender.send(message).await.is_err() || failed {
            return;
        }
    }
    let _ = sender.send(Message::Done { partition }).await;
}

/// Puts partitions one behind the other.
struct Queue {
    /// The partition that is written as it comes.
    current: usize,
    waiting: Vec<Vec<Vec<u8>>>,
    /// The bytes that wait.
    memory: MemoryReservation,
    finished: Vec<bool>,
    in_order: bool,
}

impl Queue {
    fn new(partitions: usize, memory: MemoryReservation) -> Self {
        Self {
            current: 0,
            waiting: vec![Vec::new(); partitions],
            memory,
            finished: vec![false; partitions],
            in_order: true,
        }
    }

    fn push<E>(
        &mut self,
        partition: usize,
        bytes: Vec<u8>,
        emit: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.in_order || partition == self.current {
            return emit(&bytes);
        }
        let fits = self.memory.size() + bytes.len() <= REORDER;
        if fits && self.memory.try_grow(bytes.len()).is_ok() {
            self.waiting[partition].push(bytes);
            return Ok(());
        }
        self.in_order = false;
        for partition in 0..self.waiting.len() {
            self.flush(partition, emit)?;
        }
        emit(&bytes)
    }

    fn finish<E>(
        &mut self,
        partition: usize,
        emit: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.finished[partition] = true;
        while self.finished.get(self.current) == Some(&true) {
            self.current += 1;
            if self.current < self.waiting.len() {
                self.flush(self.current, emit)?;
            }
        }
        Ok(())
    }

    fn flush<E>(
        &mut self,
        partition: usize,
        emit: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        for bytes in std::mem::take(&mut self.waiting[partition]) {
            self.memory.shrink(bytes.len());
            emit(&bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use datafusion::execution::memory_pool::{GreedyMemoryPool, MemoryConsumer, MemoryPool};

    use super::*;

    fn memory(limit: usize) -> MemoryReservation {
        let pool: Arc<dyn MemoryPool> = Arc::new(GreedyMemoryPool::new(limit));
        MemoryConsumer::new("test").register(&pool)
    }

    #[test]
    fn partitions_follow_each_other_however_they_arrive() {
        let mut out = Vec::new();
        let mut emit = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok::<_, ()>(())
        };
        let mut queue = Queue::new(3, memory(usize::MAX));
        queue.push(2, b"f".to_vec(), &mut emit).unwrap();
        queue.push(1, b"d".to_vec(), &mut emit).unwrap();
        queue.push(0, b"a".to_vec(), &mut emit).unwrap();
        queue.finish(1, &mut emit).unwrap();
        queue.push(0, b"b".to_vec(), &mut emit).unwrap();
        queue.finish(0, &mut emit).unwrap();
        queue.push(2, b"g".to_vec(), &mut emit).unwrap();
        queue.finish(2, &mut emit).unwrap();
        assert_eq!(out, b"abdfg");
    }

    #[test]
    fn what_waits_for_its_turn_is_bounded() {
        for (limit, expected) in [(usize::MAX, REORDER), (REORDER / 3, REORDER / 4), (0, 0)] {
            let mut written = 0;
            let mut emit = |bytes: &[u8]| {
                written += bytes.len();
                Ok::<_, ()>(())
            };
            let mut queue = Queue::new(2, memory(limit));
            let mut most = 0;
            for _ in 0..5 {
                queue.push(1, vec![0; REORDER / 4], &mut emit).unwrap();
                most = most.max(queue.memory.size());
            }
            assert_eq!((most, queue.memory.size()), (expected, 0));
            assert_eq!(written, REORDER / 4 * 5);
        }
    }
}
