SELECT id, l // 7, l % 7, wrap32(i::BIGINT + 1), i & 255, i | 1,
       b::INT * 8, floor(i::DOUBLE / 4)::INT, xor(b::INT, 170), -1 - i, i::BIGINT * 2, wrap64(l::HUGEINT * 3), wrap32(i::BIGINT - b)
FROM numbers WHERE i IS NOT NULL AND l IS NOT NULL
