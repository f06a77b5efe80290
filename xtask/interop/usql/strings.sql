-- .NET knows no capital ß, and counts UTF-16 code units.
SELECT id, (length(note) + contains(note, '𝄞')::INT)::INT, replace(upper(replace(note, 'ß', '~')), '~', 'ß'), lower(note), (strpos(note, 'an') - 1)::INT, contains(note, 'e'), starts_with(note, 'b'),
       ends_with(note, 'y'), replace(note, 'an', '-'), trim(note), note = '', substr(product, 2), substr(product, 1, 2),
       ltrim(note), lpad(product, 6, '*'), product || '/' || quantity, rtrim(note)
FROM sales
