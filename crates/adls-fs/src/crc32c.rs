//! CRC-32C (Castagnoli), of parts that can be read in any order.
//!
//! The parameters are those of RFC 3720 (iSCSI): reflected, all ones at the beginning and at the
//! end. Hadoop's `COMPOSITE-CRC32C` is this of a whole file, whatever its blocks.

/// The polynomial, lowest power in the highest bit.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// What eight bytes do to the remainder, by their distance from it.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = byte as u32;
        let mut distance = 0;
        while distance < 8 {
            let mut bit = 0;
            while bit < 8 {
                remainder = shift(remainder);
                bit += 1;
            }
            tables[distance][byte] = remainder;
            distance += 1;
        }
        byte += 1;
    }
    tables
}

/// Multiplies by x.
const fn shift(polynomial: u32) -> u32 {
    match polynomial & 1 {
        0 => polynomial >> 1,
        _ => (polynomial >> 1) ^ POLYNOMIAL,
    }
}

/// The checksum of the bytes so far, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crc32c {
    sum: u32,
    length: u64,
}

impl Crc32c {
    /// The checksum.
    pub(crate) fn sum(self) -> u32 {
        self.sum
    }

    /// How many bytes it is of.
    pub(crate) fn length(self) -> u64 {
        self.length
    }

    /// Adds bytes at the end.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let mut remainder = !self.sum;
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            let word = u64::from_le_bytes(*word) ^ u64::from(remainder);
            remainder = 0;
            for (table, byte) in TABLES.iter().rev().zip(word.to_le_bytes()) {
                remainder ^= table[usize::from(byte)];
            }
        }
        for byte in rest {
            let index = (remainder ^ u32::from(*byte)) & 0xff;
            remainder = (remainder >> 8) ^ TABLES[0][index as usize];
        }
        self.sum = !remainder;
        self.length += bytes.len() as u64;
    }

    /// The checksum of these bytes followed by those of another one.
    pub(crate) fn followed_by(self, next: Self) -> Self {
        Self {
            sum: multiply(power(next.length), self.sum) ^ next.sum,
            length: self.length + next.length,
        }
    }
}

/// A product modulo the polynomial.
fn multiply(a: u32, mut b: u32) -> u32 {
    let mut product = 0;
    for bit in (0..32).rev() {
        if a & (1 << bit) != 0 {
            product ^= b;
        }
        b = shift(b);
    }
    product
}

/// x to the power of so many bytes, modulo the polynomial.
fn power(mut bytes: u64) -> u32 {
    let mut power = 1 << 31;
    // x^8, then its squares.
    let mut square = 1 << 23;
    while bytes > 0 {
        if bytes & 1 == 1 {
            power = multiply(square, power);
        }
        square = multiply(square, square);
        bytes >>= 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Crc32c {
        let mut crc = Crc32c::default();
        crc.update(bytes);
        crc
    }

    /// RFC 3720, B.4, and the check value of the catalogue of CRCs.
    #[test]
    fn known_bytes_have_known_checksums() {
        let ascending: Vec<u8> = (0..32).collect();
        let descending: Vec<u8> = (0..32).rev().collect();
        assert_eq!(of(b"").sum(), 0);
        assert_eq!(of(b"123456789").sum(), 0xe306_9283);
        assert_eq!(of(&[0; 32]).sum(), 0x8a91_36aa);
        assert_eq!(of(&[0xff; 32]).sum(), 0x62a8_ab43);
        assert_eq!(of(&ascending).sum(), 0x46dd_794e);
        assert_eq!(of(&descending).sum(), 0x113f_db5c);
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let whole = of(&bytes);
        for at in 0..=bytes.len() {
            let (first, second) = bytes.split_at(at);
            let mut piecewise = of(first);
            piecewise.update(second);
            assert_eq!(piecewise, whole, "{at}");
            assert_eq!(of(first).followed_by(of(second)), whole, "{at}");
        }
    }
}
