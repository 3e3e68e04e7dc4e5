//! Chance that can be repeated.

/// A small generator (SplitMix64).
pub struct Dice {
    state: u64,
    seed: u64,
}

impl Dice {
    /// From `$SEED`, else from the clock.
    pub fn new() -> Self {
        let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
        let seed = std::env::var("SEED").ok().map(|text| text.parse().expect("SEED is a number"));
        Self::from(seed.unwrap_or_else(|| u64::try_from(now() & u128::from(u64::MAX)).unwrap()))
    }

    /// From a number.
    pub fn from(seed: u64) -> Self {
        Self { state: seed, seed }
    }

    /// What it began with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(all.len()).unwrap();
        if count == 0 { None } else { all.get(usize::try_from(self.next() % count).unwrap()) }
    }
}
