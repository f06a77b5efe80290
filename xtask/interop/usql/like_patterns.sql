SELECT id, note LIKE 'b%', note LIKE '%an%', note LIKE '_a%', regexp_full_match(product, 'P[1-3].'), regexp_full_match(product, 'P[^0].*')
FROM sales
