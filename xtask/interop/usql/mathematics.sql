SELECT id, abs(i), floor(d), ceil(d), round_even(d, 0), greatest(d, 1.5::DOUBLE), least(i, 7), sign(d)::INT, trunc(d), sqrt(abs(d)), floor(m), abs(m)
FROM numbers WHERE d IS NOT NULL AND m IS NOT NULL AND i IS NOT NULL AND i <> -2147483648
