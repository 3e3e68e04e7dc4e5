//! Each address has a share of the connections, so that nobody alone holds all of them.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// How many connections each address has.
pub struct Shares {
    most: usize,
    apart: HashSet<IpAddr>,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// A part of an address's share, given back when it is dropped. None where nobody counts.
pub struct Share(Option<(Arc<Shares>, IpAddr)>);

impl Shares {
    /// At most so many for each address, as many as they like for those `apart`: proxies, behind which everybody has one address.
    pub fn new(most: usize, apart: &[IpAddr]) -> Arc<Self> {
        let apart = apart.iter().map(IpAddr::to_canonical).collect();
        Arc::new(Self { most, apart, taken: Mutex::default() })
    }

    /// Takes one for a peer; none when its address has all that it may have.
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Share> {
        if self.apart.contains(&peer.to_canonical()) {
            return Some(Share(None));
        }
        let address = household(peer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share(Some((Arc::clone(self), address))))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some((shares, address)) = self.0.take() else { return };
        let mut taken = shares.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&address);
            }
        }
    }
}

/// What counts as one address: of IPv6 the first half, since whoever has one address there has the whole second half.
fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_takes_its_share_and_leaves_the_others_theirs() {
        let shares = Shares::new(2, &[ip("10.0.0.1")]);
        let first = shares.take(ip("192.0.2.1")).expect("the first");
        let _second = shares.take(ip("::ffff:192.0.2.1")).expect("the second, written in another way");
        assert!(shares.take(ip("192.0.2.1")).is_none(), "a third");
        let _other = shares.take(ip("192.0.2.2")).expect("another address has its own");
        drop(first);
        let _again = shares.take(ip("192.0.2.1")).expect("what was given back");

        let held: Vec<Share> = ["2001:db8::1", "2001:db8::2"].iter().filter_map(|text| shares.take(ip(text))).collect();
        assert!(held.len() == 2 && shares.take(ip("2001:db8::3")).is_none(), "one household has one share");
        assert!(shares.take(ip("2001:db8:0:1::3")).is_some());

        let proxied: Vec<Share> = (0..5).filter_map(|_| shares.take(ip("::ffff:10.0.0.1"))).collect();
        assert_eq!(proxied.len(), 5, "behind a proxy is everybody");
        drop((held, proxied));
        assert_eq!(shares.taken.lock().expect("a lock").len(), 2, "nothing is kept of those who went");
    }
}
