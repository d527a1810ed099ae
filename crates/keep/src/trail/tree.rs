//! The Merkle tree of RFC 6962 section 2.1 (also RFC 9162): pure, kept as the roots of its full subtrees.

use aws_lc_rs::digest::{Context, SHA256, digest};
use std::ops::Range;

pub(crate) type Hash = [u8; 32];

/// Enough to append a leaf and to know the root: one hash for each bit set in the size, from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// `None` when the peaks cannot belong to a tree of this size.
    pub fn read(size: u64, bytes: &[u8]) -> Option<Frontier> {
        let peaks: Vec<Hash> = bytes.chunks(32).map(|peak| peak.try_into().ok()).collect::<Option<_>>()?;
        (peaks.len() == size.count_ones() as usize).then_some(Frontier { size, peaks })
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("there is a peak for each bit set in the size");
            hash = node_hash(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return hash_of(&digest(&SHA256, b"")) };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// The subtrees whose roots prove that leaf `index` is in a tree of `size` (RFC 6962 section 2.1.1), from the
/// leaf upwards.
pub(crate) fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    let mut path = Vec::new();
    let mut tree = (index < size).then_some(0..size)?;
    while tree.end - tree.start > 1 {
        let split = tree.start + split(tree.end - tree.start);
        if index < split {
            path.push(split..tree.end);
            tree.end = split;
        } else {
            path.push(tree.start..split);
            tree.start = split;
        }
    }
    path.reverse();
    Some(path)
}

/// The subtrees whose roots prove that a tree of `older` leaves is the beginning of one of `size` (RFC 6962
/// section 2.1.2).
pub(crate) fn consistency(older: u64, size: u64) -> Option<Vec<Range<u64>>> {
    let mut path = Vec::new();
    let mut tree = (0 < older && older <= size).then_some(0..size)?;
    // Whether the subtree at hand begins where the trees begin: then the verifier has its old root already.
    let mut known = true;
    while older < tree.end {
        let split = tree.start + split(tree.end - tree.start);
        if older <= split {
            path.push(split..tree.end);
            tree.end = split;
        } else {
            path.push(tree.start..split);
            tree.start = split;
            known = false;
        }
    }
    if !known {
        path.push(tree);
    }
    path.reverse();
    Some(path)
}

/// The largest power of two below `size`.
fn split(size: u64) -> u64 {
    size.next_power_of_two() / 2
}

pub(crate) fn leaf_hash(bytes: &[u8]) -> Hash {
    hashed(&[&[0], bytes])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    hashed(&[&[1], left, right])
}

fn hashed(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    parts.iter().for_each(|part| context.update(part));
    hash_of(&context.finish())
}

fn hash_of(digest: &aws_lc_rs::digest::Digest) -> Hash {
    digest.as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example leaves that Certificate Transparency logs are tested with.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_the_known_ones_for_every_size_up_to_eight() {
        let mut tree = Frontier::default();
        assert_eq!(hex(&tree.root()), ROOTS[0]);
        for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
            tree.push(leaf_hash(leaf));
            assert_eq!(hex(&tree.root()), *root);
            assert_eq!(Frontier::read(tree.size(), &tree.bytes()), Some(tree.clone()));
        }
    }

    #[test]
    fn the_frontier_gives_the_root_of_the_recursive_definition() {
        let leaves: Vec<Hash> = (0..70_u8).map(|n| leaf_hash(&[n])).collect();
        let mut tree = Frontier::default();
        for count in 1..=leaves.len() {
            tree.push(leaves[count - 1]);
            assert_eq!(tree.root(), recursive(&leaves[..count]));
        }
    }

    #[test]
    fn a_frontier_that_does_not_fit_its_size_is_refused() {
        assert_eq!(Frontier::read(3, &[0; 32]), None);
        assert_eq!(Frontier::read(1, &[0; 31]), None);
    }

    /// RFC 6962 section 2.1.3 draws this tree of seven leaves and names the proofs.
    #[test]
    fn proofs_are_those_of_the_example_in_the_rfc() {
        let (a, b, c, d, e, f, j) = (0..1, 1..2, 2..3, 3..4, 4..5, 5..6, 6..7);
        let (g, h, i, k, l) = (0..2, 2..4, 4..6, 0..4, 4..7);
        assert_eq!(inclusion(0, 7), Some(vec![b, h.clone(), l.clone()]));
        assert_eq!(inclusion(3, 7), Some(vec![c.clone(), g.clone(), l.clone()]));
        assert_eq!(inclusion(4, 7), Some(vec![f, j.clone(), k.clone()]));
        assert_eq!(inclusion(6, 7), Some(vec![i.clone(), k.clone()]));
        assert_eq!(consistency(3, 7), Some(vec![c, d, g, l.clone()]));
        assert_eq!(consistency(4, 7), Some(vec![l]));
        assert_eq!(consistency(6, 7), Some(vec![i, j, k]));
        assert_eq!(consistency(7, 7), Some(vec![]));
        assert_eq!([inclusion(7, 7), consistency(8, 7), consistency(0, 7)], [None, None, None]);
        assert_eq!((inclusion(0, 1), a, e), (Some(vec![]), 0..1, 4..5));
    }

    #[test]
    fn an_inclusion_proof_gives_the_root_for_every_leaf_of_every_size() {
        let leaves: Vec<Hash> = (0..40_u8).map(|n| leaf_hash(&[n])).collect();
        for size in 1..=leaves.len() {
            for index in 0..size {
                let path = inclusion(index as u64, size as u64).unwrap();
                let mut hash = leaves[index];
                for range in path {
                    let other = recursive(&leaves[range.start as usize..range.end as usize]);
                    let is_left = (range.start as usize) < index;
                    hash = if is_left { node_hash(&other, &hash) } else { node_hash(&hash, &other) };
                }
                assert_eq!(hash, recursive(&leaves[..size]));
            }
        }
    }

    fn recursive(leaves: &[Hash]) -> Hash {
        if leaves.len() == 1 {
            return leaves[0];
        }
        let split = leaves.len().next_power_of_two() / 2;
        node_hash(&recursive(&leaves[..split]), &recursive(&leaves[split..]))
    }

    fn hex(hash: &Hash) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
