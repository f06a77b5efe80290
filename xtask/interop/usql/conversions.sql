SELECT id, trunc(d)::INT, trunc(d)::BIGINT, round_even(d, 0)::INT, b::DOUBLE / 2, b::INT + 1, wrap64(l::HUGEINT + b), wrap32(coalesce(l, 0)), id::VARCHAR, id, d::FLOAT
FROM numbers WHERE d > -1000000.0 AND d < 1000000.0
