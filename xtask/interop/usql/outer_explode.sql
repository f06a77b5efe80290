SELECT code, unnest(CASE WHEN len(list) = 0 THEN [NULL] ELSE list END)
FROM (SELECT code, list_filter(string_split(tags, ';'), lambda tag: starts_with(tag, 'a')) AS list FROM products)
