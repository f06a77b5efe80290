SELECT id, m + 0.001, m - 1, m * 1.25, m % 7, -m, m IS NOT DISTINCT FROM 1.5, coalesce(m > 10, false), i::DECIMAL(18, 0), trunc(m)::INT
FROM numbers
