SELECT TRY_CAST(nullif(parts[1], '') AS INT), TRY_CAST(nullif(parts[2], '') AS DOUBLE), parts[3]
FROM (SELECT string_split(line, ',') AS parts
      FROM (SELECT unnest(string_split(content, chr(10))) AS line FROM read_text('{data}/broken.csv'))
      WHERE line <> '')
WHERE len(parts) = 3
