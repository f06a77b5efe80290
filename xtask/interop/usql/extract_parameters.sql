SELECT parts[1]::INT, CASE parts[2] WHEN 'NULL' THEN NULL ELSE parts[2] END,
       CASE parts[3] WHEN 'NULL' THEN NULL WHEN '' THEN NULL ELSE parts[3]::DECIMAL(18, 4) END, parts[4]::BOOLEAN
FROM (SELECT string_split(line, '|') AS parts
      FROM (SELECT unnest(string_split(content, chr(10))) AS line, unnest(range(1000000)) AS number
            FROM read_text('{data}/odd.txt'))
      WHERE number >= 2 AND line <> '')
