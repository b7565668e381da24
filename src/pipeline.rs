//! Many items through many workers, results in the order of the items.
//!
//! No more items than a fixed window are under way at a time, counted from the reading of one to
//! the moment when the caller asks for the result after its own: memory does not grow with the
//! input, and the input is read no further ahead.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};

/// Items under way for each worker: enough that none waits for a slow neighbour's turn.
const WINDOW_PER_WORKER: usize = 8;

/// The results of a run, in the order of the items.
pub struct Results<R> {
    results: Receiver<(usize, Option<R>)>,
    /// Handing one in allows one more item to be read. Dropped with this: reading stops.
    permits: SyncSender<()>,
    /// Results that came before their turn.
    early: BTreeMap<usize, Option<R>>,
    next: usize,
}

/// Reading or working panicked, so that results are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("程序内部错误：检查中断")]
pub struct Broken;

/// Reads `items` on a thread of its own and does `work` on each on `workers` threads.
///
/// The threads are not waited for when the results are dropped: a reader may be blocked on
/// standard input.
pub fn run<I, T, R>(
    items: I,
    workers: NonZeroUsize,
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> Results<R>
where
    I: Iterator<Item = T> + Send + 'static,
    T: Send + 'static,
    R: Send + 'static,
{
    let window = workers.get().saturating_mul(WINDOW_PER_WORKER);
    let (permits, permitted) = sync_channel(window);
    for _ in 0..window {
        // Fits: the channel holds as many.
        let _ = permits.try_send(());
    }
    let (to_workers, queue) = channel();
    let (to_caller, results) = channel();
    let failed = to_caller.clone();
    std::thread::spawn(move || {
        let read = AssertUnwindSafe(|| feed(items, &permitted, &to_workers));
        if let Err(count) = catch_unwind(read).unwrap_or(Err(usize::MAX)) {
            let _ = failed.send((count, None));
        }
    });
    let queue = Arc::new(Mutex::new(queue));
    let work = Arc::new(work);
    for _ in 0..workers.get() {
        let (queue, work, to_caller) = (queue.clone(), work.clone(), to_caller.clone());
        std::thread::spawn(move || labour(&queue, &*work, &to_caller));
    }
    Results {
        results,
        permits,
        early: BTreeMap::new(),
        next: 0,
    }
}

/// Numbers the items and queues each as soon as a permit is there. `Err`: the items broke off at
/// this number.
fn feed<T>(
    mut items: impl Iterator<Item = T>,
    permitted: &Receiver<()>,
    queue: &Sender<(usize, T)>,
) -> Result<(), usize> {
    let mut number = 0;
    while permitted.recv().is_ok() {
        match catch_unwind(AssertUnwindSafe(|| items.next())) {
            Ok(Some(item)) => {
                if queue.send((number, item)).is_err() {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(_) => return Err(number),
        }
        number += 1;
    }
    Ok(())
}

fn labour<T, R>(
    queue: &Mutex<Receiver<(usize, T)>>,
    work: &impl Fn(T) -> R,
    to_caller: &Sender<(usize, Option<R>)>,
) {
    loop {
        // The lock is held while waiting; whoever holds it takes the next item.
        let received = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok((number, item)) = received else { return };
        let result = catch_unwind(AssertUnwindSafe(|| work(item))).ok();
        if to_caller.send((number, result)).is_err() {
            return;
        }
    }
}

impl<R> Iterator for Results<R> {
    type Item = Result<R, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next > 0 {
            // The caller is done with the one before. Full or gone are both fine.
            let _ = self.permits.try_send(());
        }
        loop {
            if let Some(result) = self.early.remove(&self.next) {
                self.next += 1;
                return Some(result.ok_or(Broken));
            }
            match self.results.recv() {
                Ok((number, result)) => {
                    self.early.insert(number, result);
                }
                // All threads are done. What is left over waits for one that never came.
                Err(_) if self.early.is_empty() => return None,
                Err(_) => {
                    self.early.clear();
                    return Some(Err(Broken));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn workers(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn results_keep_the_order_of_the_items() {
        let uneven = |n: u64| {
            std::thread::sleep(Duration::from_micros(n * 7 % 500));
            n
        };
        let results: Result<Vec<_>, _> = run(0..300, workers(4), uneven).collect();
        assert_eq!(results, Ok((0..300).collect()));
    }

    #[test]
    fn input_is_read_no_further_ahead_than_the_window() {
        let read = Arc::new(AtomicUsize::new(0));
        let count = read.clone();
        let items = (0..1000).inspect(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let mut results = run(items, workers(2), |n: i32| n);
        for taken in 1..200 {
            assert!(results.next().is_some());
            std::thread::sleep(Duration::from_micros(200));
            let ahead = read.load(Ordering::SeqCst) - (taken - 1);
            assert!(ahead <= 2 * WINDOW_PER_WORKER, "{ahead} read ahead");
        }
    }

    #[test]
    fn a_result_is_there_before_the_next_item() {
        let (send, receive) = channel::<u8>();
        let mut results = run(receive.into_iter(), workers(2), |n| n);
        for n in 0..20 {
            send.send(n).unwrap();
            assert_eq!(results.next(), Some(Ok(n)));
        }
        drop(send);
        assert_eq!(results.next(), None);
    }

    #[test]
    fn a_panic_breaks_one_result_or_ends_the_run_aloud() {
        let work = |n: i32| if n == 3 { panic!("work {n}") } else { n };
        let results: Vec<_> = run(0..6, workers(2), work).collect();
        assert_eq!(results, [Ok(0), Ok(1), Ok(2), Err(Broken), Ok(4), Ok(5)]);
        let items = (0..6).inspect(|n| assert!(*n < 4, "reading {n}"));
        let results: Vec<_> = run(items, workers(2), |n| n).collect();
        assert_eq!(results, [Ok(0), Ok(1), Ok(2), Ok(3), Err(Broken)]);
    }
}
